// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.webhook;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.cxrlocalizer.version.ProgramVersion;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/**
 * Posts to the configured address. Redirects are not followed: the address is the operator's choice and no other's. What is
 * thrown names neither the address, which may hold a secret, nor the key.
 */
@Component
@NotOnCommandLine
@ConditionalOnProperty("webhook.url")
class WebhookClient {

    private final WebhookProperties properties;
    private final ProgramVersion version;
    private final Clock clock;
    private final HttpClient http;

    WebhookClient(WebhookProperties properties, ProgramVersion version, SslBundles bundles, Clock clock) {
        this.properties = properties;
        this.version = version;
        this.clock = clock;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(properties.connectTimeout());
        if (properties.sslBundle() != null) {
            builder.sslContext(bundles.getBundle(properties.sslBundle()).createSslContext());
        }
        http = builder.build();
    }

    /**
     * Posts the end of a job.
     *
     * @throws IOException if it was not taken: there was no answer in time, or another one than a success
     */
    void post(UUID delivery, JobKind kind, byte[] body) throws IOException {
        URI url = Objects.requireNonNull(properties.url());
        String timestamp = String.valueOf(clock.instant().getEpochSecond());
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(properties.timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "cxr-localizer/" + version)
                .header(WebhookHeaders.ID, delivery.toString())
                .header(WebhookHeaders.TIMESTAMP, timestamp)
                .header(WebhookHeaders.SIGNATURE, signature(delivery, timestamp, body))
                .header(WebhookHeaders.EVENT, kind.event())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        int status = status(request);
        if (status / 100 != 2) {
            throw new IOException("The webhook's address answered %d.".formatted(status));
        }
    }

    private String signature(UUID delivery, String timestamp, byte[] body) {
        HmacUtils hmac = new HmacUtils(HmacAlgorithms.HMAC_SHA_256, properties.key());
        byte[] head = "%s.%s.".formatted(delivery, timestamp).getBytes(StandardCharsets.UTF_8);
        byte[] signed = new byte[head.length + body.length];
        System.arraycopy(head, 0, signed, 0, head.length);
        System.arraycopy(body, 0, signed, head.length, body.length);
        return "v1," + Base64.getEncoder().encodeToString(hmac.hmac(signed));
    }

    /** The client's own time-out ends with the head of an answer: a body that never ends would hold a thread for ever. */
    private int status(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return answer.get(properties.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .statusCode();
        } catch (TimeoutException e) {
            throw new IOException("The webhook's address did not answer in time.", e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IOException(
                    "The webhook's address cannot be reached (%s)."
                            .formatted(cause.getClass().getSimpleName()),
                    cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while posting");
        } finally {
            answer.cancel(true);
        }
    }
}
