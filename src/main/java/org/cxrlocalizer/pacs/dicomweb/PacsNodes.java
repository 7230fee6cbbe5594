// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cxrlocalizer.pacs.PacsProperties;
import org.cxrlocalizer.radiograph.RadiographProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/** The PACS nodes that the configuration names. */
@Component
public class PacsNodes {

    private final Map<String, DicomWebClient> clients;

    PacsNodes(PacsProperties properties, RadiographProperties limits, SslBundles bundles, MeterRegistry meters) {
        clients = properties.nodes().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> new DicomWebClient(
                                new DicomWebConnection(
                                        entry.getKey(), entry.getValue(), http(entry.getValue(), bundles), meters),
                                limits.maxSize().toBytes())));
    }

    /** Redirects are followed on the configured host only, by {@link Redirects}. */
    private static HttpClient http(PacsProperties.Node node, SslBundles bundles) {
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(node.connectTimeout());
        if (node.sslBundle() != null) {
            client.sslContext(bundles.getBundle(node.sslBundle()).createSslContext());
        }
        return client.build();
    }

    public Optional<DicomWebClient> find(String name) {
        return Optional.ofNullable(clients.get(name));
    }
}
