# SPDX-License-Identifier: Apache-2.0
"""Pooling, linear head and class activation maps, shared by our own network and the exporters.

A (B,C,h,w) >= 0 are the last features, w (K,C) and b the linear head, y = w . pool(A) + b, and p_k(i,j) the share of a
cell in its channel's pooled value, dpool(A_k)/dA_k(i,j): 1/hw under global average pooling, softmax(r A_k) under
log-sum-exp pooling (Wang et al. 2017, eq. 1). With these every method is a closed form of one forward pass;
check_cam.py compares each with its definition by autograd.
"""
import math
from typing import Tuple

import torch
from torch import Tensor, nn
import torch.nn.functional as F


class Head(nn.Module):
    """Global average pooling (lse == 0) or log-sum-exp pooling of sharpness lse, then a linear layer.

    Maps are in logit units, but for gradcam_pp, whose scale is arbitrary. Under average pooling mean(cam) + b = y.
    """

    def __init__(self, channels: int, labels: int, lse: float = 0.0, similar: int = 3, gamma: float = 0.6):
        super().__init__()
        self.linear = nn.Linear(channels, labels)
        self.lse = lse
        self.similar = min(similar, labels - 1)
        self.gamma = gamma

    def pooled(self, features: Tensor) -> Tensor:
        if self.lse > 0.0:
            flat = features.flatten(2)
            return (torch.logsumexp(flat * self.lse, 2) - math.log(float(flat.shape[2]))) / self.lse
        return features.mean((2, 3))

    def shares(self, features: Tensor) -> Tensor:
        """hw p, under log-sum-exp pooling."""
        flat = features.flatten(2)
        return (torch.softmax(flat * self.lse, 2) * float(flat.shape[2])).reshape(features.shape)

    def logits(self, features: Tensor) -> Tensor:
        return self.linear(self.pooled(features))

    def forward(self, features: Tensor) -> Tuple[Tensor, Tensor]:
        """CAM (Zhou et al. 2016): sum_k w_k A_k."""
        return self.logits(features), self.same_weights(features, self.linear.weight)

    def layercam(self, features: Tensor) -> Tuple[Tensor, Tensor]:
        """LayerCAM (Jiang et al. 2021): sum_k relu(dy/dA_k) A_k = sum_k relu(w_k) p_k A_k, times hw so that it has
        the units of CAM."""
        weighted = features
        if self.lse > 0.0:
            weighted = features * self.shares(features)
        return self.logits(features), self.same_weights(weighted, F.relu(self.linear.weight))

    def gradcam_pp(self, features: Tensor) -> Tuple[Tensor, Tensor]:
        """Grad-CAM++ (Chattopadhay et al. 2018) of exp(y): with g = w_k p_k, alpha = g^2 / (2 g^2 + sum(A_k) g^3)
        = 1 / (2 + sum(A_k) g), and the weight of A_k is sum over cells of alpha relu(g). Under average pooling that
        is relu(w_k) / (2 + w_k mean(A_k))."""
        positive = F.relu(self.linear.weight)[None]
        if self.lse > 0.0:
            total = features.sum((2, 3))[:, None, :, None]
            gradient = positive[:, :, :, None] * (self.shares(features) / float(features[0, 0].numel())).flatten(2)[:, None]
            return self.logits(features), self.own_weights(features, (gradient / (2.0 + total * gradient)).sum(3))
        mean = features.mean((2, 3))[:, None, :]
        return self.logits(features), self.own_weights(features, positive / (2.0 + positive * mean))

    def ablation_cam(self, features: Tensor) -> Tuple[Tensor, Tensor]:
        """Ablation-CAM (Desai and Ramaswamy 2020): the fall of the logit when A_k is set to 0, w_k pool(A_k). The
        paper's division by the logit is left out: one constant for the whole map, but a change of sign where the
        logit is negative."""
        fall = self.linear.weight[None] * self.pooled(features)[:, None, :]
        return self.logits(features), self.own_weights(features, fall)

    def finer_cam(self, features: Tensor) -> Tuple[Tensor, Tensor]:
        """Finer-CAM (Zhang et al. 2025): CAM of y_c - gamma mean(y_d) over the classes d most similar to c by the
        cosine of their weights."""
        return self.logits(features), self.same_weights(features, self.finer_weights())

    def finer_weights(self) -> Tensor:
        weight = self.linear.weight
        unit = F.normalize(weight, dim=1)
        itself = torch.eye(weight.shape[0], dtype=weight.dtype, device=weight.device)
        nearest = (unit @ unit.t() - 3.0 * itself).topk(self.similar, dim=1)[1]
        return weight - self.gamma * weight[nearest].mean(1)

    def same_weights(self, features: Tensor, weight: Tensor) -> Tensor:
        return F.conv2d(features, weight[:, :, None, None])

    def own_weights(self, features: Tensor, weight: Tensor) -> Tensor:
        return torch.einsum("bkc,bchw->bkhw", weight, features)


class Mapped(nn.Module):
    """A trunk (x -> features >= 0) and a head as a model package's TorchScript file: every method with the signature
    x[B,C,S,S] -> (logits[B,K], maps[B,K,h,w])."""

    METHODS = ("layercam", "gradcam_pp", "ablation_cam", "finer_cam")

    def __init__(self, trunk: nn.Module, head: Head):
        super().__init__()
        self.trunk = trunk
        self.head = head

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return self.head(self.trunk(x))

    @torch.jit.export
    def layercam(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return self.head.layercam(self.trunk(x))

    @torch.jit.export
    def gradcam_pp(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return self.head.gradcam_pp(self.trunk(x))

    @torch.jit.export
    def ablation_cam(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return self.head.ablation_cam(self.trunk(x))

    @torch.jit.export
    def finer_cam(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return self.head.finer_cam(self.trunk(x))


def script(network: nn.Module) -> torch.jit.ScriptModule:
    """The frozen TorchScript module of a network in evaluation mode, all of its METHODS kept."""
    network = network.eval().to(memory_format=torch.contiguous_format)
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return torch.jit.freeze(torch.jit.script(network), preserved_attrs=list(network.METHODS))
