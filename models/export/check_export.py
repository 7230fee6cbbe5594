# SPDX-License-Identifier: Apache-2.0
"""Tries export.py on files of each published format and of other architectures: packages against the networks of their libraries.

    /usr/bin/python3 models/tools/decode.py ../shared/nih/boxed CACHE/boxed
    python models/export/check_export.py --images CACHE/boxed --out PACKAGES --sizes 64 96 --count 4

The real files are not at hand. Networks of torchvision, timm and torchxrayvision get random weights, and their state dicts are
written as the formats' authors wrote theirs (oracles.py). Logits and maps of the exported files, packed variants among them,
must agree on real images. With --out, the packages of the first size stay there for the comparison with Java
(models/tools/parity.py).
"""
import argparse
import json
import re
import sys
import tempfile
from pathlib import Path

import timm
import torch
import torchxrayvision
from safetensors.torch import save_file
from torch import nn

import export
from formats import FORMATS
from nih import LABELS, load_images
from oracles import calibrated, expected, oracle
from preprocess import model_input

TOLERANCE = 1e-4
DEEP_TOLERANCE = 5e-3  # of EfficientNets with random weights, which amplify what float32 rounds: check_architectures.py


def old_names(name):
    """torchvision's names before 0.2.1, as in CheXNet's files: norm.1 for norm1 inside of a dense layer."""
    return re.sub(r"(\.denselayer\d+\.)(norm|conv)([12])\.", r"\1\2.\3.", name)


def xrv_densenet(size):
    torch.manual_seed(1)
    network = torchxrayvision.models.DenseNet(num_classes=18, in_channels=1)
    network.forward = lambda x: network.classifier(torch.relu(network.features(x)).mean((2, 3)))  # its own resizes to 224 px
    return calibrated(network, size, 1)


def xrv_resnet(size):
    """torchxrayvision's ResNet is torchvision's with one channel; its class loads only published weights."""
    import torchvision
    torch.manual_seed(2)
    network = torchvision.models.resnet50(weights=None, num_classes=18)
    network.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    return calibrated(network, size, 1)


class Wang(nn.Module):
    """ResNet-50, a transition layer, and log-sum-exp pooling of sharpness 10 (Wang et al. 2017)."""

    def __init__(self, size):
        super().__init__()
        network = oracle("torchvision", "resnet50", size)
        network.fc = nn.Identity()
        self.network, self.transition = network, nn.Conv2d(2048, 1024, 1)
        self.classifier = nn.Linear(1024, 14)
        nn.init.normal_(self.classifier.weight, 0, 0.1)

    def features(self, x):
        found = {}
        hook = self.network.layer4.register_forward_hook(lambda _module, _inputs, output: found.update(features=output))
        self.network(x)
        hook.remove()
        return torch.relu(self.transition(found["features"]))


@torch.no_grad()
def expected_of_wang(network, x):
    a = network.features(x)
    pooled = (a.double().flatten(2) * 10).exp().mean(2).log().float() / 10
    return network.classifier(pooled), torch.einsum("kc,bchw->bkhw", network.classifier.weight, a)


def with_head(network, rename=lambda name: name, wrap=lambda state: state):
    return wrap({rename(name): value for name, value in network.state_dict().items()})


def chexnet(prefix):
    return lambda name: prefix + old_names(name).replace("classifier.", "classifier.0.")


def trained(state):
    """As Medical MAE and EVA-X write: beside the model, an optimizer's state and the arguments."""
    return {"model": state, "optimizer": {"state": {}, "param_groups": [{"lr": 0.1}]}, "epoch": 74,
            "args": argparse.Namespace(model="densenet121", nb_classes=14, device=torch.device("cpu"))}


# Name -> library and name of expected(), the network of a size, and its file's content.
FILES = {
    "torchxrayvision-nih": ("torchvision", "densenet121", xrv_densenet, with_head),
    "torchxrayvision-chex": ("torchvision", "densenet121", xrv_densenet, with_head),
    "arnoweng": ("torchvision", "densenet121", lambda size: oracle("torchvision", "densenet121", size, 14), lambda network:
                 with_head(network, chexnet("module.densenet121."), lambda state: {"state_dict": state, "epoch": 3})),
    "jrzech": ("torchvision", "densenet121", lambda size: oracle("torchvision", "densenet121", size, 14),
               lambda network: with_head(network, chexnet(""))),
    "resnet50-wang": (None, None, Wang, lambda network: with_head(
        network, lambda name: name.removeprefix("network."))),
    "torchxrayvision-resnet50-res512-all": ("torchvision", "resnet50", xrv_resnet, with_head),
    "eva-x-densenet121": ("torchvision", "densenet121", lambda size: oracle("torchvision", "densenet121", size, 14),
                          lambda network: with_head(network, wrap=trained)),
    "medical-mae-vit-small": ("timm", "vit_small_patch16_224 avg",
                              lambda size: oracle("timm", "vit_small_patch16_224 avg", size, 14),
                              lambda network: with_head(network, wrap=trained)),
    "resnet18": ("timm", "resnet18", lambda size: oracle("timm", "resnet18", size, 4, 1), lambda network: with_head(
        network, lambda name: name if name.startswith("fc.") else f"model.encoder.{name}", lambda state: {"net": state})),
    "efficientnet_b0": ("timm", "efficientnet_b0", lambda size: oracle("timm", "efficientnet_b0", size, 14), None),
    "efficientnet_lite0": ("timm", "tf_efficientnet_lite0", lambda size: oracle("timm", "tf_efficientnet_lite0", size, 3), None),
    "convnext_tiny": ("torchvision", "convnext_tiny", lambda size: oracle("torchvision", "convnext_tiny", size, 14),
                      lambda network: with_head(network, wrap=lambda state: {"model_state_dict": state})),
    "vit_small": ("timm", "vit_small_patch16_224", lambda size: oracle("timm", "vit_small_patch16_224", size, 14),
                  lambda network: with_head(network, lambda name: f"module.backbone.{name}")),
}
OPTIONS = {  # of export.py, of those that are no published format
    "resnet18": {"labels": ("Effusion", "blank", "A finding", "Nodule"), "mean": [0.5], "std": [0.25]},
    "convnext_tiny": {"labels": LABELS}, "vit_small": {"labels": LABELS, "crop": 0.9, "interpolation": "bicubic"},
}
LIKE_OTHERS = ("torchxrayvision-chex", "jrzech", "eva-x-densenet121")  # DenseNet-121s of names and wrappings that others have, too
PACKED = ("torchxrayvision-nih", "resnet50-wang", "resnet18")  # every kind of layer


