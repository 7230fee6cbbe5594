# SPDX-License-Identifier: Apache-2.0
"""Writes what the Java tests compare themselves with, made by PyTorch: golden arrays and small TorchScript fixtures.

    /usr/bin/python3 models/tools/decode.py src/main/resources/samples CACHE/samples
    python models/tools/golden.py --cache CACHE --model models/cxr14-cells --out src/test/resources

golden/resize.json          antialiased bilinear resizes of small patterns, and of one sample to 128 x 128
golden/predictions.json     logits, maps and boxes of the sample images
golden/calibration.json     calibrated probabilities of logits, by each method
fixtures/points-*.yaml      keys of a manifest for two labels, as operating_points.py writes them: `platt` and `isotonic`
fixtures/*.pt               networks that keep or break the model package's contract, for the loader's tests
"""
import argparse
import json
from pathlib import Path
from typing import List, Tuple

import numpy as np
import torch
import torch.nn.functional as F
import yaml
from torch import Tensor, nn

import operating_points as points
from boxes import boxes
from nih import load_images
from preprocess import model_input


class Answering(nn.Module):
    """What has logits and maps, with a second method."""

    @torch.jit.export
    def positive(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        logits, maps = self.forward(x)
        return logits, F.relu(maps)


class Fixture(Answering):
    """Two labels on a 16 px input: a 4 x 4 grid that sums to the logit with the biases 0.5 and -1."""

    def __init__(self, labels: int = 2, excess: float = 0.0, rank: int = 4, factor: float = 1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.linspace(1, 2, labels).reshape(1, labels, 1, 1), requires_grad=False)
        self.bias = nn.Parameter(torch.tensor([0.5, -1.0, 2.0])[:labels], requires_grad=False)
        self.excess, self.rank, self.factor = excess, rank, factor

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        maps = F.avg_pool2d(x, 4) * self.weight
        logits = (maps.mean((2, 3)) + self.bias + self.excess) * self.factor
        if self.rank == 3:
            return logits, maps.flatten(2)
        return logits, maps


class Slow(Answering):
    """The same answers, after work for nothing."""

    def __init__(self):
        super().__init__()
        self.network = Fixture()

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        for _ in range(200):
            x = x + 0.0 * torch.tanh(x @ x)
        return self.network(x)


class Unpadded(Answering):
    """On a 32 px input: its second convolution reads 24 channels, and on a processor with AVX-512 oneDNN reads 32."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.stem = nn.Conv2d(1, 24, 3, padding=1)
        self.next = nn.Conv2d(24, 48, 3, stride=2, padding=1)
        self.last = nn.Conv2d(48, 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        maps = self.last(F.relu(self.next(F.relu(self.stem(x)))))
        return maps.mean((2, 3)) + torch.tensor([0.5, -1.0]), maps


class Overflowing(Answering):
    """Answers like Fixture, but for a white image, whose logits are infinite."""

    def __init__(self):
        super().__init__()
        self.network = Fixture()

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        logits, maps = self.network(x)
        white = (x.mean((1, 2, 3)) > 0.99).float()[:, None]
        return logits / (1.0 - white), maps


class Breaking(Answering):
    """Answers like Fixture for 100 passes, and never again: a device that is lost."""

    def __init__(self):
        super().__init__()
        self.network = Fixture()
        self.left = 100

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        self.left -= 1
        if self.left < 0:
            raise RuntimeError("the device is lost")
        return self.network(x)


class Ending(Answering):
    """Ends the process: it writes where no memory is."""

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        cell = torch.full([1, 1], 1 << 40, dtype=torch.long)
        logits = torch.ops.aten._sparse_coo_tensor_unsafe(cell, torch.ones(1), [2]).to_dense()[None]
        return logits, logits[:, :, None, None]


class Cells(Answering):
    """Answers like Fixture, and by `calibrated` with probabilities of 8 x 5 cells, up to `most`."""

    def __init__(self, most: float = 1.0):
        super().__init__()
        self.network = Fixture()
        self.most = most

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return self.network(x)

    @torch.jit.export
    def calibrated(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        cells = F.avg_pool2d(x, [2, 3])
        cells = (3.0 * (cells - cells.mean((2, 3), keepdim=True))).clamp(0.0, 1.0) * self.most
        return self.forward(x)[0], torch.cat([cells, cells * cells], 1)

    @torch.jit.export
    def fine(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        return self.forward(x)[0], self.calibrated(x)[1][:, :, :1, :1].repeat(1, 1, 65, 64)


class OneOutput(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


class ThreeOutputs(nn.Module):
    def forward(self, x: Tensor) -> List[Tensor]:
        return [x, x, x]


def fixtures(folder):
    folder.mkdir(parents=True, exist_ok=True)
    other = Fixture()
    other.weight *= 1.1
    for name, module in {"good": Fixture(), "three-labels": Fixture(labels=3), "no-sum": Fixture(excess=0.01),
                         "flat-maps": Fixture(rank=3), "infinite": Fixture(factor=float("inf")),
                         "slow": Slow(), "other-weights": other, "breaking": Breaking(), "unpadded": Unpadded(),
                         "overflowing": Overflowing(), "ending": Ending(), "cells": Cells(), "improbable": Cells(most=2.0),
                         "one-output": OneOutput(), "three-outputs": ThreeOutputs()}.items():
        torch.jit.script(module.eval()).save(str(folder / f"{name}.pt"))


def rounded(array, digits):
    return [round(float(v), digits) for v in np.asarray(array, np.float64).ravel()]


def resizes(sample_name, sample):
    rng = np.random.default_rng(5)
    cases = []
    for (h, w), (oh, ow) in (((7, 5), (3, 2)), ((33, 20), (8, 8)), ((8, 8), (16, 13)), ((16, 9), (16, 4)), ((1, 6), (2, 3))):
        pixels = rng.integers(0, 256, (h, w), dtype=np.uint8)
        out = F.interpolate(torch.from_numpy(pixels)[None, None].float() / 255, size=(oh, ow), mode="bilinear",
                            align_corners=False, antialias=True)[0, 0].numpy()
        cases.append({"width": w, "height": h, "pixels": pixels.ravel().tolist(), "resizedWidth": ow,
                      "resizedHeight": oh, "resized": rounded(out, 6)})
    resized = model_input(sample, {"size": 128, "resize": "stretch", "channels": 1})[0, 0].numpy()
    return {"patterns": cases, "sample": {"image": sample_name, "side": 128, "resized": rounded(resized, 5)}}


def predictions(package, images):
    manifest = yaml.safe_load((package / "model.yaml").read_text())
    network = torch.jit.load(str(package / "model.pt")).eval()
    result = {"modelSha256": manifest["sha256"], "images": []}
    for name in sorted(images):
        height, width = images[name].shape
        for method in manifest["methods"]["available"]:
            with torch.no_grad():
                logits, maps = getattr(network, method["function"])(model_input(images[name], manifest["input"]))
            result["images"].append({
                "image": name, "method": method["name"], "logits": rounded(logits[0], 6), "maps": rounded(maps[0], 5),
                "boxes": [[[round(float(v), 3) for v in box[:4]] for box in boxes(grid, {"type": "wang"}, width, height)]
                          for grid in maps[0].numpy()]})
    return result


def calibrations(folder):
    """Writes points-*.yaml of labels drawn with a probability that is a line of the logit, or a step; returns what they give."""
    labels = ["Cardiomegaly", "Pneumonia"]
    rng = np.random.default_rng(7)
    logits = rng.normal(size=(2000, 2)).round(2)
    patients = [str(i // 2) for i in range(len(logits))]
    fold = points.folds(patients)
    drawn = np.concatenate([np.linspace(-8, 8, 33), logits[:20, 0]])
    told = []
    for method, chance in (("platt", points.sigmoid(2 * logits - 1)), ("isotonic", np.where(logits < 0.5, 0.02, 0.6))):
        truth = (rng.random(logits.shape) < chance).astype(float)
        calibration = points.calibration(logits, truth, patients, fold, labels)
        assert calibration["method"] == method
        found = points.operating_points(points.sigmoid(logits), truth, fold, labels)
        (folder / f"points-{method}.yaml").write_text(yaml.safe_dump(
            {"operatingPoints": {"chosenOn": "drawn images", "labels": found},
             "calibration": {"fittedOn": "drawn images", **calibration}}, sort_keys=False, width=110))
        for label, m in calibration["labels"].items():
            p = points.sigmoid(m["slope"] * drawn + m["intercept"]) if method == "platt" else np.interp(
                points.sigmoid(drawn), m["probabilities"], m["calibrated"])
            told.append({"method": method, "label": label, "logits": drawn.tolist(), "calibrated": p.tolist()})
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    fixtures(args.out / "fixtures")
    images = load_images(args.cache / "samples")
    golden = args.out / "golden"
    golden.mkdir(parents=True, exist_ok=True)
    name = sorted(images)[0]
    (golden / "calibration.json").write_text(json.dumps(calibrations(args.out / "fixtures")))
    (golden / "resize.json").write_text(json.dumps(resizes(name, images[name])))
    (golden / "predictions.json").write_text(json.dumps(predictions(args.model, images)))


if __name__ == "__main__":
    main()
