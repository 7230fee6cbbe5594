package org.cxrlocalizer.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
 * restart; one that cannot be read any more leaves the keys as they were, and an error in the log.
 */
final class ApiKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private record Read(FileTime modified, long size, List<ApiKey> keys) {}

    private final Path file;
    private final Clock clock;
    private volatile Read read;
    private volatile Instant lookAt;

    /** @throws IllegalArgumentException if the file cannot be read, with the reason */
    ApiKeys(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        try {
            read = read();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "security.api-keys, %s, cannot be read: %s".formatted(file, reason(e)), e);
        }
        lookAt = clock.instant().plus(LOOK_EVERY);
    }

    private Read read() throws IOException {
        FileTime modified = Files.getLastModifiedTime(file);
        byte[] content = Files.readAllBytes(file);
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
        return new Read(modified, content.length, List.copyOf(keys));
    }

    /** The key whose text this is, if it is one that has not expired. */
    Optional<ApiKey> find(String presented) {
        lookAgain();
        byte[] hash = DigestUtils.sha256(presented);
        Optional<ApiKey> found = Optional.empty();
        for (ApiKey key : read.keys()) { // all of them, so that the time does not tell which one came close
            if (key.matches(hash)) {
                found = Optional.of(key);
            }
        }
        Instant now = clock.instant();
        return found.filter(key -> key.expires() == null || now.isBefore(key.expires()));
    }

    private void lookAgain() {
        Instant now = clock.instant();
        // A clock that was set back must not stop the looking.
        if (now.isBefore(lookAt) && lookAt.isBefore(now.plus(LOOK_EVERY.multipliedBy(2)))) {
            return;
        }
        lookAt = now.plus(LOOK_EVERY);
        try {
            if (!Files.getLastModifiedTime(file).equals(read.modified()) || Files.size(file) != read.size()) {
                read = read();
                LOG.info("Read {} API keys again", read.keys().size());
            }
        } catch (IOException | UncheckedIOException | JacksonException | IllegalArgumentException e) {
            LOG.error("The file of API keys has changed and cannot be read; those read before stay: {}", reason(e));
        }
    }

    private static String reason(Exception e) {
        return e instanceof JacksonException json && json.getCause() != null
                ? String.valueOf(json.getCause().getMessage())
                : e instanceof JacksonException json ? json.getOriginalMessage() : String.valueOf(e);
    }
}
