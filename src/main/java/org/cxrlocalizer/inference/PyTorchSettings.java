// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.util.cuda.CudaUtils;

/**
 * System properties that the Deep Java Library reads once, when its engine is first used. A property that is set already
 * stays as it is.
 */
final class PyTorchSettings {

    /** What the Deep Java Library calls PyTorch. */
    static final String ENGINE = "PyTorch";

    private static final String GRAPH_OPTIMIZER = "ai.djl.pytorch.graph_optimizer";

    private PyTorchSettings() {}

    static void apply(int threads) {
        set("ai.djl.pytorch.num_threads", String.valueOf(threads));
        set("ai.djl.pytorch.num_interop_threads", "1");
        // On a processor it takes half of the time of a load, changes no digit and makes no pass faster
        // (performance.md).
        set(GRAPH_OPTIMIZER, String.valueOf(CudaUtils.hasCuda()));
        // The natives come from the class path; nothing is fetched from the network at start.
        set("ai.djl.offline", "true");
        set("OPT_OUT_TRACKING", "true");
    }

    /** Whether PyTorch changes a function's graph after its first passes; true without a setting. */
    static boolean optimizesGraphs() {
        return Boolean.parseBoolean(System.getProperty(GRAPH_OPTIMIZER, "true"));
    }

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
