"""Networks that a cell head can read, by a name: PATH or PATH:SIDE.

a package    its directory holds network.py, train.py and the frozen model.pt; the weights are taken out of the latter
ImageNet     efficientnet-lite0-imagenet-fp16.pt or -lite2-: features only, no class maps
a checkpoint of models/train/train.py: the averaged network
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


def thaw(package):
    """The eager form of a package like cxr14-cells: the constants of the frozen file, convolution after convolution."""
    package = Path(package)
    training = module_of(package / "train.py", "train_of_" + package.name.replace("-", "_"))
    network = training.build(training.Recipe()).eval()
    training.fold(network)
    training.pad_stem(network)
    told = yaml.safe_load((package / "model.yaml").read_text())
    frozen = torch.jit.load(str(package / "model.pt")).eval()
    constants = [[given.node().t("value") for given in list(node.inputs())[1:3] if given.type().kind() == "TensorType"]
                 for node in frozen.graph.nodes() if node.kind() in ("aten::conv2d", "aten::linear")]
    order, hooks = [], []
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            hooks.append(module.register_forward_hook(lambda module, *_: order.append(module)))
    x = torch.rand(2, 1, told["input"]["size"], told["input"]["size"], generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        network(x)
        for hook in hooks:
            hook.remove()
        own = [c for c in constants if len(c) == 2]  # the class maps' weights, which are the head's, have no bias
        if [tuple(m.weight.shape) for m in order] != [tuple(w.shape) for w, _ in own]:
            raise ValueError(f"{package}/model.pt is not of {package}/network.py")
        for module, (weight, bias) in zip(order, own):
            module.weight.copy_(weight)
            module.bias.copy_(bias)
        if not all(torch.equal(a, b) for a, b in zip(network(x), frozen(x))):
            raise ValueError(f"{package}/model.pt answers otherwise than its weights in {package}/network.py")
    return network, told["input"]["size"]


def load(name):
    """The network of a name, in evaluation mode, batch norms folded; without a head where there are no class maps."""
    path, _, side = name.partition(":")
    path = Path(path)
    if path.is_dir():
        network, size = thaw(path)
        found = Network(Plain(network.trunk), network.head, int(side or size))
    elif "imagenet" in path.name:
        kind = next(kind for kind in SCALES if kind in path.name)
        trunk = Lite(kind).eval()
        trunk.load_imagenet(path)
        found = Network(trunk, None, int(side or 224))
    else:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        recipe = saved["recipe"]
        trunk = Lite(recipe["kind"], recipe["joined"])
        head = Head(trunk.channels, saved["average"]["head.linear.weight"].shape[0], recipe["lse"])
        nn.ModuleDict({"trunk": trunk, "head": head}).load_state_dict(saved["average"])
        found = Network(trunk, head, int(side or recipe["stages"][-1][0]))
    found.eval()
    if isinstance(found.trunk, Lite):
        found.trunk.fold()
        found.trunk.pad()
    return found


def scores(name):
    """The validation AUCs of a checkpoint, overall and within a source size, as texts; None of anything else."""
    path = Path(name.partition(":")[0])
    if path.is_dir() or "imagenet" in path.name:
        return None
    return [f"{score:.4f}" for score in torch.load(path, map_location="cpu", weights_only=True)["scores"]]
