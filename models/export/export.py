"""Turns a public checkpoint into a model package.

    python models/export/export.py torchxrayvision-nih WEIGHTS.pt --out models/xrv-nih
    python models/export/export.py arnoweng model.pth.tar --out models/chexnet

Formats: see README.md beside this file. A file whose keys or shapes differ from its architecture is refused, and says
which. --images takes images that tools/decode.py wrote, for the parity report; without it, noise serves.
"""
import argparse
import copy
import hashlib
import sys
from pathlib import Path

import torch
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import densenet121  # noqa: E402
import resnet50  # noqa: E402
from cam import Head, Mapped, script  # noqa: E402
from checkpoints import Refused, check, load, tensors, torchvision_names  # noqa: E402
from formats import FORMATS  # noqa: E402
from nih import load_images  # noqa: E402
from preprocess import model_input  # noqa: E402

TOLERANCE = 1e-4
# Variant -> type inside of it, and the largest differences of a probability and of a map that it may have.
VARIANTS = {"packed": (torch.float32, 1e-4, 1e-3), "bf16": (torch.bfloat16, 0.02, 0.1)}


def build(form, state):
    """The network of a state dict, blank labels dropped, and the state dict checked against it."""
    outputs = len(form.labels)
    channels = form.input["channels"]
    if form.architecture == "densenet121":
        trunk, width = densenet121.DenseNet121(channels), densenet121.CHANNELS
    else:
        transition = state["transition.weight"].shape[0] if form.transition and "transition.weight" in state else 0
        if form.transition and not transition:
            raise Refused("transition.weight is missing")
        trunk = resnet50.ResNet50(channels, transition)
        width = transition or resnet50.CHANNELS
    head = Head(width, outputs, form.lse)
    expected = dict(trunk.state_dict())
    expected.update({f"{form.head}.{k}": v for k, v in head.linear.state_dict().items()})
    state = check(state, expected)
    trunk.load_state_dict({k: v for k, v in state.items() if not k.startswith(form.head + ".")}, strict=False)
    kept = [i for i, label in enumerate(form.labels) if label]
    head = Head(width, len(kept), form.lse)
    with torch.no_grad():
        head.linear.weight.copy_(state[f"{form.head}.weight"][kept])
        head.linear.bias.copy_(state[f"{form.head}.bias"][kept])
    return Mapped(trunk, head).eval()


def folded(network):
    result = copy.deepcopy(network)
    result.trunk.fold()
    return script(result)


@torch.no_grad()
def parity(reference, exported, inputs, form):
    """Worst differences of the exported file: method -> (logits, maps in units of each image's largest map value)."""
    worst, residual = {}, 0.0
    for method in ("forward",) + Mapped.METHODS:
        logit = maps = 0.0
        for x in inputs:
            (z, m), (y, n) = getattr(reference, method)(x), getattr(exported, method)(x)
            logit = max(logit, float((z - y).abs().max()))
            maps = max(maps, float((m - n).abs().max() / m.abs().max()))
            if method == "forward" and not form.lse:
                residual = max(residual, float((n.mean((2, 3)) + reference.head.linear.bias - y).abs().max()))
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
    for method in ("forward",) + Mapped.METHODS:
        for x in inputs:
            (z, m), (y, n) = getattr(reference, method)(x), getattr(variant, method)(x)
            probability = max(probability, float((torch.sigmoid(z) - torch.sigmoid(y)).abs().max()))
            maps = max(maps, float((m - n).abs().max() / m.abs().max()))
    return probability, maps


def variant(name, network):
    """The TorchScript of a variant of VARIANTS."""
    trunk = densenet121.PackedDenseNet121 if isinstance(network.trunk, densenet121.DenseNet121) else resnet50.PackedResNet50
    return torch.jit.script(Mapped(trunk(network.trunk, VARIANTS[name][0]), copy.deepcopy(network.head)).eval())


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
    methods = [{"name": "cam", "function": "forward", "sumsToLogit": form.lse == 0}]
    methods += [{"name": m, "function": m, "sumsToLogit": False} for m in Mapped.METHODS]
    result = {"formatVersion": 1, "name": name, "version": version, "licence": form.licence, "source": form.source,
              "sha256": digest, "labels": labels, "activation": "sigmoid", "input": {"size": size, **form.input},
              "methods": {"default": "cam", "available": methods}}
    if not form.lse:
        result["bias"] = [float(f"{b:.9g}") for b in network.head.linear.bias.tolist()]
    if form.cutoffs:
        result["cutoffs"] = form.cutoffs
    return result


