// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cxrlocalizer.dataset.DatasetStatistics;
import org.cxrlocalizer.dataset.LabelStatistics;
import org.cxrlocalizer.dataset.LineProblem;
import org.cxrlocalizer.dataset.ServedStatistics;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "dataset", description = "The dataset's own files.")
class DatasetController {

    private static final int PROBLEMS_SHOWN = 100;

    private final ServedStatistics statistics;

    DatasetController(ServedStatistics statistics) {
        this.statistics = statistics;
    }

    @GetMapping(path = "/v1/dataset/statistics", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getDatasetStatistics",
            summary = "How often each label and pair of labels occurs",
            description = "Of the data entry file that `dataset.entries` names: of all images, and by split (where the"
                    + " lists are configured), view, sex and age band.")
    @ApiResponse(responseCode = "200", description = "The counts, and the lines that were left out.")
    @Problems(ProblemType.DATASET_NOT_CONFIGURED)
    StatisticsAnswer statistics() {
        DatasetStatistics found = statistics
                .get()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.DATASET_NOT_CONFIGURED,
                        "The property dataset.entries must name a Data_Entry_2017.csv."));
        Map<String, Map<String, CountsBody>> groups = new TreeMap<>();
        found.groups().forEach((dimension, parts) -> {
            Map<String, CountsBody> bodies = new TreeMap<>();
            parts.forEach((part, counts) -> bodies.put(part, CountsBody.of(counts)));
            groups.put(dimension, bodies);
        });
        return new StatisticsAnswer(
                CountsBody.of(found.all()),
                groups,
                found.problems().size(),
                found.problems().stream()
                        .limit(PROBLEMS_SHOWN)
                        .map(LineProblem::toString)
                        .toList());
    }

    @Schema(name = "DatasetStatistics")
    record StatisticsAnswer(
            CountsBody all,

            @Schema(description = "By what divides the images (`split`, `view`, `sex`, `age`), then by part.")
            Map<String, Map<String, CountsBody>> groups,

            @Schema(description = "Lines of the files that could not be used, or not wholly.")
            int problemCount,

            @Schema(description = "The first 100 of them, with file, line number and reason.")
            List<String> problems) {}

    @Schema(name = "LabelCounts")
    record CountsBody(
            int images,
            int patients,

            @Schema(description = "Images with none of the 14 labels.")
            int withoutFinding,

            @Schema(description = "Images by label.") Map<String, Integer> totals,

            @Schema(
                    description = "Images by two labels that both occur; by a label and itself, images with that label"
                            + " alone.")
            Map<String, Map<String, Integer>> together) {

        static CountsBody of(LabelStatistics counts) {
            return new CountsBody(
                    counts.images(), counts.patients(), counts.withoutFinding(), counts.totals(), counts.together());
        }
    }
}
