// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.model.ModelRefusedException;

/** The devices that a setting names, out of those that PyTorch can use here. */
final class InferenceDevices {

    private InferenceDevices() {}

    /**
     * Resolves the setting {@code inference.device}.
     *
     * @throws ModelRefusedException if a GPU is named that PyTorch cannot use
     */
    static List<Device> find(String setting, String model) {
        if (setting.equals("cpu")) {
            return List.of(Device.cpu());
        }
        Engine engine = Engine.getEngine(PyTorchSettings.ENGINE);
        int gpus = engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
        List<Device> devices = new ArrayList<>();
        if (setting.equals("auto")) {
            for (int i = 0; i < gpus; i++) {
                devices.add(Device.gpu(i));
            }
            return devices.isEmpty() ? List.of(Device.cpu()) : devices;
        }
        for (String name : setting.split(",", -1)) {
            int number = Integer.parseInt(name.substring("gpu:".length()));
            if (number >= gpus) {
                throw new ModelRefusedException(
                        model, "the device %s is configured, and PyTorch can use %d GPUs here".formatted(name, gpus));
            }
            devices.add(Device.gpu(number));
        }
        return devices;
    }
}
