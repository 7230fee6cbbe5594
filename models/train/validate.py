# SPDX-License-Identifier: Apache-2.0
"""Validation macro AUC of the mean of some networks' logits: over all images, and the mean of those within one source size.

    python models/train/validate.py --nih ../shared/nih --cache CACHE --trunk models/cxr14-cells/0 --trunk CACHE/student.ckpt
"""
import argparse
from pathlib import Path

import torch
from torch import nn

import train  # finds what lies in models/tools
import trunks
from images import load


class Mean(nn.Module):
    """x -> (logits, None)."""

    def __init__(self, networks):
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, x):
        return torch.stack([network.head(network.both(x)[1])[0] for network in self.networks]).mean(0), None


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nih", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="where decode.py wrote train.raw")
    parser.add_argument("--trunk", action="append", required=True, metavar="PATH[:SIDE]", help="see models/tools/trunks.py")
    parser.add_argument("--limit", type=int, help="only so many images, to try it")
    args = parser.parse_args(arguments)
    networks = trunks.load_all(args.trunk)
    side = max(network.side for network in networks)
    scores = train.validation_scores(Mean(networks), load(args.nih, args.cache, side, args.limit), side)
    print("macro AUC {:.4f}, within a source size {:.4f}".format(*scores))
    return scores


if __name__ == "__main__":
    main()
