# SPDX-License-Identifier: Apache-2.0
"""Turns a checkpoint into a model package.

    python models/export/export.py FILE|DIR --out models/NAME [--labels LABELS] [--format FORMAT]
    python models/export/export.py model.pth.tar --format arnoweng --out models/chexnet
    python models/export/export.py resnet18.pth --labels Effusion,blank,Nodule --mean 0.5 --std 0.25 --out models/mine

FILE is a file of torch.save or safetensors, DIR a directory of the Hugging Face hub. Architectures and formats: see README.md
beside this file. A file whose entries or shapes differ from its architecture is refused, and says which. --images takes
images that tools/decode.py wrote, for the parity report; without it, noise serves.
"""
import argparse
import copy
import hashlib
import re
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import densenet  # noqa: E402
import resnet  # noqa: E402
from architectures import NAMES, TRANSITION, identify  # noqa: E402
from cam import Mapped, script  # noqa: E402
from checkpoints import Refused, load, tensors  # noqa: E402
from directories import Described, read_directory  # noqa: E402
from formats import FORMATS, IMAGENET, Format, torchxrayvision_weights  # noqa: E402
from heads import ClassTokenHead, NormHead  # noqa: E402
from manifest import write_manifest  # noqa: E402
from nih import load_images  # noqa: E402
from preprocess import model_input  # noqa: E402

TOLERANCE = 1e-4
ANY = "torchxrayvision"  # the format whose weights the file itself identifies
BLANK = ("", "-", "blank", "unused", "none")  # names of outputs that are dropped
# Variant -> type inside of it, and the largest differences of a probability and of a map that it may have.
VARIANTS = {"packed": (torch.float32, 1e-4, 1e-3), "bf16": (torch.bfloat16, 0.02, 0.1)}


def methods_of(network):
    """A single label has no similar ones, and so no Finer-CAM."""
    return [name for name in network.METHODS if name != "finer_cam" or network.head.linear.out_features > 1]


def sums(network):
    """Whether mean(map) + bias = logit."""
    return not network.head.lse and not isinstance(network.head, ClassTokenHead)


def bias_of(network):
    return network.head.logit_bias() if isinstance(network.head, NormHead) else network.head.linear.bias


def folded(network):
    result = copy.deepcopy(network)
    result.trunk.fold()
    return script(result)


@torch.no_grad()
def parity(reference, exported, inputs):
    """Worst differences of the exported file: method -> (logits, maps in units of each image's largest map value)."""
    worst, residual = {}, 0.0
    for method in ("forward", *methods_of(reference)):
        logit = maps = 0.0
        for x in inputs:
            (z, m), (y, n) = getattr(reference, method)(x), getattr(exported, method)(x)
            logit = max(logit, float((z - y).abs().max()))
            maps = max(maps, float((m - n).abs().max() / m.abs().max()))
            if method == "forward" and sums(reference):
                residual = max(residual, float((n.mean((2, 3)) + bias_of(reference) - y).abs().max()))
        worst[method] = (logit, maps)
    return worst, residual


def probe(told):
    """The pattern that the service tries every network with (ModelInput.probe); tolerances must hold for it, too."""
    size, channels = told["size"], told["channels"]
    y, x = torch.meshgrid(*[(torch.arange(size) + 0.5) / size] * 2, indexing="ij")
    low, high = told.get("range", (0.0, 1.0))
    mean, std = (torch.tensor(told.get(key, [default] * channels))[:, None, None]
                 for key, default in (("mean", 0.0), ("std", 1.0)))
    return (((0.5 + 0.25 * (9 * x).sin() * (7 * y).cos() + 0.25 * x * y) * (high - low) + low)[None] - mean)[None] / std


@torch.no_grad()
def differences(reference, variant, inputs):
    """The largest differences of a probability, and of a map in units of its image's largest map value."""
    probability = maps = 0.0
    for method in ("forward", *methods_of(reference)):
        for x in inputs:
            (z, m), (y, n) = getattr(reference, method)(x), getattr(variant, method)(x)
            probability = max(probability, float((torch.sigmoid(z) - torch.sigmoid(y)).abs().max()))
            maps = max(maps, float((m - n).abs().max() / m.abs().max()))
    return probability, maps