def hub_directory(folder, network, name, size, labels):
    """As timm's push_to_hf_hub writes it."""
    folder.mkdir(exist_ok=True)
    save_file({key: value.contiguous() for key, value in network.state_dict().items()}, folder / "model.safetensors")
    told = {**network.default_cfg, "input_size": [3, size, size], "mean": [0.5] * 3, "std": [0.25] * 3, "crop_pct": 0.875}
    (folder / "config.json").write_text(json.dumps(
        {"architecture": name, "num_classes": len(labels), "pretrained_cfg": told, "label_names": list(labels)}, default=str))
    return folder


def kept(labels):
    return [i for i, label in enumerate(labels) if label and label != "blank"]


def compare(name, folder, images, out, size, labels=None):
    """Whether the package of a file answers as the network that the file is of."""
    library, plain, build, content = FILES[name]
    network = build(size)
    if content is None:
        labels = LABELS[:network.num_classes]
        file = hub_directory(folder / "hub", network, plain, size, labels)
    else:
        file = folder / f"{name}.pth"
        torch.save(content(network), file)
    form, options = FORMATS.get(name), OPTIONS.get(name, {})
    outputs = kept((form.labels if form else None) or labels or options["labels"])
    package = out / f"{name}-{size}"
    told = export.export(file, package, name if form else None, size=size, images=images[:2],
                         variants=["packed"] if name in PACKED else [], **options)
    worst = 0.0
    for path in sorted(package.glob("model*.pt")):
        exported = torch.jit.load(str(path))
        for pixels in images:
            x = model_input(pixels, told)
            logits, maps = expected_of_wang(network, x) if library is None else expected(library, plain, network, x)[:2]
            with torch.no_grad():
                y, n = exported(x)
            worst = max(worst, float((logits[:, outputs] - y).abs().max() / logits.abs().max().clamp(min=1)),
                        float((maps[:, outputs] - n).abs().max() / maps[:, outputs].abs().max()))
    print(f"{name}: {len(images)} images at {size} px, worst difference {worst:.1e}", flush=True)
    return worst <= (DEEP_TOLERANCE if name.startswith("efficientnet") else TOLERANCE)


def variants_that_differ(folder, images):
    """A variant that is off is refused, and its file does not stay."""
    allowed = export.VARIANTS["packed"]
    export.VARIANTS["packed"] = (torch.float32, 0.0, 0.0)
    try:
        export.export(folder / "resnet18.pth", folder / "off", size=64, images=images[:1], variants=["packed"],
                      **OPTIONS["resnet18"])
    except export.Refused as e:
        good = "the variant packed differs by" in str(e) and not (folder / "off" / "model-packed.pt").exists()
        print(f"a variant that differs: {'refused' if good else 'REFUSED FOR ANOTHER REASON'}: {e}")
        return good
    finally:
        export.VARIANTS["packed"] = allowed
    print("a variant that differs: NOT REFUSED")
    return False


def positions_are_resized(folder):
    """Position embeddings of another grid become those that timm makes of them."""
    network = oracle("timm", "vit_small_patch16_224", 96, 3)
    torch.save(network.state_dict(), folder / "vit.pth")
    own = export.read(folder / "vit.pth", labels=("A", "B", "C"), size=64)[0]
    network.set_input_size(img_size=64)
    x = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        difference = float((own(x)[0] - network(x)).abs().max())
    print(f"position embeddings of 96 px at 64 px: {difference:.1e} from timm {timm.__version__}")
    return difference < TOLERANCE


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 96])
    parser.add_argument("--count", type=int, default=4, help="how many of the images")
    parser.add_argument("--only", nargs="+", choices=FILES, default=FILES)
    parser.add_argument("--few", action="store_true", help="leave out " + ", ".join(LIKE_OTHERS) + ", which are like others")
    args = parser.parse_args()
    # Each of some hundred methods runs a few times: to profile and specialise it takes longer than what that saves.
    torch._C._jit_set_profiling_mode(False)
    images = [pixels for _, pixels in sorted(load_images(args.images).items())][:args.count]
    with tempfile.TemporaryDirectory() as temporary:
        folder, results = Path(temporary), []
        for size in args.sizes:
            out = args.out if args.out else folder
            results += [compare(name, folder, images, out, size) for name in args.only
                        if not (args.few and name in LIKE_OTHERS)]
        if args.only is FILES:
            results += [variants_that_differ(folder, images), positions_are_resized(folder)]
    print("the exporters hold" if all(results) else "AN EXPORTER FAILS")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
