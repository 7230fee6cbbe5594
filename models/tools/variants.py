# SPDX-License-Identifier: Apache-2.0
"""Ratios of forward-pass times of a package: as it is, in bf16, and with its convolutions' weights packed.

    python models/tools/variants.py models/NAME --images CACHE/boxed [--rounds 40]

The variants run in alternation on one thread, one image at a time; printed is the median of time / time as it is, and how
far probabilities lie apart on 20 real images. On a CPU without AMX, bf16 is emulated and no gain is to be expected.
"""
import argparse
import statistics
import time
from pathlib import Path

import torch
import yaml

from nih import load_images
from preprocess import model_input


class Bf16(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, maps = self.network(x)
        return logits.float(), maps.float()


def packed(network):
    """Frozen, with the convolutions' weights in oneDNN's own layout. Such a file does not load again; only the time counts."""
    return torch.jit.optimize_for_inference(torch.jit.freeze(network))


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=40)
    args = parser.parse_args()
    torch.set_num_threads(1)
    told = yaml.safe_load((args.package / "model.yaml").read_text())["input"]
    images = load_images(args.images)
    inputs = [model_input(images[name], told) for name in sorted(images)[:20]]

    def load():
        return torch.jit.load(str(args.package / "model.pt")).eval()

    variants = {"as it is": load(), "bf16": Bf16(load()), "packed (optimize_for_inference)": packed(load())}
    times, probabilities = {name: [] for name in variants}, {}
    for name, network in variants.items():
        probabilities[name] = torch.cat([torch.sigmoid(network(x)[0]) for x in inputs])
    for index in range(args.rounds):
        for name, network in variants.items():
            start = time.perf_counter()
            network(inputs[index % len(inputs)])
            times[name].append(time.perf_counter() - start)
    for name in variants:
        ratio = statistics.median(t / b for t, b in zip(times[name], times["as it is"]))
        apart = (probabilities[name] - probabilities["as it is"]).abs().max().item()
        print(f"{name}: {ratio:.2f} of the time, probabilities within {apart:.2g}")


if __name__ == "__main__":
    main()
