// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.core.io.Resource;

/** Reads {@code train_val_list.txt} and {@code test_list.txt}: one image index a line. */
public final class SplitList {

    private SplitList() {}

    /**
     * @return the image indices in the order of the file; repeated ones and lines that are none are reported
     * @throws InvalidDatasetException if no line is an image index
     */
    public static Parsed<Set<String>> read(Resource resource) throws IOException {
        return read(resource, Set.of());
    }

    /**
     * @param known images of other names that a list of true boxes has
     * @return the image indices in the order of the file; repeated ones and lines that are none are reported
     * @throws InvalidDatasetException if no line is an image index
     */
    public static Parsed<Set<String>> read(Resource resource, Set<String> known) throws IOException {
        String file = DatasetFile.name(resource);
        Set<String> images = new LinkedHashSet<>();
        List<LineProblem> problems = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(DatasetFile.open(resource))) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    String image = ImageNames.ofPath(line.strip());
                    if (!ChestXray14.isImageIndex(image) && !known.contains(image)) {
                        problems.add(new LineProblem(file, number, "'%s' is not an image index".formatted(line)));
                    } else if (!images.add(image)) {
                        problems.add(new LineProblem(file, number, "%s is listed twice".formatted(image)));
                    }
                }
            }
        }
        if (images.isEmpty()) {
            throw new InvalidDatasetException(
                    problems.isEmpty()
                            ? "%s lists no image.".formatted(file)
                            : "No line of %s can be used. %s".formatted(file, problems.get(0)));
        }
        return new Parsed<>(images, problems);
    }
}
