# SPDX-License-Identifier: Apache-2.0
"""Gives export.py what people have in place of a checkpoint, and checkpoints in wrappings of all kinds.

    python models/export/check_files.py [--write]

Each row of the table "What is refused" in README.md is tried, and its message must be the one that the table states. The same
weights must be read from every wrapping. Nothing that a pickle names may run. --write only writes the table again, to be read
over.
"""
import argparse
import collections
import json
import os
import sys
import tempfile
import types
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import timm
import torch
import torchvision
import torchxrayvision
from safetensors.torch import save, save_file
from torch import nn

import export
from checkpoints import NESTED, Refused
from formats import RES512_POINTS, XRV_OPERATING_POINTS

TABLE = Path(__file__).resolve().parent / "README.md"
LABELS = ("A", "B", "C")


class Command:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f"touch {self.marker}",)


class Evaluated(Command):
    def __reduce__(self):
        return eval, (f"open({str(self.marker)!r}, 'w')",)


def saved(folder, content, name="changed.pth", **options):
    torch.save(content, folder / name, **options)
    return folder / name


def written(folder, content, name="wrong.pth"):
    (folder / name).write_bytes(content)
    return folder / name


def directory(folder, config, weights=None, name="hub", file="model.safetensors", processor=None):
    path = folder / name
    path.mkdir(exist_ok=True)
    for old in path.iterdir():
        old.unlink()
    if config is not None:
        (path / "config.json").write_text(config if isinstance(config, str) else json.dumps(config))
    if weights is not None:
        save_file({key: value.contiguous() for key, value in weights.items()}, path / file)
    if processor:
        (path / "preprocessor_config.json").write_text(json.dumps(processor))
    return path


