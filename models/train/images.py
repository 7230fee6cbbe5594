# SPDX-License-Identifier: Apache-2.0
"""The training images, their targets, and what is done to them."""
import csv
import dataclasses
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from nih import is_validation, load_images, targets  # noqa: E402

SOURCES = ("64", "128", "384")


@dataclasses.dataclass
class Data:
    pixels: torch.Tensor  # uint8[n, 1, side, side]
    labels: torch.Tensor
    sources: torch.Tensor
    auxiliary: torch.Tensor  # age / 50 - 1, male, AP
    validation: np.ndarray


def resize(batch, side):
    if batch.shape[-1] == side:
        return batch
    return F.interpolate(batch, size=(side, side), mode="bilinear", align_corners=False, antialias=True)


def load(nih, cache, side, limit=None):
    """All images of `train` at one side; with a limit, so many of them, evenly spread."""
    rows = [r for r in csv.DictReader(open(nih / "unboxed_index.csv")) if r["part"] == "train"]
    with open(nih / "BBox_List_2017.csv") as boxes:
        boxed_patients = {line[:8] for line in list(boxes)[1:]}
    if [r for r in rows if r["Image Index"][:8] in boxed_patients]:
        raise ValueError("a patient with a ground-truth box is among the training images")
    if limit:
        rows = rows[::max(1, len(rows) // limit)][:limit]
    images = load_images(cache / "train")
    pixels = torch.stack([resize(torch.from_numpy(images[r["Image Index"]].copy())[None, None].float(), side)
                          .round().clamp(0, 255).byte()[0] for r in rows])
    auxiliary = [[min(100, float(r["Patient Age"])) / 50 - 1, float(r["Patient Gender"] == "M"),
                  float(r["View Position"] == "AP")] for r in rows]
    return Data(pixels, torch.from_numpy(targets(rows)), torch.tensor([SOURCES.index(r["side"]) for r in rows]),
                torch.tensor(auxiliary), np.array([is_validation(r["Patient ID"]) for r in rows]))


class Augmentation:
    """Rotation, zoom, shift, shear and gamma; blur to 64 px detail; erased borders and markers; hidden rectangles; noise."""

    def __init__(self, recipe, generator):
        self.recipe, self.generator = recipe, generator

    def uniform(self, low, high, *shape):
        return torch.rand(*shape, generator=self.generator) * (high - low) + low

    def chosen(self, n, share):
        return torch.rand(n, generator=self.generator) < share

    def __call__(self, x):
        n, side = len(x), x.shape[-1]
        x = self.moved(x).clamp(0, 1) ** torch.exp(self.uniform(-0.35, 0.35, n) * self.recipe.strong)[:, None, None, None]
        if side > 64:
            blurred = resize(resize(x, 64), side)
            x = torch.where(self.chosen(n, self.recipe.blur)[:, None, None, None], blurred, x)
        x = self.without_borders(x)
        corners = self.chosen(n, self.recipe.markers)
        x = self.hidden(x, torch.where(self.chosen(n, 0.5), self.uniform(0.02, 0.2, n), self.uniform(0.8, 0.98, n)),
                        torch.where(self.chosen(n, 0.7), self.uniform(0.02, 0.2, n), self.uniform(0.8, 0.98, n)),
                        self.uniform(0.05, 0.18, n) * corners, self.uniform(0.05, 0.18, n))
        for _ in range(2):
            x = self.hidden(x, self.uniform(0, 1, n), self.uniform(0, 1, n),
                            self.uniform(0.05, 0.3, n) * self.chosen(n, 0.5), self.uniform(0.05, 0.3, n))
        return x + 0.02 * torch.randn(x.shape, generator=self.generator)

    def moved(self, x):
        n, s = len(x), self.recipe.strong
        angle, zoom = self.uniform(-0.14, 0.14, n) * s, torch.exp(self.uniform(-0.17, 0.17, n) * s)
        shear, stretch = self.uniform(-0.06, 0.06, n) * s, torch.exp(self.uniform(-0.06, 0.06, n) * s)
        mirror = torch.where(self.chosen(n, self.recipe.flip), -1.0, 1.0)
        theta = torch.zeros(n, 2, 3)
        theta[:, 0, 0] = torch.cos(angle) * zoom * stretch * mirror
        theta[:, 0, 1] = -torch.sin(angle) * zoom + shear
        theta[:, 1, 0] = torch.sin(angle) * zoom * mirror
        theta[:, 1, 1] = torch.cos(angle) * zoom
        theta[:, :, 2] = self.uniform(-0.12, 0.12, n, 2) * s
        return F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False), padding_mode="border",
                             align_corners=False)

    def without_borders(self, x):
        """A frame of up to a twelfth on each side becomes black: collimation and burnt-in text tell of the source."""
        n, side = len(x), x.shape[-1]
        place = (torch.arange(side) + 0.5) / side
        width = self.uniform(0, 1 / 12, 4, n) * self.chosen(n, self.recipe.borders)
        inside = ((place[None] >= width[0][:, None]) & (place[None] <= 1 - width[1][:, None]))[:, None, None, :] \
            & ((place[None] >= width[2][:, None]) & (place[None] <= 1 - width[3][:, None]))[:, None, :, None]
        return x * inside

    def hidden(self, x, cx, cy, w, h):
        place = (torch.arange(x.shape[-1]) + 0.5) / x.shape[-1]
        inside = (((place[None] - cx[:, None]).abs() < w[:, None] / 2)[:, None, None, :]
                  & ((place[None] - cy[:, None]).abs() < h[:, None] / 2)[:, None, :, None])
        return torch.where(inside, x.mean((1, 2, 3), keepdim=True), x)
