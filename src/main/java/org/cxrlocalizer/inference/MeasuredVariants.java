// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps what the choice of a variant measured, in a file of the state directory, so that a later start on the same kind of processor
 * need not measure again. Without it, two starts could choose otherwise, and answers would differ in their last digits.
 *
 * <p>The file may be shared by nodes: an entry is of the package's manifest, which states the hashes of its files; of the processor,
 * PyTorch, workers, threads and batch. A file that cannot be read or written costs the measurement, and no start.
 */
final class MeasuredVariants {

    private static final Logger LOG = LoggerFactory.getLogger(MeasuredVariants.class);
    private static final TypeReference<Map<String, List<VariantOutcome>>> ENTRIES = new TypeReference<>() {};

    private final @Nullable Path file;
    private final String manifestSha256;
    private final int workers;
    private final int threads;
    private final int maxBatch;
    private final JsonMapper json = new JsonMapper();

    /** @param file null to keep nothing */
    MeasuredVariants(@Nullable Path file, String manifestSha256, int workers, int threads, int maxBatch) {
        this.file = file;
        this.manifestSha256 = manifestSha256;
        this.workers = workers;
        this.threads = threads;
        this.maxBatch = maxBatch;
    }

    /** What a measurement is of. */
    private String key() {
        return "%s, %s, PyTorch %s, %d workers of %d threads, batches of %d"
                .formatted(
                        manifestSha256,
                        processor(),
                        Engine.getEngine(PyTorchSettings.ENGINE).getVersion(),
                        workers,
                        threads,
                        maxBatch);
    }

    /** The outcomes of an earlier start, as {@link VariantChoice} has them; empty if there was none like this. */
    List<VariantOutcome> outcomes() {
        List<VariantOutcome> found = all().get(key());
        return found == null || found.contains(null) ? List.of() : found;
    }

    /** Keeps the outcomes for later starts. */
    void keep(List<VariantOutcome> outcomes) {
        if (file == null) {
            return;
        }
        Map<String, List<VariantOutcome>> all = new LinkedHashMap<>(all());
        all.put(key(), outcomes);
        try {
            Path part =
                    Path.of("%s.%d.part".formatted(file, ProcessHandle.current().pid()));
            Files.write(part, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            LOG.debug("There is no directory for {}", file);
        } catch (IOException e) {
            LOG.warn("The measured variants cannot be kept, the next start measures again: {}", e.toString());
        }
    }

    private Map<String, List<VariantOutcome>> all() {
        if (file == null || !Files.exists(file)) {
            return Map.of();
        }
        try {
            Map<String, List<VariantOutcome>> entries = json.readValue(Files.readAllBytes(file), ENTRIES);
            return entries == null ? Map.of() : entries;
        } catch (IOException | JacksonException e) {
            LOG.warn("{} cannot be read, variants are measured again: {}", file, e.getMessage());
            return Map.of();
        }
    }

    /** The name and the instructions of the first processor, of which virtual machines hide some. */
    private static String processor() {
        try {
            Map<String, String> facts = Arrays.stream(Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)
                            .split("\n"))
                    .takeWhile(line -> !line.isBlank())
                    .map(line -> line.split("\\s*:\\s*", 2))
                    .filter(parts -> parts.length == 2)
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (first, second) -> first));
            return facts.getOrDefault("model name", "unnamed") + " with "
                    + DigestUtils.sha256Hex(facts.getOrDefault("flags", "")).substring(0, 16);
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
