// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
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

        @ParameterDocs.OperatingPoint @Nullable String operatingPoint,

        @ParameterDocs.Labels(
                "Names of served models, separated by commas; the default one where none is given. The answer is the first"
                        + " one's; those of the others are in `otherModels`, by their plain cut-offs where they have no"
                        + " operating points.")
        @Nullable
        List<String> model) {

    LocalizationRequest toRequest() {
        double minimum = minProbability == null ? 0 : minProbability;
        if (!(minimum >= 0 && minimum <= 1)) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'minProbability' must be between 0 and 1.");
        }
        return new LocalizationRequest(
                labels == null ? Set.of() : Set.copyOf(single(labels)),
                method,
                policy == null ? null : BoxPolicyReader.read(policy),
                operatingPoint,
                minimum);
    }

    /** Returns each of the named models once, in their order; empty where none is named. */
    List<String> models() {
        return model == null ? List.of() : single(model);
    }

    /** Spring joins the values of {@code labels[]} with commas again. */
    private static List<String> single(List<String> names) {
        return names.stream()
                .flatMap(name -> Arrays.stream(name.split(",", -1)))
                .distinct()
                .toList();
    }
}
