"""The network of cxr14-small: a small residual network whose last grid is an eighth of its input's side.

TorchScript contract (float32 in and out):
    forward(x[B,1,S,S])  -> (logits[B,14], cam maps[B,14,S/8,S/8]),  mean(map) + bias = logit
    layercam(x[B,1,S,S]) -> (logits[B,14], LayerCAM maps[B,14,S/8,S/8])
"""
from typing import Tuple

import torch
from torch import Tensor, nn
import torch.nn.functional as F

WIDTHS = (24, 48, 96, 160, 160)


class Standardize(nn.Module):
    """Each image to mean 0 and deviation 1, so that exposure and window of a source matter little."""

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean((2, 3), keepdim=True)
        deviation = (centred * centred).mean((2, 3), keepdim=True).sqrt()
        return centred / (deviation + 1e-3)


class Residual(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int = 1):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
            nn.AvgPool2d(stride) if stride > 1 else nn.Identity(),
            nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.first_norm(self.first(x)))
        return F.relu(self.second_norm(self.second(y)) + self.shortcut(x))


class Network(nn.Module):
    def __init__(self, labels: int):
        super().__init__()
        w = WIDTHS
        self.features = nn.Sequential(
            Standardize(),
            nn.Conv2d(1, w[0], 5, 2, 2, bias=False), nn.BatchNorm2d(w[0]), nn.ReLU(),
            Residual(w[0], w[1], 2), Residual(w[1], w[1]),
            Residual(w[1], w[2], 2), Residual(w[2], w[2]),
            Residual(w[2], w[3]), Residual(w[3], w[4]))
        self.head = nn.Linear(w[4], labels)

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        features = self.features(x)
        return self.head(features.mean((2, 3))), self._maps(features, self.head.weight)

    @torch.jit.export
    def layercam(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        """LayerCAM (Jiang et al. 2021): on a GAP+linear head the positive part of the gradient of a logit
        with respect to feature k is max(w_k, 0), up to the constant h*w, which is left out here."""
        features = self.features(x)
        return self.head(features.mean((2, 3))), self._maps(features, F.relu(self.head.weight))

    def _maps(self, features: Tensor, weight: Tensor) -> Tensor:
        return F.conv2d(features, weight[:, :, None, None])
