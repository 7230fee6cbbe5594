// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.cxrlocalizer.security.ApiKey;
import org.cxrlocalizer.security.KeyFile;
import org.cxrlocalizer.security.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The page of a service that asks for keys. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "security.mode=api-key")
class PageKeyTest {

    private static final String KEY = ApiKey.random();

    @TempDir
    static Path folder;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry registry) {
        Path file = KeyFile.write(folder, List.of(ApiKey.of("reader", Set.of(Scope.LOCALIZE), KEY)));
        registry.add("security.api-keys", file::toString);
    }

    @Test
    void aKeyIsRequestedAndSent() {
        try (Browser browser = Browser.launch()) {
            Page page = browser.open("http://127.0.0.1:%d/".formatted(port));
            assertThat(page.locator("#problem-title")).hasText("Authentication required");
            page.fill("#key", "wrong");
            page.click("text=Sign in");
            assertThat(page.locator("#problem-detail")).containsText("unknown");

            page.fill("#key", KEY);
            page.click("text=Sign in");

            assertThat(page.locator("#method option")).not().hasCount(0);
            page.click("[data-sample='00022215_012.png']");
            assertThat(page.locator("body")).hasAttribute("data-state", "opened");
            page.click("nav >> text=Evaluations");
            assertThat(page.locator("#evaluation-note")).containsText("lacks the scope");
            browser.close(page);
        }
    }
}
