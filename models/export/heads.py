# SPDX-License-Identifier: Apache-2.0
"""Heads and class activation maps of networks other than those of models/tools/cam.py: features of both signs, a norm before
the linear layer, a class token.

Every network is x[B,C,S,S] -> (logits[B,K], maps[B,K,h,w]), and METHODS are its further methods. The maps of `forward` are in
logit units; they sum to the logit, mean(map) + bias = logit, but for ClassTokenHead.
"""
import sys
from pathlib import Path

import torch
from torch import Tensor, nn
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from cam import Head, Mapped  # noqa: E402


class SignedNetwork(Mapped):
    """A trunk whose features are of both signs. Grad-CAM++ is left out: its denominators may be 0 then."""

    METHODS = ("layercam", "ablation_cam", "finer_cam")


class NormHead(Head):
    """Average pooling, layer norm, linear layer: y = w . (g (p - m) / s + n) + b, with the mean m and the deviation s of the
    pooled features p. As m and s are one number each for an image, w . g (A - m) / s is a map of cells whose mean is
    y - (w . n + b): it sums to the logit with the bias w . n + b."""

    def __init__(self, channels: int, labels: int):
        super().__init__(channels, labels)
        self.norm = nn.LayerNorm(channels, 1e-6)

    def logit_bias(self) -> Tensor:
        return self.linear.bias + self.linear.weight @ self.norm.bias

    def logits(self, features: Tensor) -> Tensor:
        return self.linear(self.norm(features.mean((2, 3))))

    def same_weights(self, features: Tensor, weight: Tensor) -> Tensor:
        pooled = features.mean((2, 3))
        centred = pooled - pooled.mean(1, keepdim=True)
        deviation = (centred.square().mean(1, keepdim=True) + self.norm.eps).sqrt()
        normed = (features - pooled.mean(1, keepdim=True)[:, :, None, None]) / deviation[:, :, None, None]
        return F.conv2d(normed, (weight * self.norm.weight)[:, :, None, None])


class ClassTokenHead(Head):
    """A linear layer on the class token. The map of a label is that layer on the patches' tokens, without its bias: what the
    head would say of each patch. The logit reads the class token alone, so nothing sums to it."""

    def logits(self, features: Tensor) -> Tensor:
        return self.linear(features[:, :, 0])

    def same_weights(self, features: Tensor, weight: Tensor) -> Tensor:
        patches = features[:, :, 1:]
        side = int(float(patches.shape[2]) ** 0.5 + 0.5)
        return F.conv2d(patches.reshape(patches.shape[0], patches.shape[1], side, side), weight[:, :, None, None])


class LinearNetwork(Mapped):
    """A trunk, and NormHead or ClassTokenHead: CAM and Finer-CAM, both linear in the features."""

    METHODS = ("finer_cam",)
