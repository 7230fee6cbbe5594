"""ResNet-50 (He et al. 2016; stride in the 3x3 convolution, as torchvision's) with the transition layer of Wang et al.
2017, with the module names of torchvision."""
import copy
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from packed import PackedConv  # noqa: E402

LAYERS = ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2))  # width, blocks, stride
CHANNELS = 2048


class Bottleneck(nn.Module):
    def __init__(self, inputs: int, width: int, stride: int):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.downsample = nn.Identity() if stride == 1 and inputs == 4 * width else nn.Sequential(
            nn.Conv2d(inputs, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width))

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + self.downsample(x))


class ResNet50(nn.Module):
    """x[B,3,S,S] -> features[B,C,S/32,S/32] >= 0; C is 2048, or the width of the transition layer if there is one."""

    def __init__(self, channels: int, transition: int):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        inputs = 64
        for i, (width, count, stride) in enumerate(LAYERS, 1):
            blocks = []
            for n in range(count):
                blocks.append(Bottleneck(inputs, width, stride if n == 0 else 1))
                inputs = 4 * width
            self.add_module(f"layer{i}", nn.Sequential(*blocks))
        self.transition = nn.Conv2d(CHANNELS, transition, 1) if transition else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return F.relu(self.transition(self.layer4(self.layer3(self.layer2(self.layer1(x))))))

    def fold(self) -> None:
        """Puts every batch norm into the convolution before it."""
        fuse = torch.nn.utils.fuse_conv_bn_eval
        self.conv1, self.bn1 = fuse(self.conv1, self.bn1), nn.Identity()
        for module in self.modules():
            if isinstance(module, Bottleneck):
                module.conv1, module.bn1 = fuse(module.conv1, module.bn1), nn.Identity()
                module.conv2, module.bn2 = fuse(module.conv2, module.bn2), nn.Identity()
                module.conv3, module.bn3 = fuse(module.conv3, module.bn3), nn.Identity()
                if isinstance(module.downsample, nn.Sequential):
                    module.downsample = fuse(module.downsample[0], module.downsample[1])


class PackedBottleneck(nn.Module):
    def __init__(self, block: Bottleneck, dtype: torch.dtype):
        super().__init__()
        self.conv1, self.conv2 = PackedConv(block.conv1, True, dtype), PackedConv(block.conv2, True, dtype)
        self.conv3 = PackedConv(block.conv3, True, dtype)
        self.downsample = nn.Identity() if isinstance(block.downsample, nn.Identity) else (
            PackedConv(block.downsample, False, dtype))

    def forward(self, x: Tensor) -> Tensor:
        return self.conv3(self.conv2(self.conv1(x)), self.downsample(x))


class PackedResNet50(nn.Module):
    """The same of a network, with packed weights, channels-last, and activations of another type inside if asked for."""

    def __init__(self, network: ResNet50, dtype: torch.dtype):
        super().__init__()
        network = copy.deepcopy(network)
        network.fold()
        self.dtype = dtype
        self.first = PackedConv(network.conv1, True, dtype)
        self.blocks = nn.Sequential(*(PackedBottleneck(block, dtype) for block in network.modules()
                                      if isinstance(block, Bottleneck)))
        self.last = nn.Identity() if isinstance(network.transition, nn.Identity) else (
            PackedConv(network.transition, True, dtype))

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x.to(self.dtype).contiguous(memory_format=torch.channels_last))
        return self.last(self.blocks(F.max_pool2d(x, 3, 2, 1))).float()
