# SPDX-License-Identifier: Apache-2.0
"""Writes the package densenet121-random: a DenseNet-121 with random weights, 14 labels, for benchmarks alone.

    python models/export/random_densenet.py --out DIR [--plain] [--size 224]

--steps adds what lies between the published network and its packed variant, one thing after the other, as more variants;
`models verify` then prints what each step gains on the processor at hand.

DIR/densenet121-random can be served and measured like any package; what it says of an image means nothing. With --plain,
model.pt is the network as its authors wrote it: traced, batch norms and all, no weight folded; without, what export.py
makes of a checkpoint. The same seed gives the same network.
"""
import argparse
import copy
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import densenet  # noqa: E402
from cam import Head, Mapped  # noqa: E402
from export import VARIANTS, folded, variant, write  # noqa: E402
from formats import Format  # noqa: E402
from nih import LABELS  # noqa: E402

NAME = "densenet121-random"
FORM = Format("random weights, which say nothing of any image; for benchmarks alone", "Apache-2.0", "densenet121")


@torch.no_grad()
def random_network(size):
    """He's initial weights; each batch norm has the statistics of what reaches it, as a trained network's would."""
    torch.manual_seed(121)
    trunk = densenet.DenseNet("densenet121", 3)
    network = Mapped(trunk, Head(trunk.channels, len(LABELS)))
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
        elif isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
            module.weight.uniform_(0.5, 1.5)
            module.bias.normal_(0, 0.1)
    network.train()
    network(F.interpolate(torch.randn(4, 3, size // 8, size // 8), size=(size, size), mode="bilinear"))
    return network.eval()


class PlainTransition(nn.Module):
    """The convolution before the pooling, as published."""

    def __init__(self, transition):
        super().__init__()
        self.norm, self.conv = transition.norm, transition.conv

    def forward(self, x):
        return F.avg_pool2d(self.conv(F.relu(self.norm(x))), 2)


def published(network):
    trunk = copy.deepcopy(network.trunk)
    for name, module in list(trunk.features.named_children()):
        if isinstance(module, densenet.Transition):
            setattr(trunk.features, name, PlainTransition(module))
    return trunk.requires_grad_(False)


@torch.no_grad()
def plain(network, size):
    """The trace of the published network under a scripted head, neither folded nor frozen."""
    trunk = published(network)
    return torch.jit.script(Mapped(torch.jit.trace(trunk, torch.randn(1, 3, size, size)), network.head).eval())


class ChannelsLast(nn.Module):
    def __init__(self, trunk):
        super().__init__()
        self.trunk = trunk

    def forward(self, x):
        return self.trunk(x.contiguous(memory_format=torch.channels_last))


@torch.no_grad()
def steps(network, size):
    """From the published network to the packed one: frozen; channels-last, too; batch norms folded, too."""
    def traced(of):
        trunk = ChannelsLast(copy.deepcopy(of).to(memory_format=torch.channels_last)).eval()
        return Mapped(torch.jit.trace(trunk, torch.randn(1, 3, size, size)), copy.deepcopy(network.head))

    def frozen(of):
        return torch.jit.freeze(torch.jit.script(of.eval()), preserved_attrs=list(Mapped.METHODS))

    fold = copy.deepcopy(network.trunk)
    fold.fold()
    return {"frozen": torch.jit.freeze(plain(network, size), preserved_attrs=list(Mapped.METHODS)),
            "channels-last": frozen(traced(published(network))), "folded": frozen(traced(fold))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="where the package's directory goes")
    parser.add_argument("--plain", action="store_true", help="model.pt as published, not folded")
    parser.add_argument("--size", type=int, default=224, help="side of the input in pixels")
    parser.add_argument("--variants", nargs="*", choices=[*VARIANTS], default=[*VARIANTS], help="default: all")
    parser.add_argument("--steps", action="store_true", help="more variants, see above")
    args = parser.parse_args()
    network = random_network(args.size)
    variants = steps(network, args.size) if args.steps else {}
    variants |= {name: variant(name, network) for name in args.variants}
    exported = plain(network, args.size) if args.plain else folded(network)
    write(network, exported, FORM, args.out / NAME, "Written by `models/export/random_densenet.py`.", args.size,
          variants=variants, random_weights=True)
    print(args.out / NAME)


if __name__ == "__main__":
    main()
