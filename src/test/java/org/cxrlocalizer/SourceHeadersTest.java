// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each source file states its licence as SPDX asks, so that a file that is passed on alone still has it. */
class SourceHeadersTest {

    private static final String LINE = "SPDX-License-Identifier: Apache-2.0";
    private static final Set<String> SUFFIXES = Set.of("java", "py", "js", "ts", "go", "css", "lua", "Dockerfile");
    private static final List<Path> ROOTS = Stream.of("src", "models", "docker", ".ci", "Dockerfile")
            .map(Path::of)
            .toList();

    @Test
    void eachSourceFileStatesItsLicence() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path root : ROOTS) {
            try (Stream<Path> files = Files.walk(root)) {
                sources.addAll(files.filter(SourceHeadersTest::isSource).toList());
            }
        }

        assertThat(sources).hasSizeGreaterThan(900).allSatisfy(file -> assertThat(start(file))
                .contains(LINE));
    }

    private static boolean isSource(Path file) {
        String name = file.getFileName().toString();
        boolean known = SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1));
        boolean installed =
                file.toString().contains("node_modules") || file.toString().contains("__pycache__");
        return Files.isRegularFile(file) && !installed && (known || start(file).startsWith("#!"));
    }

    private static String start(Path file) {
        try (var channel = Files.newByteChannel(file)) {
            ByteBuffer first = ByteBuffer.allocate(200);
            channel.read(first);
            return new String(first.array(), 0, first.position(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
