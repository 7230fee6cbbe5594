// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.core.io.Resource;

/**
 * A model package that was read and checked: its manifest is complete, and its files have the hashes that the manifest
 * states.
 *
 * @param directory where it was read from
 * @param files the package's files by name, as they were read, but for its variants: these are read again when needed,
 *     so that only one of them is in memory at a time
 * @param calibrationImages the images that its box policies and methods were fitted on, none if the manifest states no hash of them
 */
public record ModelPackage(
        ModelManifest manifest, Resource directory, Map<String, byte[]> files, List<String> calibrationImages) {

    public static final String MANIFEST = "model.yaml";
    public static final String TORCH_SCRIPT = "model.pt";
    static final String CARD = "README.md";
    static final String CALIBRATION_IMAGES = "calibration-images.txt";

    private static final int LARGEST_FILE = 1 << 30;
    private static final Pattern OWN_HASH = Pattern.compile("(?m)^manifestSha256:[^\n]*\n?");

    /**
     * Reads the package of a model.
     *
     * @param directory a directory that ends with a slash, on disk or on the class path
     * @throws ModelRefusedException if a file is missing, the manifest is wrong, or a hash does not match
     */
    public static ModelPackage read(String name, Resource directory) {
        if (!name.matches(ModelManifest.NAME)) {
            throw new ModelRefusedException(name, "its name must match " + ModelManifest.NAME);
        }
        ModelPackage read = readAny(name, directory);
        if (!read.manifest.name().equals(name)) {
            throw new ModelRefusedException(
                    name, "model.yaml is of a model named '%s'".formatted(read.manifest.name()));
        }
        return read;
    }

    /**
     * Reads a package of any name.
     *
     * @param title what messages call it
     */
    static ModelPackage readAny(String title, Resource directory) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(MANIFEST, content(title, directory, MANIFEST));
        ModelManifest manifest = ManifestReader.parse(title, content(files, MANIFEST));
        checkManifest(title, manifest, content(files, MANIFEST));
        files.put(TORCH_SCRIPT, content(title, directory, TORCH_SCRIPT));
        checkHash(title, TORCH_SCRIPT, DigestUtils.sha256Hex(content(files, TORCH_SCRIPT)), manifest.sha256());
        files.put(CARD, content(title, directory, CARD));
        List<String> calibrationImages = List.of();
        if (manifest.boxes() != null && manifest.boxes().imagesSha256() != null) {
            files.put(CALIBRATION_IMAGES, content(title, directory, CALIBRATION_IMAGES));
            calibrationImages = new String(content(files, CALIBRATION_IMAGES), StandardCharsets.UTF_8)
                    .lines()
                    .sorted()
                    .toList();
            checkHash(
                    title,
                    CALIBRATION_IMAGES,
                    DigestUtils.sha256Hex(String.join("\n", calibrationImages)),
                    manifest.boxes().imagesSha256());
        }
        ModelPackage read =
                new ModelPackage(manifest, directory, Collections.unmodifiableMap(files), calibrationImages);
        manifest.variants().forEach(read::torchScript);
        return read;
    }

    /** The model card, Markdown. */
    public String card() {
        return new String(content(files, CARD), StandardCharsets.UTF_8);
    }

    public byte[] manifestFile() {
        return content(files, MANIFEST);
    }

    public byte[] torchScript() {
        return content(files, TORCH_SCRIPT);
    }

    /**
     * Reads the file of a variant.
     *
     * @throws ModelRefusedException if it is missing, or has another hash than the manifest states
     */
    public byte[] torchScript(ModelManifest.Variant variant) {
        byte[] bytes = content(manifest.name(), directory, variant.file());
        checkHash(manifest.name(), variant.file(), DigestUtils.sha256Hex(bytes), variant.sha256());
        return bytes;
    }

    private static byte[] content(Map<String, byte[]> files, String file) {
        return Objects.requireNonNull(files.get(file));
    }

    private static void checkHash(String title, String file, String hash, String stated) {
        if (!hash.equals(stated)) {
            throw new ModelRefusedException(
                    title, "%s has the SHA-256 %s, but model.yaml states %s".formatted(file, hash, stated));
        }
    }

    private static byte[] content(String title, Resource directory, String file) {
        try {
            Resource resource = directory.createRelative(file);
            if (!resource.exists()) {
                throw new ModelRefusedException(
                        title, "%s is missing in %s".formatted(file, directory.getDescription()));
            }
            // In an archive, a link is a file like any other.
            if ("file".equals(directory.getURI().getScheme())
                    && !realPath(resource).startsWith(realPath(directory))) {
                throw new ModelRefusedException(title, "%s is a link that leads out of the package".formatted(file));
            }
            try (InputStream in = resource.getInputStream()) {
                byte[] bytes = in.readNBytes(LARGEST_FILE);
                if (in.read() >= 0) {
                    throw new ModelRefusedException(title, "%s is larger than 1 GiB".formatted(file));
                }
                if (!file.equals(CARD)) { // which may begin with markup
                    FileKind.of(bytes).ifPresent(kind -> {
                        throw new ModelRefusedException(title, "%s %s".formatted(file, kind));
                    });
                }
                return bytes;
            }
        } catch (IOException e) {
            throw new ModelRefusedException(title, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static Path realPath(Resource resource) throws IOException {
        return resource.getFile().toPath().toRealPath();
    }

    /** Labels that were swapped, or another number, would be answers in the name of the genuine model. */
    private static void checkManifest(String title, ModelManifest manifest, byte[] yaml) {
        String hash = DigestUtils.sha256Hex(OWN_HASH.matcher(new String(yaml, StandardCharsets.ISO_8859_1))
                .replaceAll("")
                .getBytes(StandardCharsets.ISO_8859_1));
        if (manifest.manifestSha256() != null && !manifest.manifestSha256().equals(hash)) {
            throw new ModelRefusedException(
                    title,
                    "the other lines of model.yaml have the SHA-256 %s, but manifestSha256 states %s; where the change is meant, state the new one"
                            .formatted(hash, manifest.manifestSha256()));
        }
    }
}
