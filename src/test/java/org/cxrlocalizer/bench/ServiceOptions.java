// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.bench;

import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import picocli.CommandLine.Option;

/** Which service is measured, and what is sent to it. */
final class ServiceOptions {

    private static final int WARM_UP_CLIENTS = 8;

    @Option(names = "--jar", description = "The packaged service.", defaultValue = "target/cxr-localizer.jar")
    private Path jar = Path.of("target/cxr-localizer.jar");

    @Option(names = "--classes", description = "This program.", defaultValue = "target/test-classes")
    private Path classes = Path.of("target/test-classes");

    @Option(names = "--model", description = "A model package's directory.", defaultValue = "models/cxr14-cells")
    private Path model = Path.of("models/cxr14-cells");

    @Option(
            names = "--image",
            description = "What is sent, resized to --side.",
            defaultValue = "src/main/resources/samples/00022215_012.png")
    private Path image = Path.of("src/main/resources/samples/00022215_012.png");

    @Option(names = "--side", description = "Side of the image in pixels.", defaultValue = "1024")
    private int side = 1024;

    @Option(
            names = "--warm-up",
            description = "Seconds of full load before anything is measured: the JIT compiler has its minute.",
            defaultValue = "60")
    private int warmUp;

    @Option(names = "--set", description = "A setting of the service, as inference.max-batch=4.")
    private List<String> settings = new ArrayList<>();

    Service start() throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--model.directory=" + model.toAbsolutePath().getParent(), "--model.name=" + model.getFileName()));
        settings.forEach(setting -> all.add("--" + setting));
        return new Service(
                jar, classes, model.resolve("model.pt").toAbsolutePath(), Files.createTempDirectory("bench"), all);
    }

    /** Callers of a service that is warm now. */
    Clients clients(Service service) throws Exception {
        Clients callers = clients(service, side, "");
        callers.closedLoop(WARM_UP_CLIENTS, warmUp);
        return callers;
    }

    Clients clients(Service service, int pixels, String query) throws IOException {
        return new Clients(service.uri("/v1/localizations" + query), png(pixels), "image/png");
    }

    private byte[] png(int pixels) throws IOException {
        BufferedImage original = ImageIO.read(image.toFile());
        if (original.getWidth() == pixels) {
            return Files.readAllBytes(image);
        }
        BufferedImage resized = new BufferedImage(pixels, pixels, BufferedImage.TYPE_BYTE_GRAY);
        java.awt.Graphics2D graphics = resized.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(original, 0, 0, pixels, pixels, null);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(resized, "png", bytes);
        return bytes.toByteArray();
    }
}
