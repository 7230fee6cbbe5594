// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.ToLongFunction;

/** Measures the memory of GPUs, as CUDA reports it: of all programs on the device together. */
final class DeviceMemory {

    private static final String NAME = "cxr.device.memory";

    private DeviceMemory() {}

    static void measure(List<Device> devices, MeterRegistry meters) {
        for (Device device : devices) {
            if (device.isGpu()) {
                gauge(device, "used", MemoryUsage::getCommitted, meters);
                gauge(device, "total", MemoryUsage::getMax, meters);
            }
        }
    }

    private static void gauge(Device device, String kind, ToLongFunction<MemoryUsage> figure, MeterRegistry meters) {
        if (meters.find(NAME).tags("device", device.toString(), "kind", kind).gauge() != null) {
            return; // of the model before a reload; it goes on
        }
        Gauge.builder(NAME, () -> figure.applyAsLong(CudaUtils.getGpuMemory(device)))
                .description("Memory of a GPU")
                .baseUnit("bytes")
                .tag("device", device.toString())
                .tag("kind", kind)
                .register(meters);
    }
}
