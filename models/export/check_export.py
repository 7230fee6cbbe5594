"""Tries export.py on files of each public format: their keys and shapes, random weights, calibrated batch norms.

    /usr/bin/python3 models/tools/decode.py ../shared/nih/boxed CACHE/boxed
    python models/export/check_export.py --images CACHE/boxed --out PACKAGES --sizes 224 512 --count 20

The real files are not at hand. The files made here are written key by key from the published layouts, and the reference
is functional: it walks the keys of the file itself and shares no code with the exporter's networks. Logits, CAMs and
(under average pooling) all other methods must agree within 1e-4 at each size on real images, in packed variants as in
model.pt; files that differ must be refused and say which entry; a file whose pickle runs a command must be refused
without running it. With --out, one package of each architecture and size stays there for the comparison with Java
(models/tools/parity.py).
"""
import argparse
import os
import sys
import tempfile
import types
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import export
from checkpoints import Refused
from formats import FORMATS
from nih import load_images
from preprocess import model_input

TOLERANCE = 1e-4
PACKED, WITH_VARIANTS = ["packed"], ("torchxrayvision-nih", "resnet50", "resnet50-wang")  # every kind of layer


class Calibrating:
    """A functional network over a state dict. While `calibrate`, each batch norm first takes the statistics of what
    reaches it, as a trained network's would fit its data."""

    def __init__(self, state, rename, calibrate):
        self.state, self.rename, self.calibrate = state, rename, calibrate

    def weight(self, name):
        return self.state[self.rename(name)]

    def norm(self, x, name):
        if self.calibrate:
            self.weight(f"{name}.running_mean").copy_(x.mean((0, 2, 3)))
            self.weight(f"{name}.running_var").copy_(x.var((0, 2, 3)))
        return F.batch_norm(x, self.weight(f"{name}.running_mean"), self.weight(f"{name}.running_var"),
                            self.weight(f"{name}.weight"), self.weight(f"{name}.bias"), False, 0.1, 1e-5)

    def conv(self, x, name, stride=1, padding=0):
        return F.conv2d(x, self.weight(f"{name}.weight"), None, stride, padding)

    def densenet121(self, x):
        x = F.max_pool2d(F.relu(self.norm(self.conv(x, "features.conv0", 2, 3), "features.norm0")), 3, 2, 1)
        for b, count in enumerate((6, 12, 24, 16), 1):
            for n in range(1, count + 1):
                layer = f"features.denseblock{b}.denselayer{n}"
                y = self.conv(F.relu(self.norm(x, f"{layer}.norm1")), f"{layer}.conv1")
                y = self.conv(F.relu(self.norm(y, f"{layer}.norm2")), f"{layer}.conv2", 1, 1)
                x = torch.cat([x, y], 1)
            if b < 4:
                x = self.conv(F.relu(self.norm(x, f"features.transition{b}.norm")), f"features.transition{b}.conv")
                x = F.avg_pool2d(x, 2, 2)
        return F.relu(self.norm(x, "features.norm5"))

    def resnet50(self, x):
        x = F.max_pool2d(F.relu(self.norm(self.conv(x, "conv1", 2, 3), "bn1")), 3, 2, 1)
        for i, count in enumerate((3, 4, 6, 3), 1):
            for n in range(count):
                block, stride = f"layer{i}.{n}", 2 if n == 0 and i > 1 else 1
                y = F.relu(self.norm(self.conv(x, f"{block}.conv1"), f"{block}.bn1"))
                y = F.relu(self.norm(self.conv(y, f"{block}.conv2", stride, 1), f"{block}.bn2"))
                y = self.norm(self.conv(y, f"{block}.conv3"), f"{block}.bn3")
                if n == 0:
                    x = self.norm(self.conv(x, f"{block}.downsample.0", stride), f"{block}.downsample.1")
                x = F.relu(x + y)
        return x


