// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Distinguishes upright frontal chest radiographs from other pictures: the mean of five small networks on a thumbnail of 16 × 16
 * cells. Trained, and checked on patients that each network has not seen, by {@code models/tools/plausibility.py}.
 */
final class PlausibilityModel {

    static final int SIDE = 16;

    /** What the networks distinguish, in their order. */
    enum Kind {
        UPRIGHT,
        TURNED_LEFT,
        UPSIDE_DOWN,
        TURNED_RIGHT,
        NEGATIVE,
        OTHER
    }

    /** Flatter pictures are not made as contrasty as the others. */
    private static final double LEAST_DEVIATION = 1e-3;

    private record Layer(int inputs, int outputs, float scale, short[] values) {

        static Layer read(DataInputStream in, int inputs, int outputs) throws IOException {
            float scale = in.readFloat();
            short[] values = new short[(inputs + 1) * outputs];
            for (int i = 0; i < values.length; i++) {
                values[i] = in.readShort();
            }
            return new Layer(inputs, outputs, scale, values);
        }

        double[] of(double[] input) {
            double[] output = new double[outputs];
            for (int i = 0; i < outputs; i++) {
                double sum = values[inputs * outputs + i];
                for (int j = 0; j < inputs; j++) {
                    sum += values[i * inputs + j] * input[j];
                }
                output[i] = sum * scale;
            }
            return output;
        }
    }

    private record Network(Layer hidden, Layer last) {

        double[] probabilities(double[] input) {
            double[] activations = hidden.of(input);
            for (int i = 0; i < activations.length; i++) {
                activations[i] = Math.max(0, activations[i]);
            }
            double[] odds = last.of(activations);
            double total = 0;
            for (int i = 0; i < odds.length; i++) {
                odds[i] = StrictMath.exp(odds[i]);
                total += odds[i];
            }
            for (int i = 0; i < odds.length; i++) {
                odds[i] /= total;
            }
            return odds;
        }
    }

    private final List<Network> networks = new ArrayList<>();

    PlausibilityModel() {
        try (InputStream file = Objects.requireNonNull(
                        PlausibilityModel.class.getResourceAsStream("/radiograph/plausibility.bin"));
                DataInputStream in = new DataInputStream(new BufferedInputStream(file))) {
            int count = in.readInt();
            int inputs = in.readInt();
            int hidden = in.readInt();
            int kinds = in.readInt();
            if (inputs != SIDE * SIDE || kinds != Kind.values().length) {
                throw new IllegalStateException("the plausibility model is of another shape");
            }
            for (int i = 0; i < count; i++) {
                networks.add(new Network(Layer.read(in, inputs, hidden), Layer.read(in, hidden, kinds)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns a probability for each kind.
     *
     * @param thumbnail of 16 × 16 cells
     */
    Map<Kind, Double> probabilities(Thumbnail thumbnail) {
        double mean = thumbnail.mean();
        double deviation = Math.max(LEAST_DEVIATION, thumbnail.deviation());
        double[] input = new double[SIDE * SIDE];
        for (int i = 0; i < input.length; i++) {
            input[i] = (thumbnail.cells()[i] - mean) / deviation;
        }
        Map<Kind, Double> means = new EnumMap<>(Kind.class);
        for (Network network : networks) {
            double[] probabilities = network.probabilities(input);
            for (int i = 0; i < probabilities.length; i++) {
                means.merge(Kind.values()[i], probabilities[i] / networks.size(), Double::sum);
            }
        }
        return means;
    }
}
