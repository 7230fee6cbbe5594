// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys of a file, a JSON array of {@link ApiKey}. A file that has changed is read again, so that keys come and go without a
 * restart. One that cannot be read any more leaves the keys as they were; the log has an error, and health is down.
 */
final class ApiKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private record Read(byte[] content, List<ApiKey> keys) {}

    private final Path file;
    private final Clock clock;
    private volatile Read read;
    private volatile Instant lookAt;
    private volatile boolean current = true;

    /** @throws IllegalArgumentException if the file cannot be read, with the reason */
    ApiKeys(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        try {
            read = parse(Files.readAllBytes(file));
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "security.api-keys, %s, cannot be read: %s".formatted(file, reason(e)), e);
        }
        lookAt = clock.instant().plus(LOOK_EVERY);
    }

    private static Read parse(byte[] content) {
        List<ApiKey> keys = JSON.readValue(content, new TypeReference<List<ApiKey>>() {});
        if (keys.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("an entry is null");
        }
        Set<String> names = new HashSet<>();
        for (ApiKey key : keys) {
            if (!names.add(key.name())) {
                throw new IllegalArgumentException("the name '%s' is given twice".formatted(key.name()));
            }
        }
        return new Read(content, List.copyOf(keys));
    }

    /** The key whose text this is, if it is one that has not expired. */
    Optional<ApiKey> find(String presented) {
        lookAgain();
        byte[] hash = DigestUtils.sha256(presented);
        Optional<ApiKey> found = Optional.empty();
        for (ApiKey key : read.keys()) { // all of them, so that the time does not reveal which one came close
            if (key.matches(hash)) {
                found = Optional.of(key);
            }
        }
        Instant now = clock.instant();
        return found.filter(key -> key.expires() == null || now.isBefore(key.expires()));
    }

    /** Whether the keys are those of the file: false while it is missing or broken. */
    boolean isCurrent() {
        lookAgain();
        return current;
    }

    private void lookAgain() {
        Instant now = clock.instant();
        // A clock that was set back must not stop the looking.
        if (now.isBefore(lookAt) && lookAt.isBefore(now.plus(LOOK_EVERY.multipliedBy(2)))) {
            return;
        }
        lookAt = now.plus(LOOK_EVERY);
        try {
            // A file of the same size and time may have other keys, so that its content decides.
            byte[] content = Files.readAllBytes(file);
            if (!Arrays.equals(content, read.content())) {
                read = parse(content);
                LOG.info("Read {} API keys again", read.keys().size());
            }
            current = true;
        } catch (IOException | UncheckedIOException | JacksonException | IllegalArgumentException e) {
            if (current) {
                LOG.error("The file of API keys cannot be read any more; those read before stay: {}", reason(e));
            }
            current = false;
        }
    }

    private static String reason(Exception e) {
        return e instanceof JacksonException json && json.getCause() != null
                ? String.valueOf(json.getCause().getMessage())
                : e instanceof JacksonException json ? json.getOriginalMessage() : String.valueOf(e);
    }
}