def norms(shapes, name, width):
    for part in ("weight", "bias", "running_mean", "running_var"):
        shapes[f"{name}.{part}"] = (width,)


def densenet121_shapes(channels):
    shapes = {"features.conv0.weight": (64, channels, 7, 7)}
    norms(shapes, "features.norm0", 64)
    width = 64
    for b, count in enumerate((6, 12, 24, 16), 1):
        for n in range(1, count + 1):
            layer = f"features.denseblock{b}.denselayer{n}"
            norms(shapes, f"{layer}.norm1", width)
            shapes[f"{layer}.conv1.weight"] = (128, width, 1, 1)
            norms(shapes, f"{layer}.norm2", 128)
            shapes[f"{layer}.conv2.weight"] = (32, 128, 3, 3)
            width += 32
        if b < 4:
            norms(shapes, f"features.transition{b}.norm", width)
            shapes[f"features.transition{b}.conv.weight"] = (width // 2, width, 1, 1)
            width //= 2
    norms(shapes, "features.norm5", 1024)
    return shapes


def resnet50_shapes(channels):
    shapes = {"conv1.weight": (64, channels, 7, 7)}
    norms(shapes, "bn1", 64)
    inputs = 64
    for i, (width, count) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), 1):
        for n in range(count):
            block = f"layer{i}.{n}"
            for k, shape in enumerate(((width, inputs, 1, 1), (width, width, 3, 3), (4 * width, width, 1, 1)), 1):
                shapes[f"{block}.conv{k}.weight"] = shape
                norms(shapes, f"{block}.bn{k}", shape[0])
            if n == 0:
                shapes[f"{block}.downsample.0.weight"] = (4 * width, inputs, 1, 1)
                norms(shapes, f"{block}.downsample.1", 4 * width)
            inputs = 4 * width
    return shapes


def old_names(name):
    """torchvision before 0.2.1: norm.1, conv.2 inside a dense layer."""
    for part in ("norm", "conv"):
        for k in "12":
            name = name.replace(f".{part}{k}.", f".{part}.{k}.") if ".denselayer" in name else name
    return name


LAYOUTS = {  # format -> shapes, the file's name of a key, its classifier, outputs
    "torchxrayvision-nih": (densenet121_shapes(1), lambda k: k, "classifier", 18),
    "torchxrayvision-chex": (densenet121_shapes(1), lambda k: k, "classifier", 18),
    "arnoweng": (densenet121_shapes(3), lambda k: "module.densenet121." + old_names(k), "classifier.0", 14),
    "zoogzog": (densenet121_shapes(3), lambda k: "module.densenet121." + old_names(k), "classifier.0", 14),
    "jrzech": (densenet121_shapes(3), old_names, "classifier.0", 14),
    "resnet50": (resnet50_shapes(3), lambda k: k, "fc", 14),
    "resnet50-wang": ({**resnet50_shapes(3), "transition.weight": (1024, 2048, 1, 1), "transition.bias": (1024,)},
                      lambda k: k, "classifier", 14),
}


def random_state(key):
    shapes, rename, classifier, outputs = LAYOUTS[key]
    width = 2048 if key == "resnet50" else 1024
    g = torch.Generator().manual_seed(len(key))
    state = {}
    for name, shape in {**shapes, f"{classifier}.weight": (outputs, width), f"{classifier}.bias": (outputs,)}.items():
        if len(shape) == 4:
            value = torch.randn(shape, generator=g) * (2 / (shape[1] * shape[2] * shape[3])) ** 0.5
        elif len(shape) == 2:
            value = torch.randn(shape, generator=g) * 0.1
        else:
            value = torch.rand(shape, generator=g) + 0.5 if name.endswith(("weight", "var")) else (
                torch.randn(shape, generator=g) * 0.1)
        if ".bn3.weight" in name:
            value *= 0.2  # as small as training leaves it; at 1, sixteen random blocks amplify rounding a hundredfold
        state[rename(name)] = value
    return state


