package org.cxrlocalizer.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.core.io.Resource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A model package that was read and checked: its manifest is complete, and its TorchScript file has the hash that the
 * manifest states.
 *
 * @param card the model card, Markdown
 */
record ModelPackage(ModelManifest manifest, String card, byte[] torchScript) {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a package.
     *
     * @param directory a directory that ends with a slash, on disk or on the class path
     * @throws ModelRefusedException if a file is missing, the manifest is wrong, or the hash does not match
     */
    static ModelPackage read(String name, Resource directory) {
        if (!ModelManifest.NAME.matcher(name).matches()) {
            throw new ModelRefusedException(name, "its name must match " + ModelManifest.NAME);
        }
        ModelManifest manifest = parse(name, content(name, directory, "model.yaml"));
        if (!manifest.name().equals(name)) {
            throw new ModelRefusedException(name, "model.yaml is of a model named '%s'".formatted(manifest.name()));
        }
        byte[] torchScript = content(name, directory, "model.pt");
        String hash = sha256(torchScript);
        if (!hash.equals(manifest.sha256())) {
            throw new ModelRefusedException(
                    name, "model.pt has the SHA-256 %s, but model.yaml states %s".formatted(hash, manifest.sha256()));
        }
        String card = new String(content(name, directory, "README.md"), StandardCharsets.UTF_8);
        return new ModelPackage(manifest, card, torchScript);
    }

    private static byte[] content(String name, Resource directory, String file) {
        try {
            Resource resource = directory.createRelative(file);
            if (!resource.exists()) {
                throw new ModelRefusedException(
                        name, "%s is missing in %s".formatted(file, directory.getDescription()));
            }
            return resource.getContentAsByteArray();
        } catch (IOException e) {
            throw new ModelRefusedException(name, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static ModelManifest parse(String name, byte[] yaml) {
        try {
            return YAML.readValue(yaml, ModelManifest.class);
        } catch (ValueInstantiationException e) {
            String reason =
                    e.getCause() == null ? e.getOriginalMessage() : e.getCause().getMessage();
            throw new ModelRefusedException(name, "model.yaml: " + reason, e);
        } catch (JacksonException e) {
            throw new ModelRefusedException(name, "model.yaml: " + e.getOriginalMessage(), e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
