// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

/**
 * The statistics of a {@code Data_Entry_2017.csv}, of all images and of parts of them.
 *
 * @param groups by what divides the images (split, view, sex, age band), then by part
 * @param problems what was left out of the files
 */
public record DatasetStatistics(
        LabelStatistics all, Map<String, Map<String, LabelStatistics>> groups, List<LineProblem> problems) {

    /**
     * @param trainList {@code train_val_list.txt}; null without
     * @param testList {@code test_list.txt}; null without
     * @throws InvalidDatasetException if a file is not what it should be
     */
    public static DatasetStatistics read(Resource entries, @Nullable Resource trainList, @Nullable Resource testList)
            throws IOException {
        Parsed<List<ImageEntry>> parsed = DataEntries.read(entries);
        List<LineProblem> problems = new ArrayList<>(parsed.problems());
        Set<String> train = split(trainList, problems);
        Set<String> test = split(testList, problems);
        if (trainList != null) {
            train.stream()
                    .filter(test::contains)
                    .forEach(image -> problems.add(new LineProblem(
                            DatasetFile.name(trainList),
                            List.copyOf(train).indexOf(image) + 1,
                            "%s is in the test list too".formatted(image))));
        }
        Map<String, Map<String, LabelStatistics>> groups = new TreeMap<>();
        if (trainList != null || testList != null) {
            groups.put(
                    "split",
                    by(
                            parsed.content(),
                            entry -> test.contains(entry.imageIndex())
                                    ? "test"
                                    : train.contains(entry.imageIndex()) ? "train_val" : "neither"));
        }
        groups.put("view", by(parsed.content(), entry -> entry.view().part()));
        groups.put("sex", by(parsed.content(), entry -> entry.sex().part()));
        groups.put("age", by(parsed.content(), ImageEntry::ageBand));
        return new DatasetStatistics(LabelStatistics.of(parsed.content()), groups, List.copyOf(problems));
    }

    private static Set<String> split(@Nullable Resource list, List<LineProblem> problems) throws IOException {
        if (list == null) {
            return Set.of();
        }
        Parsed<Set<String>> parsed = SplitList.read(list);
        problems.addAll(parsed.problems());
        return parsed.content();
    }

    private static Map<String, LabelStatistics> by(List<ImageEntry> entries, Function<ImageEntry, String> part) {
        return entries.stream()
                .collect(Collectors.groupingBy(
                        part, TreeMap::new, Collectors.collectingAndThen(Collectors.toList(), LabelStatistics::of)));
    }
}
