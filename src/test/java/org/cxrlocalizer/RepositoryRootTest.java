// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The root of the repository has a stated list of files and folders, so that a stray download is not committed. */
class RepositoryRootTest {

    private static final Set<String> EXPECTED = Set.of(
            ".ci",
            ".dockerignore",
            ".editorconfig",
            ".github",
            ".gitignore",
            ".mvn",
            "CHANGELOG.md",
            "CITATION.cff",
            "CONTRIBUTING.md",
            "Dockerfile",
            "LICENSE",
            "README.md",
            "SECURITY.md",
            "docker",
            "models",
            "mvnw",
            "mvnw.cmd",
            "pom.xml",
            "src");

    /** Returns what Git tracks; of a copy without a repository, what is there but for build outputs. */
    private static Set<String> tracked() throws IOException, InterruptedException {
        if (!Files.exists(Path.of(".git"))) {
            try (Stream<Path> files = Files.list(Path.of(""))) {
                return files.map(Path::toString)
                        .filter(name -> !name.equals("target"))
                        .collect(Collectors.toCollection(TreeSet::new));
            }
        }
        // A repository of another user is read too.
        Process git = new ProcessBuilder("git", "-c", "safe.directory=*", "-c", "core.quotePath=false", "ls-files")
                .redirectErrorStream(true)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as(names).isZero();
        return names.lines().map(name -> name.replaceAll("/.*", "")).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theRootHoldsWhatIsStatedAndNothingElse() throws IOException, InterruptedException {
        assertThat(tracked()).containsExactlyInAnyOrderElementsOf(EXPECTED);
    }
}
