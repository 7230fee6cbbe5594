// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.bench;

import ai.djl.Device;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.serving.ServedModel;
import org.cxrlocalizer.serving.ServedModels;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The packaged service with a bare loop of forward passes in the same JVM. Takes orders line by line: {@code loop BATCH
 * SECONDS} prints the bare loop's images a second; the end of input stops the service.
 */
final class Served {

    private static final Pattern LOOP = Pattern.compile("loop (\\d+) (\\d+)");

    private Served() {}

    public static void main(String[] arguments) throws Exception {
        Path torchScript = Path.of(System.getProperty("bench.model"));
        try (ConfigurableApplicationContext service = new SpringApplication(Application.class).run(arguments);
                BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Classifier classifier = service.getBean(ServedModels.class).use(null, ServedModel::classifier);
            Device device = classifier.execution().devices().get(0).startsWith("gpu") ? Device.gpu() : Device.cpu();
            int workers = classifier.execution().workers();
            System.out.println("bench ready " + service.getEnvironment().getProperty("local.server.port"));
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                Matcher loopOrder = LOOP.matcher(order);
                if (!loopOrder.matches()) {
                    throw new IllegalArgumentException("not an order: " + order);
                }
                try (BareLoop loop = new BareLoop(
                        torchScript, device, classifier.manifest(), workers, Integer.parseInt(loopOrder.group(1)))) {
                    System.out.println(String.format(
                            Locale.ROOT,
                            "bench rate %.4f",
                            loop.imagesPerSecond(Double.parseDouble(loopOrder.group(2)))));
                }
            }
        }
    }
}
