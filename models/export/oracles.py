# SPDX-License-Identifier: Apache-2.0
"""The networks of torchvision and timm, which the networks here are held against: random weights, calibrated batch norms.

What features, pooling and head are is read off the library's own modules; the maps are made of them by their definition.
"""
import re

import timm
import torch
import torchvision
from torch import nn

# Library, name -> options. Every architecture that architectures.py reads, by each library that has it.
TORCHVISION = ("densenet121", "densenet169", "resnet18", "resnet34", "resnet50", "resnet101", "efficientnet_b0",
               "efficientnet_b1", "efficientnet_b2", "efficientnet_b3", "efficientnet_b4", "convnext_tiny", "vit_b_16")
TIMM = ("densenet121", "densenet169", "resnet18", "resnet34", "resnet50", "resnet101",
        *(f"{tf}efficientnet_{kind}{n}" for kind in ("b", "lite") for n in range(5) for tf in ("", "tf_")), "convnext_tiny",
        "vit_small_patch16_224", "vit_base_patch16_224", "vit_small_patch16_224 avg", "vit_base_patch16_224 avg")
# timm's entries of these are torchvision's, and the sizes of a transformer differ by numbers alone.
REPEATED = {"densenet169", "resnet34", "resnet101", "vit_base_patch16_224 avg"}
# One size of each architecture, and each kind of head.
FEW = {"densenet121", "resnet18", "resnet50", "efficientnet_b0", "tf_efficientnet_b0", "efficientnet_lite0", "convnext_tiny",
       "vit_small_patch16_224", "vit_small_patch16_224 avg"}
NOTHING_TO_TELL = "efficientnet"  # timm's entries of these fit two architectures


def ours(library, name):
    """What architectures.py calls it."""
    if name.startswith("vit"):
        return {"vit_s": "vit_small", "vit_b": "vit_base"}[name[:5]]
    return name


@torch.no_grad()
def oracle(library, name, size, labels=5, channels=3, seed=0):
    """A network with random weights in evaluation mode; each batch norm has the statistics of what reaches it."""
    torch.manual_seed(seed)
    plain, _, pool = name.partition(" ")
    if library == "timm":
        options = {"img_size": size} if plain.startswith("vit") else {}
        options |= {"global_pool": pool} if pool else {}
        network = timm.create_model(plain, num_classes=labels, in_chans=channels, **options)
    else:
        options = {"image_size": size} if plain.startswith("vit") else {}
        network = getattr(torchvision.models, plain)(weights=None, num_classes=labels, **options)
    return calibrated(network, size, channels)


@torch.no_grad()
def calibrated(network, size, channels):
    for key, value in network.named_parameters():
        if key.endswith(("gamma", "layer_scale")):
            value.uniform_(0.1, 0.4)
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, module.in_features ** -0.5)
            nn.init.normal_(module.bias, 0, 0.1)
        elif isinstance(module, (nn.LayerNorm, nn.BatchNorm2d)):
            module.weight.uniform_(0.5, 1.5)
            module.bias.normal_(0, 0.1)
            module.momentum = 1.0
        elif isinstance(module, nn.Dropout):
            module.p = 0.0
    for key, module in network.named_modules():
        if re.search(r"(\.bn3|\.block\.[23]\.1)$", key) and isinstance(module, nn.BatchNorm2d):
            module.weight.mul_(0.2)  # as small as training leaves it; at 1, random blocks amplify rounding a hundredfold
    if any(isinstance(module, nn.BatchNorm2d) for module in network.modules()):
        network.train()
        network(torch.randn(6, channels, size, size))
    return network.eval()


def last_features(library, name, network, x):
    """Logits, and what the head pools: features[B,C,h,w]; of a class token, the tokens of the patches."""
    found = {}
    if library == "timm":
        logits, features = network(x), network.forward_features(x)
        if features.dim() == 3:
            features = features[:, 1:]
    else:
        where = (network.encoder if name.startswith("vit") else network.layer4 if name.startswith("resnet") else network.features)
        hook = where.register_forward_hook(lambda _module, _inputs, output: found.update(features=output))
        logits = network(x)
        hook.remove()
        features = found["features"]
        if name.startswith("vit"):
            features = features[:, 1:]
    if features.dim() == 3:
        side = int(features.shape[1] ** 0.5)
        features = features.transpose(1, 2).reshape(len(x), -1, side, side)
    if name.startswith("densenet") and library == "torchvision":
        features = torch.relu(features)
    return logits, features


def head_of(library, name, network):
    """The norm before the linear layer, or None, and the linear layer."""
    if library == "torchvision":
        if name.startswith("vit"):
            return None, network.heads.head
        if name.startswith("resnet"):
            return None, network.fc
        last = network.classifier
        if name.startswith("convnext"):
            return last[0], last[2]
        return None, last[-1] if isinstance(last, nn.Sequential) else last
    if name.startswith("convnext"):
        return network.head.norm, network.head.fc
    return (network.fc_norm if name.endswith(" avg") else None), network.get_classifier()


@torch.no_grad()
def expected(library, name, network, x):
    """Logits and maps by definition, and the bias with which the maps sum to the logit; None where they do not."""
    logits, features = last_features(library, name, network, x)
    norm, linear = head_of(library, name, network)
    weight, bias = linear.weight, linear.bias
    if norm is not None:
        pooled = features.mean((2, 3))
        deviation = (pooled.var(1, correction=0) + norm.eps).sqrt()
        features = (features - pooled.mean(1)[:, None, None, None]) / deviation[:, None, None, None]
        weight, bias = weight * norm.weight, bias + weight @ norm.bias
    maps = torch.einsum("kc,bchw->bkhw", weight, features)
    token = name.startswith("vit") and not name.endswith(" avg")
    return logits, maps, None if token else bias