def variant(name, network):
    """The TorchScript of a variant of VARIANTS."""
    trunk = densenet.PackedDenseNet if isinstance(network.trunk, densenet.DenseNet) else resnet.PackedResNet
    return torch.jit.script(Mapped(trunk(network.trunk, VARIANTS[name][0]), copy.deepcopy(network.head)).eval())


def has_variants(network):
    return isinstance(network.trunk, (densenet.DenseNet, resnet.ResNet))


def save_variant(name, built, network, inputs, out, random_weights):
    """Writes a variant's file; returns its entry of the manifest, whose tolerances are twice what was measured here."""
    file = f"model-{name}.pt"
    built.save(str(out / file))
    tried = [built]
    if name != "bf16" or torch.ops.mkldnn._is_mkldnn_bf16_supported():
        tried.append(torch.jit.load(str(out / file)))  # packs its weights, as it will in the service
    measured = [max(pair) for pair in zip(*(differences(network, one, inputs) for one in tried))]
    if not random_weights and not all(value <= limit for value, limit in zip(measured, VARIANTS[name][1:])):
        (out / file).unlink()
        raise Refused(f"the variant {name} differs by {measured[0]:.1e} in a probability and {measured[1]:.1e} in a map, "
                      f"and {VARIANTS[name][1]} and {VARIANTS[name][2]} are allowed")
    tolerances = [min(1.0, float(f"{max(2 * value, 1e-4):.1e}")) for value in measured]
    return {"name": name, "file": file, "sha256": sha256(out / file), "probabilityTolerance": tolerances[0],
            "mapTolerance": tolerances[1]}


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def manifest(form, network, name, version, size, digest):
    labels = [label for label in form.labels if label]
    methods = [{"name": "cam", "function": "forward", "sumsToLogit": sums(network)}]
    methods += [{"name": m, "function": m, "sumsToLogit": False} for m in methods_of(network)]
    result = {"formatVersion": 1, "name": name, "version": version, "licence": form.licence, "source": form.source,
              "sha256": digest, "labels": labels, "activation": form.activation, "input": {"size": size, **form.input},
              "methods": {"default": "cam", "available": methods}}
    if sums(network):
        result["bias"] = [float(f"{b:.9g}") for b in bias_of(network).tolist()]
    if form.cutoffs:
        result["cutoffs"] = form.cutoffs
    return result


CARD = """# {name}

{source}. {origin}

| | |
|---|---|
| architecture | {architecture}, {parameters:.1f} million parameters |
| input | {channels} x {size} x {size} |
| labels | {labels}{outputs} |
| licence | {licence} |

Research software, not a medical device. Read its authors' own description for data, training and limits.

## Figures

None was measured by us for these weights. Parity of this package with PyTorch, on {images}:

| method | logits | maps |
|---|---|---|
{rows}

{check}

## Validation

{validation}{variants}
"""

VARIANTS_CARD = """

## Variants

Other files of the same network, of which the service takes the fastest on its processor. Their largest differences from
model.pt, on the same images and on the service's own probe, twice over:

| variant | probability | map |
|---|---|---|
"""


OPERATING_POINTS = "op_threshs"  # torchxrayvision's own state_dict() has them as a buffer


def identified(key, state):
    """The format, and the state dict without the operating points, which identify the weights of torchxrayvision."""
    state = dict(state)
    names = [name for name in state if name.removeprefix("module.") == OPERATING_POINTS]
    points = state.pop(names[0]).flatten().tolist() if names else None
    if key is not None and not key.startswith(ANY):
        return key, state
    if points is None:
        if key == ANY:
            raise Refused(f"it has no {OPERATING_POINTS}, which identify the weights; name the format, as torchxrayvision-nih")
        return key, state
    found = torchxrayvision_weights(points)
    if found is None:
        raise Refused(f"its {OPERATING_POINTS} are of none of the weights of torchxrayvision, so that its labels are unknown")
    if key not in (None, ANY, found):
        raise Refused(f"its {OPERATING_POINTS} are those of {found.removeprefix(ANY + '-')}; export it as {found}")
    print(f"It is {FORMATS[found].source}, by its {OPERATING_POINTS}.", flush=True)
    return found, state


