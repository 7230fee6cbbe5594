# SPDX-License-Identifier: Apache-2.0
"""The network of cxr14-base: residual blocks with channel attention, read out at an eighth of the input's side.

x[B,1,S,S] -> (logits[B,14], maps[B,14,S/8,S/8]); the class activation methods are those of models/tools/cam.py.
"""
from typing import Tuple

import torch
from torch import Tensor, nn
import torch.nn.functional as F

from cam import Head, Mapped


class Standardize(nn.Module):
    """Each image to mean 0 and deviation 1, so that exposure and window of a source matter little."""

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean((2, 3), keepdim=True)
        deviation = (centred * centred).mean((2, 3), keepdim=True).sqrt()
        return centred / (deviation + 1e-3)


class Coordinates(nn.Module):
    """Adds the place of each cell (x, y, and their squares, in [-1, 1]) as four channels."""

    def forward(self, x: Tensor) -> Tensor:
        h, w = x.shape[2], x.shape[3]
        xs = ((torch.arange(w, device=x.device) + 0.5) * (2.0 / w) - 1.0).to(x.dtype)[None, :].expand(h, w)
        ys = ((torch.arange(h, device=x.device) + 0.5) * (2.0 / h) - 1.0).to(x.dtype)[:, None].expand(h, w)
        place = torch.stack([xs, ys, xs * xs, ys * ys])[None].expand(x.shape[0], 4, h, w)
        return torch.cat([x, place], 1)


class ChannelAttention(nn.Module):
    """Squeeze and excitation (Hu et al. 2018)."""

    def __init__(self, channels: int):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, channels // 8, 1)
        self.excite = nn.Conv2d(channels // 8, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.excite(F.relu(self.squeeze(x.mean((2, 3), keepdim=True)))))


class Residual(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int, attention: bool):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        self.attention = ChannelAttention(outputs) if attention else nn.Identity()
        self.shortcut = nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
            nn.AvgPool2d(stride) if stride > 1 else nn.Identity(),
            nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.first_norm(self.first(x)))
        return F.relu(self.attention(self.second_norm(self.second(y))) + self.shortcut(x))


class Trunk(nn.Module):
    """grid 8: the last features at an eighth of the side; grid 4: upsampled and joined with the finer ones."""

    def __init__(self, widths: Tuple[int, ...], attention: bool, coordinates: bool, grid: int):
        super().__init__()
        w = widths
        self.fine = nn.Sequential(
            Standardize(),
            nn.Conv2d(1, w[0], 5, 2, 2, bias=False), nn.BatchNorm2d(w[0]), nn.ReLU(),
            Residual(w[0], w[1], 2, attention), Residual(w[1], w[1], 1, attention))
        self.coarse = nn.Sequential(
            Residual(w[1], w[2], 2, attention), Residual(w[2], w[2], 1, attention),
            Coordinates() if coordinates else nn.Identity(),
            Residual(w[2] + (4 if coordinates else 0), w[3], 1, attention), Residual(w[3], w[4], 1, attention))
        self.joined = grid == 4
        self.lateral = nn.Conv2d(w[1], w[2], 1) if grid == 4 else nn.Identity()
        self.down = nn.Conv2d(w[4], w[2], 1) if grid == 4 else nn.Identity()
        self.join = Residual(w[2], w[2], 1, attention) if grid == 4 else nn.Identity()
        self.channels = w[2] if grid == 4 else w[4]

    def forward(self, x: Tensor) -> Tensor:
        fine = self.fine(x)
        coarse = self.coarse(fine)
        if self.joined:
            up = F.interpolate(self.down(coarse), scale_factor=2.0, mode="bilinear", align_corners=False)
            return self.join(up + self.lateral(fine))
        return coarse


def network(labels: int, widths: Tuple[int, ...] = (24, 48, 96, 160, 160), attention: bool = True,
            coordinates: bool = True, grid: int = 8, lse: float = 0.0) -> Mapped:
    trunk = Trunk(widths, attention, coordinates, grid)
    return Mapped(trunk, Head(trunk.channels, labels, lse))


def pad_stem(network: Mapped) -> None:
    """
    Gives the first convolution, batch norm folded in, channels of zeros up to a multiple of 16, and its readers zeros for them.

    The outputs stay the same. Without it, oneDNN's convolutions for AVX-512 (in PyTorch 2.7.1) read uninitialized memory for the
    channels that are missing. They weight it with 0, and 0 times what happens to be a NaN there is NaN.
    """
    stem, first = network.trunk.fine[1], network.trunk.fine[4]
    more = -stem.out_channels % 16
    stem.weight = nn.Parameter(F.pad(stem.weight, (0, 0, 0, 0, 0, 0, 0, more)))
    stem.bias = nn.Parameter(F.pad(stem.bias, (0, more)))
    for reader in (first.first, first.shortcut[1]):
        reader.weight = nn.Parameter(F.pad(reader.weight, (0, 0, 0, 0, 0, more)))
    for convolution in (stem, first.first, first.shortcut[1]):
        convolution.out_channels, convolution.in_channels = convolution.weight.shape[0], convolution.weight.shape[1]
