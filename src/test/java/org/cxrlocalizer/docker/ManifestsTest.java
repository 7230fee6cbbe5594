// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The Kubernetes manifests and the Maven wrapper; `.ci/kubernetes` checks the manifests against the API's types. */
class ManifestsTest {

    private static final Path MANIFESTS = Path.of("docker", "kubernetes");

    private static List<JsonNode> objects(String kind) throws IOException {
        return new YAMLMapper()
                        .readerFor(JsonNode.class)
                        .<JsonNode>readValues(Files.readString(MANIFESTS.resolve("cxr-localizer.yaml")))
                        .readAll()
                        .stream()
                        .filter(object -> object.path("kind").asString("").equals(kind))
                        .toList();
    }

    @Test
    void eachImageHasAVersion() throws IOException {
        for (String file : List.of("cxr-localizer.yaml", "gpu.yaml")) {
            assertThat(Files.readAllLines(MANIFESTS.resolve(file)))
                    .filteredOn(line -> line.strip().startsWith("image:"))
                    .isNotEmpty()
                    .allMatch(line -> line.matches(".*image: [a-z-]+:[0-9][0-9.]+"));
        }
    }

    /** Our own image is built beside them, under a name without a registry. */
    @Test
    void eachImageOfOthersHasAPatchVersion() throws IOException {
        Pattern image = Pattern.compile("(?:_IMAGE=|_IMAGE:-)((?!cxr-localizer)[\\w./-]+)(?::([\\w.-]+))?");
        List<String> versions = new ArrayList<>();
        for (String file :
                List.of("Dockerfile", "docker/gpu.Dockerfile", "docker/compose.yaml", "docker/orthanc/compose.yaml")) {
            Matcher named = image.matcher(Files.readString(Path.of(file)));
            while (named.find()) {
                versions.add(String.valueOf(named.group(2)));
            }
        }

        assertThat(versions).hasSize(9).allMatch(version -> version.matches("v?[0-9]+\\.[0-9]+.*"));
    }

    @Test
    void eachDeploymentHasADisruptionBudget() throws IOException {
        Set<JsonNode> budgets = objects("PodDisruptionBudget").stream()
                .map(budget -> budget.at("/spec/selector"))
                .collect(Collectors.toSet());

        assertThat(objects("Deployment"))
                .hasSize(2)
                .allMatch(deployment -> budgets.contains(deployment.at("/spec/selector")));
    }

    @Test
    void theNetworkPolicyLetsTheServiceReachWhatLiesOutsideTheCluster() throws IOException {
        JsonNode rule = objects("NetworkPolicy").get(0).at("/spec/egress/1");

        assertThat(StreamSupport.stream(rule.get("ports").spliterator(), false)
                        .map(port -> port.get("port").asInt()))
                .as("database, PACS and issuer, Orthanc, collector")
                .contains(5432, 443, 8042, 4318);
        assertThat(rule.at("/to/1/ipBlock/cidr").asString()).isEqualTo("0.0.0.0/0");
        assertThat(rule.at("/to/1/ipBlock/except/0").asString())
                .as("where clouds give credentials")
                .isEqualTo("169.254.0.0/16");
    }

    @Test
    void theMavenDistributionIsCheckedByItsHash() throws IOException {
        assertThat(Files.readString(Path.of(".mvn", "wrapper", "maven-wrapper.properties")))
                .containsPattern("(?m)^distributionSha256Sum=[0-9a-f]{64}$");
    }
}
