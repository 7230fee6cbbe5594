// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.model.ModelPackage;
import org.springframework.core.io.FileSystemResource;

/** A model package of two labels around one of the networks that models/tools/golden.py makes. */
record FixturePackage(Path directory) {

    static final String NAME = "fixture";

    /** @param more of the manifest */
    static FixturePackage in(Path models, String network, String more) throws IOException {
        FixturePackage made = new FixturePackage(Files.createDirectories(models.resolve(NAME)));
        Files.writeString(made.directory.resolve("README.md"), "# A fixture");
        made.write(network, more);
        return made;
    }

    void write(String network, String more) throws IOException {
        byte[] bytes = network(network);
        Files.write(directory.resolve("model.pt"), bytes);
        Files.writeString(manifest(), """
                formatVersion: 1
                name: fixture
                version: 1.0.0
                licence: Apache-2.0
                source: models/tools/golden.py
                sha256: %s
                labels: [Mass, Nodule]
                activation: sigmoid
                input: {size: 16, channels: 1, resize: stretch}
                methods:
                  default: cam
                  available:
                    - {name: cam, function: forward, sumsToLogit: true}
                    - {name: positive, function: positive, sumsToLogit: false}
                bias: [0.5, -1.0]
                """.formatted(DigestUtils.sha256Hex(bytes)) + more);
    }

    void append(String more) throws IOException {
        Files.writeString(manifest(), more, StandardOpenOption.APPEND);
    }

    void replace(String part, String by) throws IOException {
        String yaml = Files.readString(manifest());
        assertThat(yaml).contains(part);
        Files.writeString(manifest(), yaml.replace(part, by));
    }

    private Path manifest() {
        return directory.resolve("model.yaml");
    }

    ModelPackage read() {
        return ModelPackage.read(NAME, new FileSystemResource(directory + "/"));
    }

    static byte[] network(String name) throws IOException {
        return Samples.content("fixtures/" + name + ".pt");
    }
}
