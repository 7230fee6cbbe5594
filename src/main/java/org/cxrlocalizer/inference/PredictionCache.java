// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.nio.ByteBuffer;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.model.ModelManifest;
import org.jspecify.annotations.Nullable;

/**
 * Logits and class maps of the images that came last, which may come again for another policy, an overlay or a report. An image
 * is known by the values that the network takes, so that an answer from here is the one that a forward pass would give.
 */
public final class PredictionCache {

    /** In bytes, of an entry besides its values: a hash, names, and objects. */
    private static final int OVERHEAD = 512;

    private final @Nullable Cache<Key, Prediction> cache;
    private final boolean dicom;

    /** Caches nothing. For evaluations, which see each image once. */
    public PredictionCache() {
        cache = null;
        dicom = false;
    }

    PredictionCache(PredictionCacheProperties properties, MeterRegistry meters) {
        dicom = properties.dicom();
        if (properties.size().toBytes() == 0) {
            cache = null;
        } else {
            cache = Caffeine.newBuilder()
                    .maximumWeight(properties.size().toBytes())
                    .weigher(PredictionCache::bytes)
                    .executor(Runnable::run)
                    .recordStats()
                    .build();
            CaffeineCacheMetrics.monitor(meters, cache, "predictions");
        }
    }

    /** @param input SHA-256 of the values that the network takes */
    private record Key(String input, String modelPackage, String variant, String method) {}

    /**
     * Returns what the model answers for an image.
     *
     * @param ofDicom whether the image came as a DICOM file
     * @throws InferenceRefusedException and the others of {@link Classifier#predict} if it must be run and cannot be
     */
    public Prediction predict(Classifier classifier, ModelInput input, ModelManifest.Method method, boolean ofDicom) {
        if (cache == null || (ofDicom && !dicom)) {
            return classifier.predict(input, method);
        }
        Key key = new Key(
                sha256(input), classifier.manifest().packageSha256(), classifier.variantSha256(), method.name());
        Prediction known = cache.getIfPresent(key);
        if (known != null) {
            return known;
        }
        // Computed by the cache itself, it would keep others waiting whose images are known.
        Prediction prediction = classifier.predict(input, method);
        cache.put(key, prediction);
        return prediction;
    }

    private static String sha256(ModelInput input) {
        ByteBuffer bytes = ByteBuffer.allocate(input.values().length * Float.BYTES);
        bytes.asFloatBuffer().put(input.values());
        return DigestUtils.sha256Hex(bytes.array());
    }

    private static int bytes(Key key, Prediction prediction) {
        return OVERHEAD + (prediction.logits().length + prediction.maps().length) * Float.BYTES;
    }
}