CARD = """# {name}

{source}. {origin}

| | |
|---|---|
| architecture | {architecture}, {parameters:.1f} million parameters |
| input | {channels} x {size} x {size} |
| labels | {labels} |
| licence | {licence} |

Research software, not a medical device. Read its authors' own description for data, training and limits.

## Figures

None was measured by us for these weights. Parity of this package with PyTorch, on {images}:

| method | logits | maps |
|---|---|---|
{rows}

{check}{variants}
"""

VARIANTS_CARD = """

## Variants

Other files of the same network, of which the service takes the fastest on its processor. Their largest differences from
model.pt, on the same images and on the service's own probe, twice over:

| variant | probability | map |
|---|---|---|
"""


def export(key, checkpoint, out, size=224, version="1.0.0", images=None, whole_module=False, variants=()):
    """Writes the package of a checkpoint; raises Refused."""
    form = FORMATS[key]
    network = build(form, torchvision_names(tensors(load(checkpoint, whole_module)), form.prefix))
    write(network, folded(network), form, out, f"Exported by `models/export/export.py {key}` from a file with the SHA-256 "
          f"`{sha256(checkpoint)}`.", size, version, images,
          {name: variant(name, network) for name in variants})


def write(network, exported, form, out, origin, size, version="1.0.0", images=None, variants=None, random_weights=False):
    """Writes the package of a network, whose TorchScript is `exported`, with variants by name; raises Refused if the
    network differs from the file, or from a variant by more than it may. If weights are random, a variant may differ by
    anything: these tell nothing of what rounding does to trained ones."""
    inputs = ([model_input(pixels, {"size": size, **form.input}) for pixels in images] if images else
              [torch.randn(1, form.input["channels"], size, size, generator=torch.Generator().manual_seed(i))
               * (300 if "range" in form.input else 1) for i in range(4)])
    worst, residual = parity(network, exported, inputs, form)
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
    (out / "model.yaml").write_text(yaml.safe_dump(told, sort_keys=False, width=110))
    (out / "README.md").write_text(CARD.format(
        name=out.name, source=form.source, origin=origin,
        architecture=form.architecture, parameters=sum(p.numel() for p in network.parameters()) / 1e6,
        channels=form.input["channels"], size=size, labels=", ".join(told["labels"]), licence=form.licence,
        images=f"{len(inputs)} radiographs" if images else f"{len(inputs)} inputs of noise",
        rows="\n".join(f"| {m} | {a:.1e} | {b:.1e} |" for m, (a, b) in worst.items()),
        check="The maps of a log-sum-exp head do not sum to its logit." if form.lse
        else f"mean(map) + bias differs from the logit by {residual:.1e} at most.",
        variants=VARIANTS_CARD + "\n".join("| {name} | {probabilityTolerance} | {mapTolerance} |".format(**entry)
                                           for entry in entries) if entries else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format", choices=sorted(FORMATS))
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the package; its last part is the model's name")
    parser.add_argument("--size", type=int, default=224, help="side of the input in pixels")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--images", type=Path, help="prefix of images that tools/decode.py wrote")
    parser.add_argument("--whole-module", action="store_true", help="the file is a pickle of a module, see checkpoints.py")
    parser.add_argument("--variants", nargs="*", choices=sorted(VARIANTS), default=["packed"],
                        help="faster files of the same network that come with model.pt, see README.md; default: packed")
    args = parser.parse_args()
    if "bf16" in args.variants and not args.images:
        parser.error("how far bf16 is off must be measured on radiographs: --images")
    images = list(load_images(args.images).values())[:20] if args.images else None
    try:
        export(args.format, args.checkpoint, args.out, args.size, args.version, images, args.whole_module, args.variants)
    except Refused as e:
        sys.exit(f"{args.checkpoint} is refused: {e}")
    print((args.out / "README.md").read_text())


if __name__ == "__main__":
    main()
