// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.Device;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelManifest.Method;
import org.cxrlocalizer.model.ModelManifest.Variant;
import org.cxrlocalizer.model.ModelPackage;

/** Loads, checks and warms the networks of a package. */
final class NetworkLoader {

    /** PyTorch's optimizer observes the first pass, and changes the graph in the second. */
    private static final int PASSES_OF_AN_OPTIMIZER = 3;

    private static final int PASSES_BEFORE_TIMING = 2;

    private final ModelPackage modelPackage;
    private final ModelManifest manifest;
    private final List<Device> devices;
    private final int maxBatch;
    private final int threads;
    private final InferenceWorkers<?, ?, ?> workers;
    private final ModelProbe modelProbe;
    private final ModelInput probe;

    /** @param modelProbe runs files first that may end the process that runs them */
    NetworkLoader(
            ModelPackage modelPackage,
            List<Device> devices,
            int maxBatch,
            int threads,
            InferenceWorkers<?, ?, ?> workers,
            ModelProbe modelProbe) {
        this.modelPackage = modelPackage;
        this.manifest = modelPackage.manifest();
        this.devices = devices;
        this.maxBatch = maxBatch;
        this.threads = threads;
        this.workers = workers;
        this.modelProbe = modelProbe;
        this.probe = ModelInput.probe(manifest.input());
    }

    List<Device> devices() {
        return devices;
    }

    /** @throws Network.UnusableException if {@code model.pt} ends a process that runs it */
    void probeReference() {
        runModelProbe(ModelPackage.TORCH_SCRIPT, modelPackage.torchScript());
    }

    /** @throws Network.UnusableException if PyTorch cannot load {@code model.pt} */
    Network reference() {
        return load(ModelPackage.TORCH_SCRIPT, modelPackage.torchScript());
    }

    /** @throws Network.UnusableException if the file ends a process that runs it, or PyTorch cannot load it */
    Network variant(Variant variant) {
        byte[] torchScript = modelPackage.torchScript(variant);
        runModelProbe(variant.file(), torchScript);
        return load(variant.file(), torchScript);
    }

    /**
     * The same of a file that was tried on this kind of processor before.
     *
     * @throws Network.UnusableException if PyTorch cannot load it
     */
    Network triedVariant(Variant variant) {
        return load(variant.file(), modelPackage.torchScript(variant));
    }

    /** What a GPU does is not tried: a process of its own would need a large part of the GPU's memory. */
    private void runModelProbe(String file, byte[] torchScript) {
        if (!devices.get(0).isGpu()) {
            modelProbe.run(file, modelPackage.manifestFile(), torchScript, maxBatch, threads);
        }
    }

    private Network load(String file, byte[] torchScript) {
        return Network.load(manifest, file, torchScript, devices, maxBatch, workers);
    }

    private interface Answered {
        void with(Method method, List<Prediction> answers);
    }

    /**
     * Runs every method at every size: each is checked, and PyTorch prepares its code for it. Workers that share a device share
     * that code; each but the first runs the default method alone, for the memory of its own thread.
     *
     * @return what variants are compared with
     * @throws Network.UnusableException if the network breaks the manifest's contract
     */
    OutputAgreement warmUp(Network reference) {
        Map<Method, Prediction> expected = new ConcurrentHashMap<>();
        warmUp(reference, (method, answers) -> expected.putIfAbsent(method, answers.get(0)));
        return new OutputAgreement(manifest, expected);
    }

    /** @throws Network.UnusableException if the network breaks the manifest's contract, or differs from the reference */
    void warmUp(Network network, Variant variant, OutputAgreement agreement) {
        warmUp(network, (method, answers) -> agreement.require(variant, method, answers));
    }

    private void warmUp(Network network, Answered answered) {
        int passes = PyTorchSettings.optimizesGraphs() ? PASSES_OF_AN_OPTIMIZER : 1;
        workers.runOnEach(worker -> {
            List<Method> methods =
                    worker < devices.size() ? manifest.methods().available() : List.of(manifest.method(null));
            for (Method method : methods) {
                for (int size = 1; size <= Network.rows(maxBatch); size *= 2) {
                    network.poisonFreeMemory(worker);
                    for (int pass = 0; pass < passes; pass++) {
                        answered.with(method, network.probe(worker, method, probe, size));
                    }
                }
            }
            return true;
        });
    }

    /**
     * Times a variant against the warm reference, by the default method.
     *
     * @throws Network.UnusableException if the variant breaks the manifest's contract, or differs from the reference
     */
    SpeedRatio time(Network reference, Network network, Variant variant, OutputAgreement agreement) {
        double image = time(reference, network, variant, agreement, 1);
        int largest = Network.rows(maxBatch);
        return new SpeedRatio(image, largest == 1 ? null : time(reference, network, variant, agreement, largest));
    }

    private double time(Network reference, Network network, Variant variant, OutputAgreement agreement, int size) {
        Method method = manifest.method(null);
        workers.runOnEach(worker -> {
            for (int pass = 0; pass < PASSES_BEFORE_TIMING; pass++) {
                agreement.require(variant, method, network.probe(worker, method, probe, size));
            }
            return true;
        });
        return SpeedRatio.median(
                workers,
                threads == 1,
                worker -> reference.probe(worker, method, probe, size),
                worker -> network.probe(worker, method, probe, size));
    }
}
