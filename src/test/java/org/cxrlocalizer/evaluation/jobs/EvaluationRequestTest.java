// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cxrlocalizer.evaluation.EvaluationOptions;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.localization.BoxPolicy;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The form in which the database keeps requests, which evaluations of an earlier version have too. */
class EvaluationRequestTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static void assertKept(String json, EvaluationRequest request) {
        assertThat(JSON.writeValueAsString(request)).isEqualTo(json);
        assertThat(JSON.readValue(json, EvaluationRequest.class)).isEqualTo(request);
    }

    private static final EvaluationRequest REQUEST = new EvaluationRequest(
            "samples",
            null,
            new EvaluationOptions(
                    List.of("cam", "layercam"),
                    List.of(new BoxPolicy.FractionOfMaximum(0.5, BoxPolicy.Selection.DEFAULT)),
                    true,
                    null,
                    new Bootstrap(5, 7)));

    @Test
    void requestsAreKeptAsOneFlatObject() {
        assertKept(
                "{\"dataset\":\"samples\",\"methods\":[\"cam\",\"layercam\"],\"policies\":[{\"type\":\"fraction\","
                        + "\"fraction\":0.5,\"selection\":{\"minimumArea\":0.0,\"maximumArea\":1.0,\"minimumAspect\":0.0,"
                        + "\"dropNested\":false,\"maximumBoxes\":10,\"merge\":{\"type\":"
                        + "\"none\"}}}],\"leaveOutCalibration\":true,\"seed\":5,\"draws\":7}",
                REQUEST);
    }

    @Test
    void requestsOfAnEarlierVersionHaveTheDefaultsOfWhatTheyLack() {
        String earlier =
                "{\"dataset\":\"samples\",\"methods\":[\"cam\",\"layercam\"],\"policies\":[{\"type\":\"fraction\","
                        + "\"fraction\":0.5,\"selection\":{\"minimumArea\":0.0,\"maximumBoxes\":10,\"merge\":{\"type\":"
                        + "\"none\"}}}],\"leaveOutCalibration\":true,\"seed\":5,\"draws\":7}";

        assertThat(JSON.readValue(earlier, EvaluationRequest.class)).isEqualTo(REQUEST);
    }

    @Test
    void uploadsAreKeptWithoutADataset() {
        assertKept(
                "{\"dataset\":null,\"methods\":[],\"policies\":[],\"leaveOutCalibration\":false,\"seed\":5,\"draws\":7}",
                EvaluationRequest.ofUpload(new Bootstrap(5, 7)));
    }
}