def refused_files(folder, resnet, densenet, marker):
    """What (the table's first column) -> path, and options of read()."""
    whole = saved(folder, resnet, "whole.pth")
    legacy = saved(folder, resnet, "legacy.pth", _use_new_zipfile_serialization=False).read_bytes()
    zipped = whole.read_bytes()
    scripted = folder / "scripted.pt"
    torch.jit.script(nn.Linear(2, 2)).save(str(scripted))
    safe = save(resnet)
    norm = "layer1.0.bn1.bias"
    package = directory(folder, None, name="package")
    (package / "model.yaml").write_text("formatVersion: 1\n")
    keras = directory(folder, None, name="keras")
    (keras / "saved_model.pb").write_bytes(b"\x08\x01")
    grey = {**resnet, "conv1.weight": resnet["conv1.weight"].sum(1, keepdim=True)}
    told = {"architecture": "resnet18", "pretrained_cfg": {"input_size": [3, 64, 64]}, "label_names": list(LABELS)}
    two_layers = {key: value for key, value in resnet.items() if not key.startswith("fc.")}
    headless = dict(two_layers)
    two_layers |= {"fc.0.weight": torch.zeros(8, 512), "fc.0.bias": torch.zeros(8), "fc.2.weight": torch.zeros(3, 8),
                   "fc.2.bias": torch.zeros(3)}
    np.save(folder / "array.npy", np.zeros(3))
    np.savez(folder / "array.npz", a=np.zeros(3))
    efficientnet = timm.create_model("efficientnet_b0", num_classes=3).state_dict()
    vit = timm.create_model("vit_tiny_patch16_224", num_classes=3, img_size=64).state_dict()
    own = torchxrayvision.models.DenseNet(num_classes=18, in_channels=1).state_dict()
    nih = {**own, "op_threshs": torch.tensor([float("nan") if point is None else point for point in
                                              XRV_OPERATING_POINTS["nih"]])}

    def bytes_of(content, name="wrong.pth"):
        return lambda: (written(folder, content, name), {})

    def state(content, **options):
        return lambda: (saved(folder, content), {"labels": LABELS, **options})

    def hub(config, weights=None, **options):
        return lambda: (directory(folder, config, weights, **options), {})

    return {
        "a missing file": lambda: (folder / "missing.pth", {}),
        "an empty file": bytes_of(b""),
        "a ZIP file cut short": bytes_of(zipped[:-5000]),
        "a damaged ZIP file": bytes_of(zipped[:900] + b"\0" * 300 + zipped[1200:]),
        "an old file cut short": bytes_of(legacy[:200_000]),
        "the start of an old file": bytes_of(legacy[:60]),
        "a safetensors file cut short": bytes_of(safe[:-5000]),
        "a safetensors file with a broken header": bytes_of(safe[:8] + b"{" * 40 + safe[48:]),
        "a web page": bytes_of(b"\n<!DOCTYPE html><html><body>Quota exceeded</body></html>"),
        "a Git LFS pointer": bytes_of(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
        "text": bytes_of(b"weights"),
        "TorchScript": bytes_of(scripted.read_bytes()),
        "an ONNX model": bytes_of(b"\x08\x07\x12\x07pytorch"),
        "a TensorFlow Lite model": bytes_of(b"\x1c\0\0\0TFL3" + bytes(20)),
        "an HDF5 file of Keras": bytes_of(b"\x89HDF\r\n\x1a\n" + bytes(100)),
        "a NumPy array": bytes_of((folder / "array.npy").read_bytes()),
        "a NumPy archive": bytes_of((folder / "array.npz").read_bytes()),
        "a GGUF file": bytes_of(b"GGUF\x03\0\0\0" + bytes(20)),
        "a gzip file": bytes_of(b"\x1f\x8b\x08" + bytes(20)),
        "an image": bytes_of(b"\x89PNG\r\n\x1a\n" + bytes(20)),
        "a DICOM object": bytes_of(bytes(128) + b"DICM" + bytes(20)),
        "a model package": lambda: (package, {}),
        "a TensorFlow SavedModel": lambda: (keras, {}),
        "a directory of something else": lambda: (directory(folder, None), {}),
        "a config.json without weights": hub(told),
        "a config.json that is not JSON": hub("{", resnet),
        "a config.json of another architecture": hub({"architecture": "swin_tiny"}, resnet),
        "a directory with broken weights": lambda: (
            written(directory(folder, told), safe[:-5000], "model.safetensors").parent, {}),
        "an index that leads out of its directory": lambda: (written(directory(folder, told), json.dumps(
            {"weight_map": {"a": "../whole.pth"}}).encode(), "model.safetensors.index.json").parent, {}),
        "weights of transformers": state({"vit.embeddings.cls_token": torch.zeros(1, 1, 8)}),
        "a pickle that runs a command": state({"model": Command(marker)}),
        "an old pickle that runs a command": lambda: (saved(folder, {"model": Command(marker)},
                                                            _use_new_zipfile_serialization=False), {}),
        "a pickle that evaluates code": state({"state_dict": Evaluated(marker)}),
        "a list": state([1, 2]),
        "an optimizer's state alone": state({"optimizer": {"lr": 0.1}, "epoch": 3}),
        "an empty state dict": state({}),
        "a network that is not known": state({"layers.0.weight": torch.zeros(3, 3)}),
        "no linear layer": state(headless),
        "two linear layers": state(two_layers),
        "a missing entry": state({key: value for key, value in resnet.items() if key != "layer3.1.conv2.weight"}),
        "an entry too many": state({**resnet, "extra.bias": torch.zeros(3)}),
        "another shape": state({**resnet, norm: torch.zeros(65)}),
        "a weight that is not a number": state({**resnet, norm: torch.full((64,), float("nan"))}),
        "another architecture than --format's": state(densenet, key="resnet50", labels=None),
        "another architecture than --architecture's": state(resnet, architecture="densenet121"),
        "an EfficientNet in timm's names": state(efficientnet),
        "an input that is no multiple of the patches": state(vit, size=72),
        "five input channels": state({**resnet, "conv1.weight": torch.zeros(64, 5, 7, 7)}),
        "one channel without mean and std": state(grey),
        "a mean without std": state(grey, mean=[0.5]),
        "two means for three channels": state(resnet, mean=[0.5, 0.4], std=[1.0]),
        "a crop above 1": state(resnet, crop=1.5),
        "no labels": state(resnet, labels=None),
        "too few labels": state(resnet, labels=("A", "B")),
        "a label twice": state(resnet, labels=("A", "B", "A")),
        "blank labels alone": state(resnet, labels=("blank", "", "-")),
        "a blank label under softmax": state(resnet, labels=("A", "B", "blank"), activation="softmax"),
        "images resized by lanczos": hub({**told, "pretrained_cfg": {"interpolation": "lanczos"}}, resnet),
        "other weights of torchxrayvision": state(nih, key="torchxrayvision-chex", labels=None),
        "unknown operating points": state({**own, "op_threshs": torch.full((18,), 0.5)}, labels=None),
        "torchxrayvision without operating points": state(own, key="torchxrayvision", labels=None),
    }


HEADING, RULE = "## What is refused", "| file | message |\n|---|---|\n"


def table():
    """The rows of README.md's table: what -> message."""
    rows = TABLE.read_text(encoding="utf-8").split(HEADING)[1].split(RULE)[1].split("\n\n")[0].splitlines()
    return dict(row.removeprefix("| ").removesuffix(" |").split(" | ", 1) for row in rows)


def write_table(messages):
    before, after = TABLE.read_text(encoding="utf-8").split(HEADING)
    start, rest = after.split(RULE)
    rows = "".join(f"| {what} | {message} |\n" for what, message in messages.items())
    TABLE.write_text(f"{before}{HEADING}{start}{RULE}{rows}\n{rest.split(chr(10) * 2, 1)[1]}", encoding="utf-8")


def messages_of(folder, resnet, densenet):
    """The message of export.py for each file, and whether nothing was run."""
    marker, messages = folder / "was-run", {}
    for what, make in refused_files(folder, resnet, densenet, marker).items():
        path, options = make()
        try:
            with redirect_stdout(StringIO()):
                export.read(path, **options)
            messages[what] = "NOT REFUSED"
        except Refused as e:
            messages[what] = str(e)
    if marker.exists():
        print("A PICKLE RAN CODE")
    return messages, not marker.exists()


def refusals(folder, resnet, densenet):
    messages, good = messages_of(folder, resnet, densenet)
    told = table()
    for what in {**messages, **told}:
        if messages.get(what) != told.get(what):
            good = False
            print(f"{what}: {messages.get(what, 'NOT TRIED')}\n    IN THE TABLE: {told.get(what, 'nothing')}")
    print(f"{len(messages)} files that are refused: {'each with its message' if good else 'NOT AS IN THE TABLE'}", flush=True)
    return good


class Settings(dict):
    """A dictionary of a class that the reader does not have."""


class Recipe:
    def __init__(self):
        self.rate, self.steps = 0.1, collections.deque([1, 2])


def module_tree(state):
    """A whole module of a class without source at hand, as torchxrayvision's and jrzech's published files are."""
    library = types.ModuleType("own_project.models")
    library.Classifier = type("Classifier", (nn.Module,), {"__module__": library.__name__})
    sys.modules["own_project"], sys.modules[library.__name__] = types.ModuleType("own_project"), library
    root = library.Classifier()
    for name, value in state.items():
        *path, last = name.split(".")
        module = root
        for part in path:
            if part not in module._modules:
                module.add_module(part, nn.Sequential())
            module = module._modules[part]
        if "running" in last or "num" in last:
            module.register_buffer(last, value)
        else:
            module.register_parameter(last, nn.Parameter(value))
    return root


def wrappings(folder, resnet):
    """The same weights wrapped as people's training code does; each must give the same network."""
    def prefixed(prefix, state=resnet):
        return {prefix + name: value for name, value in state.items()}

    def backbone(prefix, head):
        return {head + name[3:] if name.startswith("fc.") else prefix + name: value for name, value in resnet.items()}

    tree = module_tree(resnet)
    contents = {
        "bare": resnet, **{key: {key: resnet, "epoch": 3} for key in NESTED},
        "twice": {"model": {"state_dict": resnet}},
        **{prefix: prefixed(prefix) for prefix in ("module.", "model.", "backbone.", "encoder.", "module.model.", "model.net.")},
        "head beside the backbone": backbone("backbone.", "classifier."), "head in a sequence": backbone("", "fc.1."),
        "a loss's weights": {**prefixed("model."), "criterion.pos_weight": torch.ones(3)},
        "double precision": {name: value.double() for name, value in resnet.items()},
        "without num_batches_tracked": {name: value for name, value in resnet.items() if "num_batches" not in name},
        "argparse.Namespace": {"model": resnet, "args": argparse.Namespace(lr=0.1)},
        "NumPy numbers": {"model": resnet, "best": np.float64(0.8), "history": np.zeros(3)},
        "objects of a training": {"model": resnet, "recipe": Recipe(), "settings": Settings(a=1),
                                  "optimizer": torch.optim.SGD([nn.Parameter(torch.zeros(1))], 0.1)},
        "a dictionary of another class": {"model": Settings(resnet)},
        "a whole module": tree, "a whole module in a dictionary": {"net": tree},
    }
    objects = list(contents)[-6:]  # those whose pickles name more than tensors, also in the format before PyTorch 1.6
    x, good = torch.randn(1, 3, 64, 64), True
    network = torchvision.models.resnet18(num_classes=3).eval()
    network.load_state_dict(resnet)

    def same(path, **options):
        with redirect_stdout(StringIO()), torch.no_grad():
            own, form = export.read(path, **{"labels": LABELS, **options})[:2]
            kept = [i for i, label in enumerate(form.labels) if label]
            return bool((own(x)[0] - network(x)[:, kept]).abs().max() < 1e-5)

    with torch.no_grad():
        for what, content in contents.items():
            for zipped in (True, False) if what in objects else (True,):
                path = saved(folder, content, _use_new_zipfile_serialization=zipped)
                try:
                    read = same(path)
                except Refused as e:
                    read, what = False, f"{what} ({e})"
                if not read:
                    good = False
                    print(f"{what}, {'ZIP' if zipped else 'old'}: NOT READ")
        save_file(prefixed("model."), folder / "model.safetensors")
        good &= same(folder / "model.safetensors")
        good &= same(saved(folder, resnet), labels=("A", "blank", "C"))
    for module in ("own_project", "own_project.models"):
        sys.modules.pop(module, None)
    print(f"{len(contents)} wrappings, and safetensors: {'each read' if good else 'NOT READ'}", flush=True)
    return good


def directories(folder, resnet):
    """What config.json and preprocessor_config.json state."""
    timm_config = {"architecture": "resnet18", "num_classes": 3, "label_names": list(LABELS), "pretrained_cfg": {
        "input_size": [3, 96, 96], "crop_pct": 0.75, "interpolation": "bicubic", "mean": [0.5, 0.5, 0.5], "std": [0.2, 0.2, 0.2]}}
    form, size = export.read(directory(folder, timm_config, resnet))[1:3]
    good = (size, form.labels, form.input) == (96, LABELS, {
        "channels": 3, "resize": "centreCrop", "resizeTo": 128, "interpolation": "bicubic", "mean": [0.5] * 3, "std": [0.2] * 3})
    form, size = export.read(directory(folder, timm_config, resnet), labels=("X", "-", "Z"), size=64, crop=1.0)[1:3]
    good &= (size, form.labels, "resizeTo" in form.input) == (64, ("X", None, "Z"), False)
    others = {"architectures": ["ResNetForImageClassification"], "problem_type": "single_label_classification",
              "id2label": {"1": "B", "0": "A", "2": "C"}}
    processor = {"size": {"height": 64, "width": 64}, "resample": 2, "image_mean": [0.4] * 3, "image_std": [0.3] * 3}
    form, size = export.read(directory(folder, others, resnet, processor=processor))[1:3]
    good &= (size, form.labels, form.activation, form.input) == (64, LABELS, "softmax", {
        "channels": 3, "resize": "stretch", "mean": [0.4] * 3, "std": [0.3] * 3})
    half = dict(list(resnet.items())[:60])
    sharded = directory(folder, timm_config, half, file="model-1.safetensors")
    save_file({key: value for key, value in resnet.items() if key not in half}, sharded / "model-2.safetensors")
    (sharded / "model.safetensors.index.json").write_text(json.dumps(
        {"weight_map": {key: f"model-{1 if key in half else 2}.safetensors" for key in resnet}}))
    good &= export.read(sharded)[1].labels == LABELS
    print(f"directories of the hub: {'read as they state' if good else 'NOT READ AS THEY STATE'}")
    return good


def weights_by_operating_points(folder):
    """torchxrayvision's own state_dict() identifies its weights."""
    densenet = torchxrayvision.models.DenseNet(num_classes=18, in_channels=1).state_dict()
    network = torchvision.models.resnet50(num_classes=18)
    network.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    resnet, good = {f"model.{name}": value for name, value in network.state_dict().items()}, True
    for name, points, state in ((*item, densenet) for item in XRV_OPERATING_POINTS.items()):
        good &= identifies(folder, f"torchxrayvision-{name}", points, state)
    good &= identifies(folder, "torchxrayvision-resnet50-res512-all", RES512_POINTS, resnet)
    published = torchxrayvision.models.model_urls
    for name, points in [*((f"densenet121-res224-{name}", points) for name, points in XRV_OPERATING_POINTS.items()),
                         ("resnet50-res512-all", RES512_POINTS)]:
        theirs = published[name.removeprefix("densenet121-res224-") if name not in published else name]["op_threshs"]
        good &= [None if value != value else value for value in map(float, theirs)] == list(points)
    print(f"weights of torchxrayvision by their operating points: {'identified, and as published' if good else 'NOT IDENTIFIED'}")
    return good


def identifies(folder, name, points, state):
    content = {**state, "op_threshs": torch.tensor([float("nan") if point is None else point for point in points])}
    with redirect_stdout(StringIO()):
        form, size, _, key = export.read(saved(folder, content))[1:]
    return key == name and size == (512 if "512" in name else 224) and len(form.cutoffs["probabilities"]) == sum(
        label is not None for label in form.labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(5)
    resnet = torchvision.models.resnet18(num_classes=3).state_dict()
    densenet = torchvision.models.densenet121(num_classes=14).state_dict()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if args.write:
            write_table(messages_of(folder, resnet, densenet)[0])
            return
        results = [wrappings(folder, resnet), directories(folder, resnet), weights_by_operating_points(folder),
                   refusals(folder, resnet, densenet)]
    print("the files hold" if all(results) else "A FILE IS READ OTHERWISE")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
