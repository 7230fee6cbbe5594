# SPDX-License-Identifier: Apache-2.0
"""ConvNeXt-Tiny (Liu et al. 2022) with timm's module names. x[B,C,S,S] -> features[B,768,S/32,S/32], of both signs."""
from collections import OrderedDict

import torch
from torch import Tensor, nn
import torch.nn.functional as F

DEPTHS = {"convnext_tiny": (3, 3, 9, 3), "convnext_small": (3, 3, 27, 3)}
WIDTHS, EPSILON = (96, 192, 384, 768), 1e-6


class ChannelNorm(nn.Module):
    """Layer norm over the channels of each cell."""

    def __init__(self, channels: int):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        y = F.layer_norm(x.permute(0, 2, 3, 1), self.weight.shape, self.weight, self.bias, 1e-6)
        return y.permute(0, 3, 1, 2)


class Block(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))
        self.conv_dw = nn.Conv2d(width, width, 7, 1, 3, groups=width)
        self.norm = nn.LayerNorm(width, EPSILON)
        self.mlp = nn.Sequential(OrderedDict(fc1=nn.Linear(width, 4 * width), act=nn.GELU(), fc2=nn.Linear(4 * width, width)))

    def forward(self, x: Tensor) -> Tensor:
        y = self.mlp(self.norm(self.conv_dw(x).permute(0, 2, 3, 1))) * self.gamma
        return x + y.permute(0, 3, 1, 2)


class Stage(nn.Module):
    def __init__(self, inputs: int, width: int, depth: int):
        super().__init__()
        self.downsample = nn.Identity() if inputs == width else nn.Sequential(
            ChannelNorm(inputs), nn.Conv2d(inputs, width, 2, 2))
        self.blocks = nn.Sequential(*(Block(width) for _ in range(depth)))

    def forward(self, x: Tensor) -> Tensor:
        return self.blocks(self.downsample(x))


class ConvNeXt(nn.Module):
    def __init__(self, name: str, channels: int):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(channels, WIDTHS[0], 4, 4), ChannelNorm(WIDTHS[0]))
        self.stages = nn.Sequential(*(Stage(WIDTHS[max(0, i - 1)], width, depth)
                                      for i, (width, depth) in enumerate(zip(WIDTHS, DEPTHS[name]))))
        self.channels = WIDTHS[-1]

    def forward(self, x: Tensor) -> Tensor:
        return self.stages(self.stem(x))

    def fold(self) -> None:
        """There are no batch norms."""
