// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.geometry.Box;
import org.springframework.core.io.ClassPathResource;

/** The released box list, read by splitting its lines. */
final class ReleasedBoxes {

    private ReleasedBoxes() {}

    static TruthSet all() {
        Map<String, Map<String, List<Box>>> images = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new ClassPathResource("nih/BBox_List_2017.csv").getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().skip(1).map(line -> line.split(",", -1)).forEach(cells -> images.computeIfAbsent(
                            cells[0], name -> new LinkedHashMap<>())
                    .computeIfAbsent(
                            cells[1].equals("Infiltrate") ? "Infiltration" : cells[1], label -> new ArrayList<>())
                    .add(new Box(
                            Double.parseDouble(cells[2]),
                            Double.parseDouble(cells[3]),
                            Double.parseDouble(cells[4]),
                            Double.parseDouble(cells[5]))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<TruthSet.Image> list = new ArrayList<>();
        images.forEach((name, boxes) -> list.add(new TruthSet.Image(name, name.substring(0, 8), boxes)));
        return new TruthSet(ChestXray14.LABELS, list);
    }
}
