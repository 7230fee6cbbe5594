// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.cxrlocalizer.AuditLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A management port of its own has a server of its own, with fewer filters. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "security.mode=api-key",
            "management.server.port=0",
            "management.server.address=127.0.0.1",
            "management.endpoints.web.exposure.include=health,model"
        })
class ManagementAuditTest {

    @TempDir
    static Path folder;

    @LocalManagementPort
    private int port;

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry registry) {
        Path file = KeyFile.write(folder, List.of(ApiKey.of("operator", Set.of(Scope.ADMIN), "cxr_right")));
        registry.add("security.api-keys", file::toString);
    }

    @Test
    void aManagementPortOfItsOwnIsAuditedToo() {
        AuditLines audit = new AuditLines();
        Caller.withKey(port, "cxr_wrong").get("/actuator/health");
        Caller.withKey(port, "cxr_right").send("POST", "/actuator/model");
        Caller.nobody(port).get("/actuator/health");

        List<String> lines = audit.atLeast(2);
        audit.close();
        assertThat(lines)
                .extracting(line -> line.replaceFirst(" ms=.*", ""))
                .containsExactly(
                        "who=- method=GET route=/actuator/health status=401",
                        "who=operator method=POST route=/actuator/model status=200");
    }
}
