// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Tests of the page, which a browser has opened for each. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
abstract class OpenedPage {

    static final String SAMPLE = "00022215_012.png";

    @AutoClose
    private static Browser browser;

    @LocalServerPort
    int port;

    Page page;

    @BeforeAll
    static void launch() {
        browser = Browser.launch();
    }

    @BeforeEach
    void open() {
        page = browser.open("http://127.0.0.1:%d/".formatted(port));
    }

    @AfterEach
    void close() {
        browser.close(page);
    }

    final Http http() {
        return new Http(port);
    }
}