def fitting(state, key):
    """Other formats whose entries these are."""
    try:
        found, _ = identify(state)
    except Refused:
        return []
    return [other for other, form in FORMATS.items() if other != key and form.architecture == found.name
            and len(form.labels) == found.outputs and form.input["channels"] == found.channels
            and form.transition == any(name.endswith(TRANSITION) for name in state)]


def architecture_of(told):
    """Our name of what a config.json calls the architecture, or None."""
    if told is None:
        return None
    name = re.sub(r"_patch\d+.*", "", told.split(".")[0])
    if name not in NAMES:
        raise Refused(f"its config.json names the architecture {told}, which is not supported; README.md beside export.py lists "
                      "what is")
    return name


def labels_of(found, given, form, told):
    """The labels of the outputs, None for a blank one."""
    labels = given or (form.labels if form else None) or told.labels
    if labels and all(re.fullmatch(r"LABEL_\d+", label or "") for label in labels):
        labels = None  # transformers' own, which say nothing
    if not labels:
        raise Refused(f"it has {found.outputs} outputs without labels; give them with --labels")
    if len(labels) != found.outputs:
        raise Refused(f"it has {found.outputs} outputs, but there are {len(labels)} labels ({', '.join(map(str, labels[:4]))} …)")
    labels = tuple(None if label is None or label.strip().lower() in BLANK else label.strip() for label in labels)
    kept = [label for label in labels if label]
    if not kept:
        raise Refused("each of its labels is blank")
    if len(set(kept)) < len(kept):
        raise Refused(f"its labels repeat {next(label for label in kept if kept.count(label) > 1)}")
    return labels


def per_channel(numbers, channels, what):
    if numbers is None:
        return None
    numbers = [float(number) for number in numbers]
    if len(numbers) != channels and len(set(numbers)) == 1:
        numbers = numbers[:1] * channels
    if len(numbers) != channels:
        raise Refused(f"{what} has {len(numbers)} numbers, but its input has {channels} channels; name it by an option")
    return numbers


def input_of(found, form, told, options):
    """The manifest's input, without its size."""
    given = dict(form.input) if form else {}
    if form and given["channels"] != found.channels:
        raise Refused(f"its input has {found.channels} channels, and that of the format {given['channels']}")
    mean = per_channel(options.get("mean") or given.get("mean") or told.mean, found.channels, "mean")
    std = per_channel(options.get("std") or given.get("std") or told.std, found.channels, "std")
    low_high = options.get("range") or given.get("range")
    if (mean is None) != (std is None):
        raise Refused("of mean and std only one is known; name both with --mean and --std")
    if mean is None and low_high is None:
        if found.channels == 1:
            raise Refused("the file does not state mean and std of its channel; give them with --mean and --std, or --range")
        mean, std = IMAGENET["mean"], IMAGENET["std"]
    if std and min(std) <= 0:
        raise Refused("std must be positive")
    crop = options.get("crop") or (form.crop if form else None) or told.crop or 1.0
    if not 0 < crop <= 1:
        raise Refused(f"crop must be above 0 and 1 at most, and is {crop}")
    resize = options.get("resize") or given.get("resize") or told.resize or "centreCrop"
    interpolation = options.get("interpolation") or given.get("interpolation") or told.interpolation or "bilinear"
    if interpolation not in ("bilinear", "bicubic"):
        raise Refused(f"its images are resized by {interpolation}; --interpolation bilinear or bicubic takes another")
    result = {"channels": found.channels, "resize": resize}
    if resize == "centreCrop" and crop < 1:
        result["resizeTo"] = int(found.size / crop)
    if interpolation != "bilinear":
        result["interpolation"] = interpolation
    if low_high:
        result["range"] = [float(number) for number in low_high]
    if mean:
        result |= {"mean": mean, "std": std}
    return result


