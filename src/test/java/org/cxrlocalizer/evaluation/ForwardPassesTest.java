// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.InferenceProperties;
import org.cxrlocalizer.inference.ModelLoader;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.model.ModelCatalogue;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReaders;
import org.junit.jupiter.api.Test;

/** Forward passes, which cost most of an image's time, by the number of systems that are scored. */
class ForwardPassesTest {

    private static final BoxPolicy OTSU = new BoxPolicy.Otsu(BoxPolicy.Selection.DEFAULT);
    private static final BoxPolicy FRACTION = new BoxPolicy.FractionOfMaximum(0.5, BoxPolicy.Selection.DEFAULT);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private long passes() {
        return meters.get("cxr.batch.size").summary().count();
    }

    @Test
    void anImageHasOneForwardPassForEachMethodWhateverThePolicies() {
        InferenceProperties oneWorker = new InferenceProperties(
                "cpu",
                1,
                1,
                1,
                4,
                Duration.ofMinutes(5),
                "reference",
                InferenceProperties.OnDeviceLoss.UNREADY,
                Map.of(),
                null);
        ModelLoader loader = new ModelLoader(new ModelCatalogue("models"), oneWorker, meters, ObservationRegistry.NOOP);
        try (Classifier classifier = loader.load("cxr14-cells")) {
            ImageWalk walk = new ImageWalk(EvaluatedModel.unobserved(classifier, RadiographReaders.reader()));
            Radiograph radiograph = walk.read(Samples.read("00022215_012.png"));
            long before = passes();

            walk.localize(
                    radiograph,
                    List.of(BoxSystem.of("cam", OTSU), BoxSystem.of("cam", FRACTION), BoxSystem.of("layercam", OTSU)),
                    null);

            assertThat(passes() - before).isEqualTo(2);
        }
    }
}
