# SPDX-License-Identifier: Apache-2.0
"""Checks every closed form of cam.py against its paper's definition, with gradients by autograd.

    python models/tools/check_cam.py

Both poolings, float64, features with zeros (as after a ReLU), weights of both signs. Exits with 1 on a difference.
"""
import sys

import torch
import torch.nn.functional as F

from cam import Head


def gradients(head, features, label):
    a = features.clone().requires_grad_(True)
    return torch.autograd.grad(head.logits(a)[:, label].sum(), a)[0]


def cam(head, features, label):
    """Grad-CAM's weights: the gradient's mean; hw of them are w_k for either pooling, as the shares sum to 1."""
    g = gradients(head, features, label)
    return (g.sum((2, 3), keepdim=True) * features).sum(1)


def layercam(head, features, label):
    cells = features.shape[2] * features.shape[3]
    return (F.relu(gradients(head, features, label)) * features).sum(1) * cells


def gradcam_pp(head, features, label):
    g = gradients(head, features, label)
    denominator = 2 * g ** 2 + features.sum((2, 3), keepdim=True) * g ** 3
    alpha = torch.where(g != 0, g ** 2 / denominator, torch.zeros_like(g))
    return ((alpha * F.relu(g)).sum((2, 3), keepdim=True) * features).sum(1)


def ablation_cam(head, features, label):
    whole, maps = head.logits(features)[:, label], 0
    for k in range(features.shape[1]):
        without = features.clone()
        without[:, k] = 0
        fall = whole - head.logits(without)[:, label]
        maps = maps + fall[:, None, None] * features[:, k]
    return maps


def finer_cam(head, features, label):
    weight = head.linear.weight
    others = [d for d in range(len(weight)) if d != label]
    nearest = sorted(others, key=lambda d: -float(F.cosine_similarity(weight[label], weight[d], dim=0)))[:head.similar]
    a = features.clone().requires_grad_(True)
    y = head.logits(a)
    target = y[:, label] - head.gamma * torch.stack([y[:, d] for d in nearest]).mean(0)
    g = torch.autograd.grad(target.sum(), a)[0]
    return (g.sum((2, 3), keepdim=True) * features).sum(1)


def main():
    torch.manual_seed(3)
    worst = 0.0
    for lse in (0.0, 10.0):
        head = Head(24, 6, lse).double()
        features = F.relu(torch.randn(2, 24, 5, 4, dtype=torch.float64))
        for name, definition in (("forward", cam), ("layercam", layercam), ("gradcam_pp", gradcam_pp),
                                 ("ablation_cam", ablation_cam), ("finer_cam", finer_cam)):
            with torch.no_grad():
                logits, maps = getattr(head, name)(features)
            expected = torch.stack([definition(head, features, label) for label in range(6)], 1).detach()
            difference = float((maps - expected).abs().max() / expected.abs().max())
            print(f"{'log-sum-exp' if lse else 'average'} pooling, {name}: {difference:.1e}")
            worst = max(worst, difference, float((logits - head.logits(features)).abs().max()))
        if not lse:
            _, maps = head(features)
            residual = float((maps.mean((2, 3)) + head.linear.bias - head.logits(features)).abs().max())
            print(f"mean(cam) + bias - logit: {residual:.1e}")
            worst = max(worst, residual)
    print("the closed forms hold" if worst < 1e-10 else "A CLOSED FORM DIFFERS")
    sys.exit(0 if worst < 1e-10 else 1)


if __name__ == "__main__":
    main()