def read(path, key=None, architecture=None, labels=None, size=None, **options):
    """The network of a checkpoint, what is known of it, its input's side and the files; raises Refused."""
    path = Path(path)
    state, files, told = read_directory(path) if path.is_dir() else (tensors(load(path)), [path], Described())
    key, state = identified(key, state)
    if key is None and any(name.endswith(TRANSITION) for name in state):
        key = "resnet50-wang"
    form = FORMATS[key] if key else None
    size = size or (form.size if form else None) or told.size
    try:
        if form and form.transition and not any(name.endswith(TRANSITION) for name in state):
            raise Refused(f"{TRANSITION} is missing")
        if form and not form.transition and any(name.endswith(TRANSITION) for name in state):
            raise Refused(f"{TRANSITION} is unexpected")
        found, left = identify(state, (form.architecture if form else None) or architecture or architecture_of(told.architecture),
                               size)
    except Refused as e:
        others = fitting(state, key) if key else []
        raise Refused(f"{e}. It fits {' or '.join(others)}" if others else str(e)) from None
    labels = labels_of(found, labels, form, told)
    if left:
        print(f"Left out, as they lack the prefix of most entries: {', '.join(left[:8])}{' …' if len(left) > 8 else ''}",
              flush=True)
    activation = options.get("activation") or (form.activation if form else None) or told.activation or "sigmoid"
    if activation == "softmax" and None in labels:
        raise Refused("no output can be dropped before a softmax; give each a label")
    known = Format(
        options.get("source") or (form.source if form else f"{found.name}, {path.name}"),
        options.get("licence") or (form.licence if form else "not stated"), found.name, labels, form.lse if form else 0.0,
        input=input_of(found, form, told, options), activation=activation,
        cutoffs=form.cutoffs if form and labels == form.labels else None)
    network = found.network([i for i, label in enumerate(labels) if label], known.lse)
    return network, known, found.size, files, key


def export(path, out, key=None, version="1.0.0", images=None, variants=(), **options):
    """Writes the package of a checkpoint; returns the manifest's input; raises Refused."""
    network, form, size, files, key = read(path, key, **options)
    if variants is None:
        variants = ["packed"] if has_variants(network) else []
    if variants and not has_variants(network):
        raise Refused(f"{form.architecture} has no variants; leave --variants out")
    hashes = " and ".join(f"`{file.name}` (SHA-256 `{sha256(file)}`)" for file in files)
    write(network, folded(network), form, out,
          f"Exported by `models/export/export.py{' --format ' + key if key else ''}` from {hashes}.", size, version, images,
          {name: variant(name, network) for name in variants})
    return {"size": size, **form.input}


def sum_check(network, residual):
    if isinstance(network.head, ClassTokenHead):
        return ("Its maps are the head's layer on the tokens of the patches. The logit reads the class token alone, so that no "
                "sum check holds.")
    if network.head.lse:
        return "The maps of a log-sum-exp head do not sum to its logit."
    return f"mean(map) + bias differs from the logit by {residual:.1e} at most."


def outputs_of(form):
    blank = sum(label is None for label in form.labels)
    return f"; {blank} of {len(form.labels)} outputs are blank and were dropped" if blank else ""


def validation_of(form):
    if form.cutoffs:
        return f"None by us. Cut-offs: {form.cutoffs['chosenOn']}."
    return ("None. The package has no cut-offs, so no finding is called positive or negative, and its probabilities are not "
            "calibrated. `models/tools/operating_points.py` and the command `calibrate` add both from images of your own.")


