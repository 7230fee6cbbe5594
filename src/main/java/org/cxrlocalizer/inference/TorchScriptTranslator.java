// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cxrlocalizer.model.ModelManifest;
import org.jspecify.annotations.Nullable;

/**
 * Takes a batch of images into a network and their logits and maps out. Belongs to one thread: its input buffer is allocated once
 * and used again for every call, because a direct buffer for each call would pile up until the next collection.
 */
final class TorchScriptTranslator implements Translator<TorchScriptTranslator.Call, List<Prediction>> {

    /**
     * A forward pass.
     *
     * @param function the TorchScript method to run
     * @param rows images that the network sees; those beyond the inputs repeat the last one, because PyTorch is fast on
     *     sizes that it was warmed on
     */
    record Call(List<ModelInput> inputs, String function, int rows) {}

    private final ModelManifest manifest;
    private final ByteBuffer buffer;
    private int rows;
    private int wanted;

    TorchScriptTranslator(ModelManifest manifest, int mostRows) {
        this.manifest = manifest;
        ModelManifest.Input input = manifest.input();
        buffer = ByteBuffer.allocateDirect(mostRows * input.channels() * input.size() * input.size() * Float.BYTES)
                .order(ByteOrder.nativeOrder());
    }

    @Override
    public NDList processInput(TranslatorContext context, Call call) {
        NDManager manager = context.getNDManager();
        FloatBuffer values = buffer.clear().asFloatBuffer();
        int last = call.inputs().size() - 1;
        for (int row = 0; row < call.rows(); row++) {
            values.put(call.inputs().get(Math.min(row, last)).values());
        }
        buffer.limit(values.position() * Float.BYTES);
        int side = manifest.input().size();
        NDArray images = manager.create(
                buffer, new Shape(call.rows(), manifest.input().channels(), side, side), DataType.FLOAT32);
        NDList inputs = new NDList(images);
        rows = call.rows();
        wanted = call.inputs().size();
        if (!call.function().equals("forward")) {
            NDArray marker = manager.create(0f);
            marker.setName("module_method:" + call.function()); // by which DJL's PyTorch engine chooses the method
            inputs.add(marker);
        }
        return inputs;
    }

    @Override
    public List<Prediction> processOutput(TranslatorContext context, NDList outputs) {
        if (outputs.size() != 2) {
            throw new WrongShapeException("it returns %d tensors and not 2".formatted(outputs.size()));
        }
        NDArray logits = outputs.get(0);
        NDArray maps = outputs.get(1);
        long labels = manifest.labels().size();
        if (!logits.getShape().equals(new Shape(rows, labels)) || logits.getDataType() != DataType.FLOAT32) {
            throw new WrongShapeException("its logits are %s%s and not float32(%d, %d)"
                    .formatted(logits.getDataType(), logits.getShape(), rows, labels));
        }
        long[] shape = maps.getShape().getShape();
        if (shape.length != 4 || shape[0] != rows || shape[1] != labels || maps.getDataType() != DataType.FLOAT32) {
            throw new WrongShapeException("its maps are %s%s and not float32(%d, %d, h, w)"
                    .formatted(maps.getDataType(), maps.getShape(), rows, labels));
        }
        float[] allLogits = logits.toFloatArray();
        float[] allMaps = maps.toFloatArray();
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            predictions.add(
                    new Prediction(row(allLogits, i, rows), row(allMaps, i, rows), (int) shape[3], (int) shape[2]));
        }
        return predictions;
    }

    private static float[] row(float[] all, int row, int rows) {
        int length = all.length / rows;
        return rows == 1 ? all : Arrays.copyOfRange(all, row * length, (row + 1) * length);
    }

    @Override
    public @Nullable Batchifier getBatchifier() {
        return null;
    }

    /** The network's outputs do not have the shapes of the contract. */
    static final class WrongShapeException extends RuntimeException {

        WrongShapeException(String message) {
            super(message);
        }
    }
}
