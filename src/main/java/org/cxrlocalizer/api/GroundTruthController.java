// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.cxrlocalizer.comparison.Comparison;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.TruthBox;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "ground truth", description = "The radiologists' boxes, and comparison with them.")
class GroundTruthController {

    private final GroundTruth groundTruth;

    GroundTruthController(GroundTruth groundTruth) {
        this.groundTruth = groundTruth;
    }

    @GetMapping(path = "/v1/ground-truth/{imageIndex}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getGroundTruth",
            summary = "The ground-truth boxes of an image of the dataset",
            description = "Boxes in pixels of the released image of 1024 × 1024 pixels.")
    @ApiResponse(responseCode = "200", description = "The boxes of all labels.")
    @Problems({ProblemType.INVALID_IMAGE_INDEX, ProblemType.UNKNOWN_IMAGE})
    GroundTruthAnswer get(
            @ParameterDocs.ImageName("Name of the image in BBox_List_2017.csv.") @PathVariable String imageIndex) {
        String index = ImageIndex.require(imageIndex);
        List<TruthBox> boxes = groundTruth
                .of(index)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNKNOWN_IMAGE, "The box list has no image named %s.".formatted(index)));
        return new GroundTruthAnswer(
                index,
                boxes.stream()
                        .map(truth -> new TruthBody(truth.label(), BoxBody.of(truth.box())))
                        .toList());
    }

    @PostMapping(
            path = "/v1/comparisons",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "compareBoxes",
            summary = "IoU and IoBB of boxes",
            description = "Compares every detected box with every true one; no model runs.")
    @ApiResponse(responseCode = "200", description = "The comparisons, in the order of the truths, then of the boxes.")
    @Problems({ProblemType.INVALID_BOX, ProblemType.UNSUPPORTED_MEDIA_TYPE})
    ComparisonAnswer compare(@Valid @RequestBody ComparisonRequest request) {
        return new ComparisonAnswer(Comparison.all(
                        request.boxes().stream().map(BoxBody::toBox).toList(),
                        request.truths().stream().map(BoxBody::toBox).toList())
                .stream()
                .map(ComparisonBody::of)
                .toList());
    }

    @Schema(name = "GroundTruth")
    record GroundTruthAnswer(String imageIndex, List<TruthBody> boxes) {}

    @Schema(name = "TruthBox")
    record TruthBody(String label, BoxBody box) {}

    @Schema(name = "ComparisonRequest")
    record ComparisonRequest(
            @Schema(description = "Detected boxes.") @NotNull @Size(max = 1000)
            List<@NotNull BoxBody> boxes,

            @Schema(description = "True boxes.") @NotNull @Size(max = 1000)
            List<@NotNull BoxBody> truths) {}

    @Schema(name = "Comparisons")
    record ComparisonAnswer(List<ComparisonBody> comparisons) {}
}