def write(network, exported, form, out, origin, size, version="1.0.0", images=None, variants=None, random_weights=False):
    """Writes the package of a network, whose TorchScript is `exported`, with variants by name; raises Refused if the
    network differs from the file, or from a variant by more than it may. If weights are random, a variant may differ by
    anything: these tell nothing of what rounding does to trained ones."""
    inputs = ([model_input(pixels, {"size": size, **form.input}) for pixels in images] if images else
              [torch.randn(1, form.input["channels"], size, size, generator=torch.Generator().manual_seed(i))
               * (300 if "range" in form.input else 1) for i in range(4)])
    worst, residual = parity(network, exported, inputs)
    difference = max(max(pair) for pair in worst.values())
    if not max(difference, residual) <= TOLERANCE * max(1.0, network(inputs[0])[0].abs().max().item()):
        raise Refused(f"the exported file differs from its network by {difference:.1e}, sum check {residual:.1e}")
    out.mkdir(parents=True, exist_ok=True)
    exported.save(str(out / "model.pt"))
    told = manifest(form, network, out.name, version, size, sha256(out / "model.pt"))
    entries = [save_variant(name, built, network, inputs + [probe(told["input"])], out, random_weights)
               for name, built in (variants or {}).items()]
    if entries:
        told["variants"] = entries
    write_manifest(out, told)
    (out / "README.md").write_text(CARD.format(
        name=out.name, source=form.source, origin=origin,
        architecture=form.architecture, outputs=outputs_of(form), validation=validation_of(form),
        parameters=sum(p.numel() for p in network.parameters()) / 1e6,
        channels=form.input["channels"], size=size, labels=", ".join(told["labels"]), licence=form.licence,
        images=f"{len(inputs)} radiographs" if images else f"{len(inputs)} inputs of noise",
        rows="\n".join(f"| {m} | {a:.1e} | {b:.1e} |" for m, (a, b) in worst.items()),
        check=sum_check(network, residual),
        variants=VARIANTS_CARD + "\n".join("| {name} | {probabilityTolerance} | {mapTolerance} |".format(**entry)
                                           for entry in entries) if entries else ""))


def labels_given(text):
    """Labels by commas, or a file with one a line."""
    path = Path(text)
    if path.is_file():
        return tuple(path.read_text(encoding="utf-8").splitlines())
    return tuple(text.split(","))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, help="a file, or a directory of the Hugging Face hub")
    parser.add_argument("--out", type=Path, required=True, help="the package; its last part is the model's name")
    parser.add_argument("--format", choices=sorted([*FORMATS, ANY]), help="a published format, see README.md")
    parser.add_argument("--architecture", choices=NAMES, help="where the entries do not tell it")
    parser.add_argument("--labels", type=labels_given,
                        help="of the outputs, by commas, or a file with one a line; 'blank' drops an output")
    parser.add_argument("--size", type=int, help="side of the input in pixels; default: what is known, or 224")
    parser.add_argument("--mean", type=float, nargs="+", help="for each channel, or one for all; default: ImageNet's")
    parser.add_argument("--std", type=float, nargs="+")
    parser.add_argument("--range", type=float, nargs=2, help="what black and white become before mean and std; default: 0 1")
    parser.add_argument("--crop", type=float, help="the part of the resized image's shorter side that the input covers")
    parser.add_argument("--resize", choices=["stretch", "letterbox", "centreCrop"])
    parser.add_argument("--interpolation", choices=["bilinear", "bicubic"])
    parser.add_argument("--activation", choices=["sigmoid", "softmax"])
    parser.add_argument("--source", help="where the weights come from, for the manifest")
    parser.add_argument("--licence", help="of the weights")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--images", type=Path, help="prefix of images that tools/decode.py wrote")
    parser.add_argument("--variants", nargs="*", choices=sorted(VARIANTS),
                        help="faster files of the same network that come with model.pt, see README.md; default: packed, of "
                             "DenseNets and ResNets")
    given = vars(parser.parse_args())
    path, out, key, images = (given.pop(name) for name in ("checkpoint", "out", "format", "images"))
    if "bf16" in (given["variants"] or []) and not images:
        parser.error("how far bf16 is off must be measured on radiographs: --images")
    images = list(load_images(images).values())[:20] if images else None
    try:
        export(path, out, key, images=images, **given)
    except Refused as e:
        sys.exit(f"{path} is refused: {e}")
    print((out / "README.md").read_text())


if __name__ == "__main__":
    main()