def features(key, state, calibrate):
    _, rename, _, _ = LAYOUTS[key]
    network = Calibrating(state, rename, calibrate)

    def run(x):
        y = network.densenet121(x) if FORMATS[key].architecture == "densenet121" else network.resnet50(x)
        if FORMATS[key].transition:
            y = F.relu(F.conv2d(y, network.weight("transition.weight"), network.weight("transition.bias")))
        return y
    return run


def reference(key, state, x):
    """Logits and CAMs of the labels that are not blank, from the file's own entries."""
    _, rename, classifier, _ = LAYOUTS[key]
    form = FORMATS[key]
    kept = [i for i, label in enumerate(form.labels) if label]
    a = features(key, state, False)(x)
    weight, bias = state[rename(f"{classifier}.weight")][kept], state[rename(f"{classifier}.bias")][kept]
    pooled = a.mean((2, 3))
    if form.lse:
        pooled = (a.double().flatten(2) * form.lse).exp().mean(2).log().float() / form.lse
    return pooled @ weight.T + bias, torch.einsum("kc,bchw->bkhw", weight, a)


def compare(key, folder, images, out, sizes):
    form, state = FORMATS[key], random_state(key)
    with torch.no_grad():
        calibration = torch.cat([model_input(p, {"size": 224, **form.input}) for p in images[:4]])
        features(key, state, True)(calibration)
    file = folder / f"{key}.pth"
    torch.save({"state_dict": state, "epoch": 3} if key in ("arnoweng", "zoogzog") else state, file)
    worst = 0.0
    for size in sizes:
        package = out / f"{key}-{size}"
        export.export(key, file, package, size, images=images[:3 if size == 224 else 1],  # what follows tries all
                      variants=PACKED if size == 224 and key in WITH_VARIANTS else [])
        networks = [torch.jit.load(str(path)) for path in sorted(package.glob("model*.pt"))]
        for pixels in images:
            x = model_input(pixels, {"size": size, **form.input})
            with torch.no_grad():
                z, m = reference(key, state, x)
            for network in networks:
                with torch.no_grad():
                    y, n = network(x)
                worst = max(worst, float((z - y).abs().max() / max(1.0, float(z.abs().max()))),
                            float((m - n).abs().max() / m.abs().max()))
    print(f"{key}: {len(images)} images at {' and '.join(map(str, sizes))} px, worst difference {worst:.1e}", flush=True)
    return worst <= TOLERANCE, file, state


def must_refuse(what, expected, key, file, folder, **options):
    try:
        export.export(key, file, folder / "refused", **options)
    except Refused as e:
        good = expected in str(e)
        print(f"{what}: {'refused' if good else 'REFUSED FOR ANOTHER REASON'}: {e}")
        return good
    print(f"{what}: NOT REFUSED")
    return False


def refusals(folder, key, state):
    def saved(changed):
        torch.save(changed, folder / "changed.pth")
        return folder / "changed.pth"

    missing = {k: v for k, v in state.items() if "denseblock3.denselayer7.conv.2" not in k}
    longer = dict(state)
    longer["module.densenet121.features.norm5.bias"] = torch.zeros(1025)
    broken = dict(state)
    broken["module.densenet121.features.norm5.bias"] = torch.full((1024,), float("nan"))
    results = [
        must_refuse("a missing entry", "features.denseblock3.denselayer7.conv2.weight is missing", key, saved(missing), folder),
        must_refuse("an entry too many", "extra.weight is unexpected", key,
                    saved({**state, "module.densenet121.extra.weight": torch.zeros(3)}), folder),
        must_refuse("another shape", "features.norm5.bias has the shape (1025,), not (1024,)", key, saved(longer), folder),
        must_refuse("a weight that is not a number", "features.norm5.bias has values that are not finite", key,
                    saved(broken), folder),
        must_refuse("another format's file", "entries differ", "resnet50", saved(state), folder),
        must_refuse("a list", "holds no state dict", key, saved([1, 2]), folder)]

    class Command:
        def __reduce__(self):
            return os.system, (f"touch {folder / 'was-run'}",)

    results.append(must_refuse("a pickle that runs a command", "more than tensors", key, saved(Command()), folder))
    for zipped in (True, False):
        torch.save({"model": Command()}, folder / "command.pth", _use_new_zipfile_serialization=zipped)
        results.append(must_refuse("the same, as a whole module", "system, which is not needed", key,
                                   folder / "command.pth", folder, whole_module=True))
    results.append(not (folder / "was-run").exists())
    return all(results)


