// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real Chromium. Whoever opens a page has it looked at when it is closed: its scripts must not have complained. */
final class Browser implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final int MOST_SCREENSHOT_HEIGHT = 5000;

    /** Chromium must neither need a sandbox, which containers lack, nor look for its maker's hosts. */
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /** For whatever the page is waited for, on a busy machine too. */
    private static final double PATIENCE_MILLIS = 120_000;

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final List<String> complaints = new ArrayList<>();

    private Browser(Path executable) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setTimeout(PATIENCE_MILLIS)
                        .setArgs(FLAGS));
    }

    static Browser launch() {
        // The first draws no window of its own, and takes three quarters of the processor time.
        List<Path> installed = Stream.of(
                        "/usr/bin/chromium-headless-shell",
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .toList();
        assumeTrue(!installed.isEmpty(), "no Chromium is installed (Debian's package is chromium)");
        return new Browser(installed.get(0));
    }

    Page open(String address) {
        return open(address, ColorScheme.LIGHT);
    }

    Page open(String address, ColorScheme scheme) {
        BrowserContext context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(1400, 1000)
                .setColorScheme(scheme)
                .setAcceptDownloads(true));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        Page page = context.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // An answer that is a problem is no fault of the page.
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        page.navigate(address);
        return page;
    }

    /** Gives the page a file as a person would by its button. */
    static void upload(Page page, String name, byte[] file) {
        page.setInputFiles("#file", new FilePayload(name, "", file));
    }

    /** The whole page; of the API's reference, which is longer than anybody looks, the first screens. */
    static void screenshot(Page page, String name) {
        int width = page.viewportSize().width;
        int height = (Integer) page.evaluate("() => document.documentElement.scrollHeight");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true)
                .setClip(0, 0, width, Math.min(height, MOST_SCREENSHOT_HEIGHT)));
    }

    void close(Page page) {
        page.context().close();
        assertThat(complaints).as("what the page's scripts complained of").isEmpty();
    }

    @Override
    public void close() {
        playwright.close();
    }
}
