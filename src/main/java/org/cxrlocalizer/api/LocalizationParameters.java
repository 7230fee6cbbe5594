// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cxrlocalizer.localization.BoxPolicyReader;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.jspecify.annotations.Nullable;

/** The parameters of a localization, in the query or as multipart fields. */
record LocalizationParameters(
        @ParameterDocs.ImageName("Name of the image in the dataset; its boxes in BBox_List_2017.csv are compared."
                + " The file name of a multipart part serves as well.")
        @Nullable
        String imageIndex,

        @ParameterDocs.Labels @Nullable List<String> labels,

        @ParameterDocs.Method @Nullable String method,

        @ParameterDocs.Policy @Nullable String policy,

        @ParameterDocs.MinProbability @Nullable Double minProbability,

        @ParameterDocs.OperatingPoint @Nullable String operatingPoint) {

    LocalizationRequest toRequest() {
        double minimum = minProbability == null ? 0 : minProbability;
        if (!(minimum >= 0 && minimum <= 1)) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'minProbability' must be between 0 and 1.");
        }
        return new LocalizationRequest(
                labels == null ? Set.of() : single(labels),
                method,
                policy == null ? null : BoxPolicyReader.read(policy),
                operatingPoint,
                minimum);
    }

    /** Spring joins the values of {@code labels[]} with commas again. */
    private static Set<String> single(List<String> labels) {
        return labels.stream()
                .flatMap(label -> Arrays.stream(label.split(",", -1)))
                .collect(Collectors.toUnmodifiableSet());
    }
}
