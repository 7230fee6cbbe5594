# SPDX-License-Identifier: Apache-2.0
"""Holds the networks of architectures.py against those of torchvision and timm: logits and maps at two sizes.

    python models/export/check_architectures.py [--sizes 64 96] [--only NAME] [--few | --all]

Needs torchvision and timm (.ci/oracles.txt). Each library's network gets random weights; its state dict is read as
export.py reads it. Prints a table of the largest differences, relative to the largest logit and map value. They are taken in
float64: random networks of this depth amplify what float32 rounds. With --scripted, the folded TorchScript is compared, in
float64 as well.
"""
import argparse
import multiprocessing
import sys

import torch

from architectures import identify
from export import bias_of, folded, methods_of, sums
from oracles import FEW, NOTHING_TO_TELL, REPEATED, TIMM, TORCHVISION, expected, oracle, ours

TOLERANCE = 1e-9


@torch.no_grad()
def differences(task):
    """The largest differences of logits, maps and the sum check (None where there is none); the kind of head."""
    library, name, size, scripted = task
    network = oracle(library, name, size)
    told = name if library == "timm" and NOTHING_TO_TELL in name else None
    found, left = identify(network.state_dict(), told, size if name.startswith("vit") else None)
    assert found.name == ours(library, name) and not left, f"{library} {name} is taken for {found.name}"
    own = eager = found.network(list(range(found.outputs)))
    network, own, x = network.double(), own.double(), torch.randn(2, 3, size, size).double()
    if scripted:
        own = folded(own)
    logits, maps, bias = expected(library, name, network, x)
    y, n = own(x)
    residual = None
    if bias is not None:
        assert sums(eager) and torch.allclose(bias_of(eager), bias, atol=1e-5)
        residual = float((n.mean((2, 3)) + bias - y).abs().max() / y.abs().max().clamp(min=1))
        for method in methods_of(eager):
            assert torch.isfinite(getattr(own, method)(x)[1]).all(), method
    return (float((logits - y).abs().max() / logits.abs().max().clamp(min=1)), float((maps - n).abs().max() / maps.abs().max()),
            residual)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 96])
    parser.add_argument("--only", help="names that hold this")
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--few", action="store_true", help="one size of each architecture")
    extent.add_argument("--all", action="store_true", help="also those of timm whose entries are torchvision's")
    parser.add_argument("--scripted", action="store_true", help="compare the folded TorchScript instead of the network itself")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch._C._jit_set_profiling_mode(False)
    print("| library | architecture | logits | maps | mean(map) + bias - logit |\n|---|---|---|---|---|")
    good = True
    # A process for each: PyTorch frees no compiled TorchScript, and that of all architectures takes 17 GB.
    each = multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1)
    for library, names in (("torchvision", TORCHVISION), ("timm", TIMM)):
        for name in names:
            if (args.only and args.only not in name) or (args.few and name not in FEW) or (
                    library == "timm" and name in REPEATED and not args.all):
                continue
            tasks = [(library, name, size, args.scripted) for size in args.sizes]
            tried = each.map(differences, tasks, chunksize=len(tasks))
            logits, maps = (max(each[i] for each in tried) for i in range(2))
            residual = None if tried[0][2] is None else max(each[2] for each in tried)
            good &= max(logits, maps, residual or 0.0) <= TOLERANCE
            print(f"| {library} | {name} | {logits:.1e} | {maps:.1e} | "
                  f"{'none, class token' if residual is None else f'{residual:.1e}'} |", flush=True)
    each.close()
    each.join()
    print("the architectures hold" if good else "AN ARCHITECTURE DIFFERS")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
