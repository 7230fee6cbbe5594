# SPDX-License-Identifier: Apache-2.0
"""ResNets (He et al. 2016; stride in the 3x3 convolution, as torchvision's) with the module names of torchvision and timm,
and the transition layer of Wang et al. 2017 if there is one."""
import copy
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from packed import PackedConv  # noqa: E402

WIDTHS = (64, 128, 256, 512)
BLOCKS = {"resnet18": (2, 2, 2, 2), "resnet34": (3, 4, 6, 3), "resnet50": (3, 4, 6, 3), "resnet101": (3, 4, 23, 3),
          "resnet152": (3, 8, 36, 3)}
BASIC = ("resnet18", "resnet34")


class BasicBlock(nn.Module):
    EXPANSION = 1

    def __init__(self, inputs: int, width: int, stride: int):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        self.downsample = shortcut(inputs, width, stride)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.downsample(x))

    def fold(self) -> None:
        self.conv1, self.bn1 = fuse(self.conv1, self.bn1), nn.Identity()
        self.conv2, self.bn2 = fuse(self.conv2, self.bn2), nn.Identity()
        fold_shortcut(self)


class Bottleneck(nn.Module):
    EXPANSION = 4

    def __init__(self, inputs: int, width: int, stride: int):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.downsample = shortcut(inputs, 4 * width, stride)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + self.downsample(x))


    def fold(self) -> None:
        self.conv1, self.bn1 = fuse(self.conv1, self.bn1), nn.Identity()
        self.conv2, self.bn2 = fuse(self.conv2, self.bn2), nn.Identity()
        self.conv3, self.bn3 = fuse(self.conv3, self.bn3), nn.Identity()
        fold_shortcut(self)


def shortcut(inputs: int, outputs: int, stride: int) -> nn.Module:
    return nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
        nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


def fuse(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> nn.Conv2d:
    return torch.nn.utils.fuse_conv_bn_eval(convolution, norm)


def fold_shortcut(block: nn.Module) -> None:
    if isinstance(block.downsample, nn.Sequential):
        block.downsample = fuse(block.downsample[0], block.downsample[1])


class ResNet(nn.Module):
    """x[B,C,S,S] -> features[B,channels,S/32,S/32] >= 0; channels are those of the transition layer if there is one."""

    def __init__(self, name: str, channels: int, transition: int = 0):
        super().__init__()
        kind = BasicBlock if name in BASIC else Bottleneck
        self.conv1, self.bn1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        inputs = 64
        for i, (width, count) in enumerate(zip(WIDTHS, BLOCKS[name])):
            blocks = []
            for n in range(count):
                blocks.append(kind(inputs, width, 2 if n == 0 and i > 0 else 1))
                inputs = kind.EXPANSION * width
            self.add_module(f"layer{i + 1}", nn.Sequential(*blocks))
        self.transition = nn.Conv2d(inputs, transition, 1) if transition else nn.Identity()
        self.channels = transition or inputs

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return F.relu(self.transition(self.layer4(self.layer3(self.layer2(self.layer1(x))))))

    def fold(self) -> None:
        """Puts every batch norm into the convolution before it."""
        self.conv1, self.bn1 = fuse(self.conv1, self.bn1), nn.Identity()
        for module in self.modules():
            if isinstance(module, (BasicBlock, Bottleneck)):
                module.fold()


def packed_shortcut(block: nn.Module, dtype: torch.dtype) -> nn.Module:
    return block.downsample if isinstance(block.downsample, nn.Identity) else PackedConv(block.downsample, False, dtype)


class PackedBasicBlock(nn.Module):
    def __init__(self, block: BasicBlock, dtype: torch.dtype):
        super().__init__()
        self.conv1, self.conv2 = PackedConv(block.conv1, True, dtype), PackedConv(block.conv2, True, dtype)
        self.downsample = packed_shortcut(block, dtype)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv2(self.conv1(x), self.downsample(x))


class PackedBottleneck(nn.Module):
    def __init__(self, block: Bottleneck, dtype: torch.dtype):
        super().__init__()
        self.conv1, self.conv2 = PackedConv(block.conv1, True, dtype), PackedConv(block.conv2, True, dtype)
        self.conv3 = PackedConv(block.conv3, True, dtype)
        self.downsample = packed_shortcut(block, dtype)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv3(self.conv2(self.conv1(x)), self.downsample(x))


class PackedResNet(nn.Module):
    """The same of a network, with packed weights, channels-last, and activations of another type inside on request."""

    def __init__(self, network: ResNet, dtype: torch.dtype):
        super().__init__()
        network = copy.deepcopy(network)
        network.fold()
        self.dtype = dtype
        self.first = PackedConv(network.conv1, True, dtype)
        self.blocks = nn.Sequential(*(
            PackedBasicBlock(block, dtype) if isinstance(block, BasicBlock) else PackedBottleneck(block, dtype)
            for block in network.modules() if isinstance(block, (BasicBlock, Bottleneck))))
        self.last = nn.Identity() if isinstance(network.transition, nn.Identity) else (
            PackedConv(network.transition, True, dtype))

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x.to(self.dtype).contiguous(memory_format=torch.channels_last))
        return self.last(self.blocks(F.max_pool2d(x, 3, 2, 1))).float()