def variants_that_differ(folder, key, file, images):
    """A variant that is off is refused, and its file does not stay."""
    allowed = export.VARIANTS["packed"]
    export.VARIANTS["packed"] = (torch.float32, 0.0, 0.0)
    try:
        good = must_refuse("a variant that differs", "the variant packed differs by", key, file, folder, images=images[:1],
                           variants=PACKED)
    finally:
        export.VARIANTS["packed"] = allowed
    return good and not (folder / "refused" / "model-packed.pt").exists()


def module_tree(state):
    """A torch.nn.Module with these entries, of classes that look like torchxrayvision's, and no source at hand."""
    library = types.ModuleType("torchxrayvision.models")
    library.DenseNet = type("DenseNet", (nn.Module,), {"__module__": library.__name__})
    sys.modules["torchxrayvision"], sys.modules[library.__name__] = types.ModuleType("torchxrayvision"), library
    root = library.DenseNet()
    for name, value in state.items():
        *path, last = name.split(".")
        module = root
        for part in path:
            if part not in module._modules:
                module.add_module(part, nn.Sequential())
            module = module._modules[part]
        if "running" in last:
            module.register_buffer(last, value)
        else:
            module.register_parameter(last, nn.Parameter(value))
    return root


def whole_modules(folder, images, state):
    """Published files of torchxrayvision and jrzech are pickled modules, some in the format before PyTorch 1.6."""
    good = True
    for zipped in (True, False):
        file = folder / f"module-{zipped}.pt"
        torch.save(module_tree(state), file, _use_new_zipfile_serialization=zipped)
        del sys.modules["torchxrayvision.models"], sys.modules["torchxrayvision"]
        good &= must_refuse("a whole module", "--whole-module", "torchxrayvision-nih", file, folder)
        export.export("torchxrayvision-nih", file, folder / "whole", images=images[:2], whole_module=True)
        scripted = torch.jit.load(str(folder / "whole" / "model.pt"))
        x = model_input(images[0], {"size": 224, **FORMATS["torchxrayvision-nih"].input})
        with torch.no_grad():
            good &= bool((reference("torchxrayvision-nih", state, x)[0] - scripted(x)[0]).abs().max() < TOLERANCE * 10)
    print(f"whole modules, in both file formats: {'read' if good else 'NOT READ'}")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[224, 512])
    parser.add_argument("--count", type=int, default=20, help="how many of the images")
    args = parser.parse_args()
    # Each of some hundred methods runs a few times: to profile and specialise it takes longer than what that saves.
    torch._C._jit_set_profiling_mode(False)
    images = [pixels for _, pixels in sorted(load_images(args.images).items())][:args.count]
    with tempfile.TemporaryDirectory() as name:
        folder, results, states, files = Path(name), [], {}, {}
        for key in LAYOUTS:
            good, files[key], states[key] = compare(key, folder, images, args.out or folder, args.sizes)
            results.append(good)
        results.append(refusals(folder, "arnoweng", states["arnoweng"]))
        results.append(variants_that_differ(folder, "torchxrayvision-nih", files["torchxrayvision-nih"], images))
        results.append(whole_modules(folder, images, states["torchxrayvision-nih"]))
    print("the exporters hold" if all(results) else "AN EXPORTER FAILS")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
