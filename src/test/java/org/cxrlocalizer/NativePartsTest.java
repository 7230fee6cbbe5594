// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bill of materials of the native libraries, which the one that the build makes does not name. */
class NativePartsTest {

    @Test
    void eachNativeLibraryOfTheNetworkIsListedWithItsHash() throws IOException {
        JsonNode components = new JsonMapper()
                .readTree(Samples.content("META-INF/sbom/natives.cdx.json"))
                .get("components");
        Map<String, String> listed = components
                .valueStream()
                .collect(Collectors.toMap(
                        component -> component.get("name").asString(),
                        component -> component.at("/hashes/0/content").asString()));
        Properties natives = new Properties();
        try (InputStream in = new ClassPathResource("native/lib/pytorch.properties").getInputStream()) {
            natives.load(in);
        }

        Map<String, String> there = Stream.concat(
                        Arrays.stream(natives.getProperty("libraries").split(","))
                                .map(name -> "pytorch/cpu/linux-x86_64/" + name),
                        Stream.of("jnilib/linux-x86_64/cpu/libdjl_torch.so"))
                .collect(Collectors.toMap(path -> path.substring(path.lastIndexOf('/') + 1), NativePartsTest::sha256));

        assertThat(listed).isEqualTo(there);
        assertThat(components.valueStream().filter(component -> component.has("components")))
                .singleElement()
                .extracting(library -> library.get("components").size())
                .as("what is linked into libtorch_cpu.so")
                .isEqualTo(13);
    }

    private static String sha256(String path) {
        try (InputStream in = new ClassPathResource(path).getInputStream()) {
            return DigestUtils.sha256Hex(in);
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        }
    }
}
