# SPDX-License-Identifier: Apache-2.0
"""Networks that a cell head can read, by a name: PATH or PATH:SIDE.

a package    gives each network of its frozen model.pt, in the order of its networks.yaml, whose weights are taken out;
             PACKAGE/0 gives the first alone
ImageNet     efficientnet-lite0-imagenet-fp16.pt or -lite2-: features only, no class maps
a checkpoint of models/train/train.py: the averaged network

networks.yaml has an entry for each network of a package: `code: own` for that of its network.py and train.py, else `kind`,
`joined` and `lse` as in recipes.py; and `side`, the pixels that the network runs at.
"""
import importlib.util
import sys
from pathlib import Path

import torch
import yaml
from torch import nn

from cam import Head
from cells import Network, Plain
from efficientnet import SCALES, Lite
from nih import LABELS


def module_of(path, name):
    """A package's own Python file, whose imports are found beside it."""
    sys.path.insert(0, str(path.parent))
    try:
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(path.parent))


def untrained(package, told):
    """A network of a package as its code makes it, batch norms folded."""
    if told.get("code") == "own":
        training = module_of(package / "train.py", "train_of_" + package.name.replace("-", "_"))
        network = training.build(training.Recipe()).eval()
        training.fold(network)
        training.pad_stem(network)
        return Network(Plain(network.trunk), network.head, told["side"]).eval()
    trunk = Lite(told["kind"], told["joined"])
    return folded(Network(trunk, Head(trunk.channels, len(LABELS), told["lse"]), told["side"]))


def folded(network):
    network.eval()
    if isinstance(network.trunk, Lite):
        network.trunk.fold()
        network.trunk.pad()
        network.trunk.multiply()
    return network


@torch.no_grad()
def thaw(package):
    """The eager networks of a package like cxr14-cells: the constants of the frozen file, convolution after convolution."""
    networks = [untrained(package, told) for told in yaml.safe_load((package / "networks.yaml").read_text())]
    frozen = torch.jit.load(str(package / "model.pt")).eval()
    constants = [[given.node().t("value") for given in list(node.inputs())[1:3]
                  if given.node().kind() == "prim::Constant" and given.type().kind() == "TensorType"]
                 for node in frozen.graph.nodes() if node.kind() in ("aten::conv2d", "aten::linear")]
    size = yaml.safe_load((package / "model.yaml").read_text())["input"]["size"]
    x = torch.rand(2, 1, size, size, generator=torch.Generator().manual_seed(1))
    order, hooks = [], []
    for network in networks:
        for module in network.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                hooks.append(module.register_forward_hook(lambda module, *_: order.append(module)))
        network.head(network.both(x)[1])
    for hook in hooks:
        hook.remove()
    own = [c for c in constants if len(c) == 2]  # the class maps' weights, which are the head's, have no bias
    if [tuple(m.weight.shape) for m in order] != [tuple(w.shape) for w, _ in own]:
        raise ValueError(f"{package}/model.pt is not of {package}/networks.yaml")
    for module, (weight, bias) in zip(order, own):
        module.weight.copy_(weight)
        module.bias.copy_(bias)
    logits = torch.stack([network.head(network.both(x)[1])[0] for network in networks]).mean(0)
    if not torch.equal(logits, frozen(x)[0]):
        raise ValueError(f"{package}/model.pt answers otherwise than its weights in {package}/networks.yaml")
    return networks


def load_all(names):
    """The networks of some names, in evaluation mode, batch norms folded; without a head where there are no class maps."""
    networks = []
    for name in names:
        path, _, side = name.partition(":")
        found = of_path(Path(path))
        for network in found:
            network.side = int(side or network.side)
        networks += found
    return networks


def of_path(path):
    if path.is_dir():
        return thaw(path)
    if is_one_of_package(path):
        return [thaw(path.parent)[int(path.name)]]
    return [load_file(path)]


def is_one_of_package(path):
    return path.name.isdigit() and path.parent.is_dir()


def label(name):
    """What tables call it: NAME, NAME/0 or NAME@SIDE."""
    path, _, side = name.partition(":")
    path = Path(path)
    short = f"{path.parent.name}/{path.name}" if is_one_of_package(path) else path.stem
    return short + (f"@{side}" if side else "")


def load_file(path):
    if "imagenet" in path.name:
        trunk = Lite(next(kind for kind in SCALES if kind in path.name)).eval()
        trunk.load_imagenet(path)
        return folded(Network(trunk, None, 224))
    saved = torch.load(path, map_location="cpu", weights_only=True)
    recipe = saved["recipe"]
    trunk = Lite(recipe["kind"], recipe["joined"])
    head = Head(trunk.channels, saved["average"]["head.linear.weight"].shape[0], recipe["lse"])
    nn.ModuleDict({"trunk": trunk, "head": head}).load_state_dict(saved["average"])
    return folded(Network(trunk, head, recipe["stages"][-1][0]))


def described(network):
    """The entry of networks.yaml."""
    if isinstance(network.trunk, Lite):
        return {"kind": network.trunk.kind, "joined": network.trunk.joined, "lse": network.head.lse, "side": network.side}
    return {"code": "own", "side": network.side}


def scores(name):
    """The validation AUCs of a checkpoint, overall and within a source size, as texts; None of anything else."""
    path = Path(name.partition(":")[0])
    if not path.is_file() or "imagenet" in path.name:
        return None
    return [f"{score:.4f}" for score in torch.load(path, map_location="cpu", weights_only=True)["scores"]]
