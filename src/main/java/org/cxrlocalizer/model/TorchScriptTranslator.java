package org.cxrlocalizer.model;

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
import org.jspecify.annotations.Nullable;

/**
 * Takes one image into a network and its logits and maps out. Belongs to one thread: its input buffer is allocated once
 * and used again for every call, because a direct buffer for each call would pile up until the next collection.
 */
final class TorchScriptTranslator implements Translator<TorchScriptTranslator.Call, Prediction> {

    /** @param function the TorchScript method to run */
    record Call(ModelInput input, String function) {}

    private final ModelManifest manifest;
    private final ByteBuffer buffer;

    TorchScriptTranslator(ModelManifest manifest) {
        this.manifest = manifest;
        ModelManifest.Input input = manifest.input();
        buffer = ByteBuffer.allocateDirect(input.channels() * input.size() * input.size() * Float.BYTES)
                .order(ByteOrder.nativeOrder());
    }

    @Override
    public NDList processInput(TranslatorContext context, Call call) {
        NDManager manager = context.getNDManager();
        buffer.asFloatBuffer().put(call.input().values());
        int side = manifest.input().size();
        NDArray image = manager.create(buffer, new Shape(1, manifest.input().channels(), side, side), DataType.FLOAT32);
        NDList inputs = new NDList(image);
        if (!call.function().equals("forward")) {
            NDArray marker = manager.create(0f);
            marker.setName("module_method:" + call.function()); // how DJL's PyTorch engine is told which method to run
            inputs.add(marker);
        }
        return inputs;
    }

    @Override
    public Prediction processOutput(TranslatorContext context, NDList outputs) {
        if (outputs.size() != 2) {
            throw new WrongShapeException("it returns %d tensors and not 2".formatted(outputs.size()));
        }
        NDArray logits = outputs.get(0);
        NDArray maps = outputs.get(1);
        long labels = manifest.labels().size();
        if (!logits.getShape().equals(new Shape(1, labels)) || logits.getDataType() != DataType.FLOAT32) {
            throw new WrongShapeException("its logits are %s%s and not float32(1, %d)"
                    .formatted(logits.getDataType(), logits.getShape(), labels));
        }
        long[] shape = maps.getShape().getShape();
        if (shape.length != 4 || shape[0] != 1 || shape[1] != labels || maps.getDataType() != DataType.FLOAT32) {
            throw new WrongShapeException("its maps are %s%s and not float32(1, %d, h, w)"
                    .formatted(maps.getDataType(), maps.getShape(), labels));
        }
        return new Prediction(logits.toFloatArray(), maps.toFloatArray(), (int) shape[3], (int) shape[2]);
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
