# SPDX-License-Identifier: Apache-2.0
"""DenseNets of growth 32 (Huang et al. 2017) with the module names of torchvision and timm, so that their state dicts load."""
import copy
import sys
from collections import OrderedDict
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from packed import PackedConv  # noqa: E402

GROWTH, BOTTLENECK, FIRST = 32, 128, 64
BLOCKS = {"densenet121": (6, 12, 24, 16), "densenet169": (6, 12, 32, 32), "densenet201": (6, 12, 48, 32)}


class DenseLayer(nn.Module):
    def __init__(self, inputs: int):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, BOTTLENECK, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(BOTTLENECK)
        self.conv2 = nn.Conv2d(BOTTLENECK, GROWTH, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(F.relu(self.norm1(x)))
        return torch.cat([x, self.conv2(F.relu(self.norm2(y)))], 1)


class Transition(nn.Module):
    def __init__(self, inputs: int):
        super().__init__()
        self.norm = nn.BatchNorm2d(inputs)
        self.conv = nn.Conv2d(inputs, inputs // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        # A 1x1 convolution and an average commute; pooled first, it has a quarter of the cells to do.
        return self.conv(F.avg_pool2d(F.relu(self.norm(x)), 2))


class DenseNet(nn.Module):
    """x[B,C,S,S] -> features[B,channels,S/32,S/32] >= 0."""

    def __init__(self, name: str, channels: int):
        super().__init__()
        layers = OrderedDict(conv0=nn.Conv2d(channels, FIRST, 7, 2, 3, bias=False), norm0=nn.BatchNorm2d(FIRST),
                             relu0=nn.ReLU(), pool0=nn.MaxPool2d(3, 2, 1))
        width, blocks = FIRST, BLOCKS[name]
        for i, count in enumerate(blocks, 1):
            block = OrderedDict((f"denselayer{n + 1}", DenseLayer(width + n * GROWTH)) for n in range(count))
            layers[f"denseblock{i}"] = nn.Sequential(block)
            width += count * GROWTH
            if i < len(blocks):
                layers[f"transition{i}"] = Transition(width)
                width //= 2
        layers["norm5"] = nn.BatchNorm2d(width)
        self.features = nn.Sequential(layers)
        self.channels = width

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.features(x))

    def fold(self) -> None:
        """Puts each batch norm that follows a convolution into it."""
        fuse = torch.nn.utils.fuse_conv_bn_eval
        self.features.conv0, self.features.norm0 = fuse(self.features.conv0, self.features.norm0), nn.Identity()
        for module in self.modules():
            if isinstance(module, DenseLayer):
                module.conv1, module.norm2 = fuse(module.conv1, module.norm2), nn.Identity()


class PackedLayer(nn.Module):
    def __init__(self, layer: DenseLayer, dtype: torch.dtype):
        super().__init__()
        self.norm = layer.norm1
        self.conv1, self.conv2 = PackedConv(layer.conv1, True, dtype), PackedConv(layer.conv2, False, dtype)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.conv2(self.conv1(F.relu_(self.norm(x))))], 1)


class PackedTransition(nn.Module):
    def __init__(self, transition: Transition, dtype: torch.dtype):
        super().__init__()
        self.norm, self.conv = transition.norm, PackedConv(transition.conv, False, dtype)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.avg_pool2d(F.relu_(self.norm(x)), 2))


class PackedDenseNet(nn.Module):
    """The same of a network, with packed weights, channels-last, and activations of another type inside on request."""

    def __init__(self, network: DenseNet, dtype: torch.dtype):
        super().__init__()
        network = copy.deepcopy(network)
        network.fold()
        layers = OrderedDict()
        for name, module in network.features.named_children():
            if name.startswith("denseblock"):
                for n, layer in enumerate(module, 1):
                    layers[f"{name}_layer{n}"] = PackedLayer(layer, dtype)
            elif isinstance(module, Transition):
                layers[name] = PackedTransition(module, dtype)
        self.dtype = dtype
        self.first = PackedConv(network.features.conv0, True, dtype)
        self.layers = nn.Sequential(layers)
        self.last = network.features.norm5

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x.to(self.dtype).contiguous(memory_format=torch.channels_last))
        return F.relu_(self.last(self.layers(F.max_pool2d(x, 3, 2, 1)))).float()
