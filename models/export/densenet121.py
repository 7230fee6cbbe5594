"""DenseNet-121 (Huang et al. 2017) with the module names of torchvision, so that its state dicts load."""
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn

GROWTH, BOTTLENECK, BLOCKS, FIRST = 32, 128, (6, 12, 24, 16), 64
CHANNELS = 1024


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


class DenseNet121(nn.Module):
    """x[B,C,S,S] -> features[B,1024,S/32,S/32] >= 0."""

    def __init__(self, channels: int):
        super().__init__()
        layers = OrderedDict(conv0=nn.Conv2d(channels, FIRST, 7, 2, 3, bias=False), norm0=nn.BatchNorm2d(FIRST),
                             relu0=nn.ReLU(), pool0=nn.MaxPool2d(3, 2, 1))
        width = FIRST
        for i, count in enumerate(BLOCKS, 1):
            block = OrderedDict((f"denselayer{n + 1}", DenseLayer(width + n * GROWTH)) for n in range(count))
            layers[f"denseblock{i}"] = nn.Sequential(block)
            width += count * GROWTH
            if i < len(BLOCKS):
                layers[f"transition{i}"] = Transition(width)
                width //= 2
        layers["norm5"] = nn.BatchNorm2d(width)
        self.features = nn.Sequential(layers)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.features(x))

    def fold(self) -> None:
        """Puts each batch norm that follows a convolution into it."""
        fuse = torch.nn.utils.fuse_conv_bn_eval
        self.features.conv0, self.features.norm0 = fuse(self.features.conv0, self.features.norm0), nn.Identity()
        for module in self.modules():
            if isinstance(module, DenseLayer):
                module.conv1, module.norm2 = fuse(module.conv1, module.norm2), nn.Identity()
