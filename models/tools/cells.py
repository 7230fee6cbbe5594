# SPDX-License-Identifier: Apache-2.0
"""The cell head: reads features, class maps, grey values, place and location prior of each cell of a grid, and gives the
probability that the cell lies in the finding.

Reader brings everything to one grid, Prior holds the boxes' frequencies, CellHead is the small convolution, LinearHead a
logistic regression for each label, and Calibrated
is a model package's TorchScript of one or more networks with the method `calibrated`. cell_head.py fits them.
"""
from typing import List, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cam import Head, Mapped

GRID = 32
PLACE = 2  # the last channels of a Reader's own ones: x and y, which stay where they are when an image is shifted
OWN = 3  # maps of one label: cam, layercam, cam minus its mirror image


class Network(nn.Module):
    """A trunk with `both(x) -> (cell features, last features)`, a head, and the side in pixels that they run at."""

    def __init__(self, trunk: nn.Module, head: Head, side: int):
        super().__init__()
        self.trunk, self.head, self.side = trunk, head, side

    def both(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        if x.shape[2] != self.side or x.shape[3] != self.side:
            x = F.interpolate(x, size=[self.side, self.side], mode="bilinear", align_corners=False, antialias=True)
        return self.trunk.both(x)


class Plain(nn.Module):
    """Gives a trunk's last features to the cell head."""

    def __init__(self, trunk: nn.Module):
        super().__init__()
        self.trunk = trunk
        self.channels = self.cell_channels = int(trunk.channels)

    def both(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        features = self.trunk(x)
        return features, features


def standardised(maps: Tensor) -> Tensor:
    """Each map to mean 0 and deviation 1."""
    centred = maps - maps.mean((2, 3), keepdim=True)
    return centred / ((centred * centred).mean((2, 3), keepdim=True).sqrt() + 1e-6)


def to_grid(maps: Tensor, grid: int) -> Tensor:
    if maps.shape[2] == grid and maps.shape[3] == grid:
        return maps
    # An enlarged map is the same with and without antialiasing, whose code is several times slower.
    reduces = maps.shape[2] > grid or maps.shape[3] > grid
    return F.interpolate(maps, size=[grid, grid], mode="bilinear", align_corners=False, antialias=reduces)


class Reader(nn.Module):
    """
    (features, cams, greys) of a batch -> inputs[B, C, grid, grid]: principal components of each network's features,
    standardised cams of all labels (where a network has any), grey value, its blur, blur minus mirror image, gradient, x, y;
    each channel standardised, and channels of zeros in front up to a multiple of 16 (see EfficientNet's `pad`).
    """

    def __init__(self, feature_channels: List[int], cam_channels: List[int], components: int, grid: int = GRID):
        super().__init__()
        self.grid = grid
        self.project = nn.ModuleList([nn.Conv2d(c, min(components, c), 1) for c in feature_channels])
        own = sum(p.out_channels for p in self.project) + sum(cam_channels) + 4 + PLACE
        self.padding = -own % 16
        self.channels = own + self.padding
        self.register_buffer("mean", torch.zeros(1, own, 1, 1))
        self.register_buffer("deviation", torch.ones(1, own, 1, 1))

    def greys(self, x: Tensor) -> Tensor:
        grey = standardised(to_grid(x[:, :1], self.grid))
        blur = F.avg_pool2d(F.pad(grey, [2, 2, 2, 2], mode="replicate"), 5, 1)
        padded = F.pad(grey, [1, 1, 1, 1], mode="replicate")
        across = padded[:, :, 1:-1, 2:] - padded[:, :, 1:-1, :-2]
        down = padded[:, :, 2:, 1:-1] - padded[:, :, :-2, 1:-1]
        return torch.cat([grey, blur, blur - blur.flip(3), (across * across + down * down + 1e-12).sqrt()], 1)

    def own(self, cams: List[Tensor], layercams: List[Tensor]) -> Tensor:
        """[B, K, OWN, grid, grid]: what the class maps say of each label by itself, the mean over the networks."""
        cam = torch.stack([to_grid(standardised(m), self.grid) for m in cams]).mean(0)
        layercam = torch.stack([to_grid(m / (m.amax((2, 3), keepdim=True) + 1e-6), self.grid) for m in layercams]).mean(0)
        return torch.stack([cam, layercam * 2.0 - 1.0, cam - cam.flip(3)], 2)

    def plain(self, features: List[Tensor], cams: List[Tensor], greys: Tensor) -> Tensor:
        parts: List[Tensor] = []
        for i, project in enumerate(self.project):
            parts.append(to_grid(project(features[i]), self.grid))
        for maps in cams:
            parts.append(to_grid(standardised(maps), self.grid))
        line = (torch.arange(self.grid, device=greys.device, dtype=greys.dtype) + 0.5) * (2.0 / self.grid) - 1.0
        place = torch.stack([line[None, :].expand(self.grid, self.grid), line[:, None].expand(self.grid, self.grid)])
        parts.append(greys)
        parts.append(place[None].expand(greys.shape[0], -1, -1, -1))
        return torch.cat(parts, 1)

    def forward(self, features: List[Tensor], cams: List[Tensor], greys: Tensor) -> Tensor:
        inputs = (self.plain(features, cams, greys) - self.mean) / self.deviation
        return F.pad(inputs, [0, 0, 0, 0, self.padding, 0])

    @torch.no_grad()
    def fit(self, features: List[Tensor], cams: List[Tensor], greys: Tensor) -> None:
        """Takes the components and the scales from the fitting images."""
        for project, maps in zip(self.project, features):
            cells = maps.double().permute(0, 2, 3, 1).flatten(0, 2)
            mean = cells.mean(0)
            covariance = (cells - mean).T @ (cells - mean) / len(cells)
            values, vectors = torch.linalg.eigh(covariance)
            chosen = vectors.flip(1)[:, :project.out_channels]
            chosen = chosen * chosen[chosen.abs().argmax(0), torch.arange(chosen.shape[1])].sign()  # same on each machine
            scale = values.flip(0)[:project.out_channels].clamp_min(1e-9).sqrt()
            weight = (chosen / scale).T
            project.weight.copy_(weight[:, :, None, None].float())
            project.bias.copy_(-(weight @ mean).float())
        self.mean.zero_()
        self.deviation.fill_(1)
        inputs = self.plain(features, cams, greys)
        self.mean.copy_(inputs.mean((0, 2, 3), keepdim=True))
        self.deviation.copy_(inputs.std((0, 2, 3), keepdim=True).clamp_min(1e-3))


def coverage(box, width, height, grid=GRID):
    """Which part of each cell a box (x, y, w, h) in pixels of a stretched image covers: float64[grid, grid]."""
    x, y, w, h = box
    edges = np.arange(grid + 1)

    def along(low, high):
        return np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0, 1)
    return np.outer(along(y / height * grid, (y + h) / height * grid), along(x / width * grid, (x + w) / width * grid))


class Prior:
    """How often boxes of a label cover each cell: kernel-smoothed, drawn to all labels' mean by `shrinkage` boxes, floored."""

    def __init__(self, masks, labels, patients, sigma=1.5, floor=0.01, shrinkage=2.0):
        """masks [P, g, g], the label and the patient of each; labels that have no box have no prior."""
        self.labels, self.patients = np.asarray(labels), np.asarray(patients)
        grid = masks.shape[1]
        distance = np.arange(grid)[:, None] - np.arange(grid)[None]
        kernel = np.exp(-0.5 * (distance / sigma) ** 2)
        kernel /= kernel.sum(1, keepdims=True)
        self.smooth = kernel @ masks @ kernel.T
        self.floor, self.shrinkage = floor, shrinkage

    def mean(self, label, keep):
        own = keep & (self.labels == label)
        return self.smooth[own].mean(0) if own.any() else None

    def pooled(self, without=None, leave_out=None):
        """The mean of the labels' frequencies, each label the same weight."""
        keep = np.ones(len(self.labels), bool) if without is None else self.patients != without
        means = [self.mean(label, keep) for label in np.unique(self.labels) if label != leave_out]
        return self.floored(np.mean([m for m in means if m is not None], 0))

    def of(self, label, without=None):
        """float64[g, g] in (0, 1), from the boxes of all patients but `without`."""
        keep = np.ones(len(self.labels), bool) if without is None else self.patients != without
        own = keep & (self.labels == label)
        everything = np.mean([m for m in (self.mean(other, keep) for other in np.unique(self.labels)) if m is not None], 0)
        return self.floored((self.smooth[own].sum(0) + self.shrinkage * everything) / (own.sum() + self.shrinkage))

    def floored(self, p):
        return self.floor + (1 - 2 * self.floor) * p


class CellHead(nn.Module):
    """
    inputs[B, C, g, g] and log prior [B, L, g, g] -> logits[B, seeds, L, g, g]: 1 x 1 to `hidden`, a depthwise convolution with
    a residual, 1 x 1 to the labels, plus a weight x log prior. Several seeds are groups of the same convolutions.
    """

    def __init__(self, channels: int, labels: int, seeds: int = 4, hidden: int = 32, kernel: int = 5, dropout: float = 0.4,
                 hide_inputs: bool = False):
        super().__init__()
        self.seeds, self.labels, self.dropout, self.hide_inputs = seeds, labels, dropout, hide_inputs
        self.mix = nn.Conv2d(channels, hidden * seeds, 1)
        self.around = nn.Conv2d(hidden * seeds, hidden * seeds, kernel, padding=kernel // 2, groups=hidden * seeds)
        self.read = nn.Conv2d(hidden * seeds, labels * seeds, 1, groups=seeds)
        self.prior_weight = nn.Parameter(torch.ones(seeds, labels, 1, 1))
        nn.init.zeros_(self.read.bias)

    def forward(self, inputs: Tensor, log_prior: Tensor) -> Tensor:
        if self.hide_inputs:
            inputs = F.dropout2d(inputs, self.dropout, self.training)
        return self.after_mix(self.mix(inputs), log_prior)

    def after_mix(self, mixed: Tensor, log_prior: Tensor) -> Tensor:
        hidden = F.relu(mixed)
        if not self.hide_inputs:
            hidden = F.dropout2d(hidden, self.dropout, self.training)
        hidden = hidden + F.relu(self.around(hidden))
        told = self.read(hidden).reshape(mixed.shape[0], self.seeds, self.labels, mixed.shape[2], mixed.shape[3])
        return told + self.prior_weight * log_prior[:, None]

    def probabilities(self, inputs: Tensor, log_prior: Tensor) -> Tensor:
        """The mean over the seeds: [B, L, g, g]."""
        return torch.sigmoid(self.forward(inputs, log_prior)).mean(1)

    def of_labels(self, inputs: Tensor, own: Tensor, log_prior: Tensor) -> Tensor:
        return self.probabilities(inputs, log_prior)


class LinearHead(nn.Module):
    """
    A logistic regression for each label: inputs[B, C, g, g], maps of the label itself [B, L, OWN, g, g] and log prior
    [B, L, g, g] -> probabilities [B, L, g, g]. It also reads the squares of x and y, and the own maps times the log prior.
    """

    def __init__(self, channels: int, labels: int):
        super().__init__()
        self.register_buffer("weight", torch.zeros(labels, channels, 1, 1))
        self.register_buffer("bias", torch.zeros(labels))
        self.register_buffer("square", torch.zeros(1, labels, PLACE, 1, 1))
        self.register_buffer("prior", torch.zeros(1, labels, 1, 1))
        self.register_buffer("own", torch.zeros(1, labels, OWN, 1, 1))
        self.register_buffer("own_by_prior", torch.zeros(1, labels, OWN, 1, 1))

    @torch.no_grad()
    def set(self, label: int, weights: Tensor, bias: float) -> None:
        """Takes the weights of the channels, squares, prior, own maps and their products, in this order."""
        sizes = [weights.numel() - PLACE - 1 - 2 * OWN, PLACE, 1, OWN, OWN]
        channels, square, prior, own, product = weights.split(sizes)
        self.weight[label, self.weight.shape[1] - sizes[0]:, 0, 0] = channels  # channels of zeros stand in front
        self.square[0, label, :, 0, 0], self.prior[0, label, 0, 0] = square, prior[0]
        self.own[0, label, :, 0, 0], self.own_by_prior[0, label, :, 0, 0] = own, product
        self.bias[label] = bias

    def of_labels(self, inputs: Tensor, own: Tensor, log_prior: Tensor) -> Tensor:
        place = inputs[:, inputs.shape[1] - self.square.shape[2]:]
        logits = F.conv2d(inputs, self.weight, self.bias) + (self.square * (place * place)[:, None]).sum(2)
        logits = logits + (self.own * own).sum(2) + log_prior * (self.prior + (self.own_by_prior * own).sum(2))
        return torch.sigmoid(logits)


class Calibrated(nn.Module):
    """
    One or more networks as a model package's TorchScript: logits and class maps are the networks' means, so that
    mean(cam) + mean of the biases is the logit. `calibrated` gives cell probabilities in 0 ... 1 instead of class maps; labels
    without boxes have those of the pooled head, or zeros where there is none.
    """

    METHODS = (*Mapped.METHODS, "calibrated")

    def __init__(self, networks: List[Network], reader: Reader, labelled: nn.Module, log_prior: Tensor, boxed: List[int],
                 pooled: CellHead = None, log_pooled_prior: Tensor = None):
        """labelled: a CellHead or LinearHead; log_prior [L, g, g] of the labels `boxed` (indices of outputs); log_pooled_prior [g, g]."""
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self.reader, self.labelled = reader, labelled
        self.pools = pooled is not None
        self.pooled = pooled if pooled is not None else CellHead(16, 1, 1)
        self.register_buffer("log_prior", log_prior[None])
        self.register_buffer("log_pooled_prior", (torch.zeros_like(log_prior[0]) if log_pooled_prior is None
                                                  else log_pooled_prior)[None, None])
        count = networks[0].head.linear.out_features
        self.labels = count
        self.register_buffer("boxed", torch.tensor(boxed))
        self.register_buffer("unboxed", torch.tensor([k for k in range(count) if k not in boxed], dtype=torch.long))

    def bias(self) -> Tensor:
        """Of the mean of the heads, for the manifest."""
        return torch.stack([network.head.linear.bias for network in self.networks]).mean(0)

    def mean(self, logits: List[Tensor], maps: List[Tensor]) -> Tuple[Tensor, Tensor]:
        """Maps of unlike grids are brought to the largest one, each with the mean that it had."""
        side = 0
        for each in maps:
            side = max(side, each.shape[2])
        parts: List[Tensor] = []
        for each in maps:
            resized = to_grid(each, side)
            parts.append(resized + (each.mean((2, 3), keepdim=True) - resized.mean((2, 3), keepdim=True)))
        return torch.stack(logits).mean(0), torch.stack(parts).mean(0)

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        logits: List[Tensor] = []
        maps: List[Tensor] = []
        for network in self.networks:
            y, m = network.head(network.both(x)[1])
            logits.append(y)
            maps.append(m)
        return self.mean(logits, maps)

    @torch.jit.export
    def layercam(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        logits: List[Tensor] = []
        maps: List[Tensor] = []
        for network in self.networks:
            y, m = network.head.layercam(network.both(x)[1])
            logits.append(y)
            maps.append(m)
        return self.mean(logits, maps)

    @torch.jit.export
    def gradcam_pp(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        logits: List[Tensor] = []
        maps: List[Tensor] = []
        for network in self.networks:
            y, m = network.head.gradcam_pp(network.both(x)[1])
            logits.append(y)
            maps.append(m)
        return self.mean(logits, maps)

    @torch.jit.export
    def ablation_cam(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        logits: List[Tensor] = []
        maps: List[Tensor] = []
        for network in self.networks:
            y, m = network.head.ablation_cam(network.both(x)[1])
            logits.append(y)
            maps.append(m)
        return self.mean(logits, maps)

    @torch.jit.export
    def finer_cam(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        logits: List[Tensor] = []
        maps: List[Tensor] = []
        for network in self.networks:
            y, m = network.head.finer_cam(network.both(x)[1])
            logits.append(y)
            maps.append(m)
        return self.mean(logits, maps)

    @torch.jit.export
    def calibrated(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        logits: List[Tensor] = []
        features: List[Tensor] = []
        cams: List[Tensor] = []
        layercams: List[Tensor] = []
        for network in self.networks:
            cells, last = network.both(x)
            y, cam = network.head(last)
            logits.append(y)
            features.append(cells)
            cams.append(cam)
            layercams.append(network.head.layercam(last)[1])
        inputs = self.reader(features, cams, self.reader.greys(x))
        batch, side = x.shape[0], self.reader.grid
        maps = torch.zeros([batch, self.labels, side, side], dtype=inputs.dtype, device=inputs.device)
        own = self.reader.own(cams, layercams)
        told = self.labelled.of_labels(inputs, own[:, self.boxed], self.log_prior.expand(batch, -1, -1, -1))
        maps = maps.index_copy(1, self.boxed, told)
        if self.pools:
            count = self.unboxed.shape[0]
            told = self.of_any_label(inputs, own[:, self.unboxed])
            maps = maps.index_copy(1, self.unboxed, told.reshape(batch, count, side, side))
        return torch.stack(logits).mean(0), maps

    def of_any_label(self, inputs: Tensor, own: Tensor) -> Tensor:
        """The pooled head on inputs [B, C, g, g] and own maps [B, L, OWN, g, g]; what all labels share is mixed once."""
        weight, width = self.pooled.mix.weight, inputs.shape[1]
        shared = F.conv2d(inputs, weight[:, :width], self.pooled.mix.bias)
        labels = own.shape[1]
        apart = F.pad(own.flatten(0, 1), [0, 0, 0, 0, 0, weight.shape[1] - width - own.shape[2]])
        mixed = shared[:, None].expand(-1, labels, -1, -1, -1).flatten(0, 1) + F.conv2d(apart, weight[:, width:])
        prior = self.log_pooled_prior.expand(mixed.shape[0], -1, -1, -1)
        return torch.sigmoid(self.pooled.after_mix(mixed, prior)).mean(1)


def script(module: Calibrated) -> torch.jit.ScriptModule:
    """The frozen TorchScript module, all of its methods kept."""
    module = module.eval().to(memory_format=torch.contiguous_format)
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    return torch.jit.freeze(torch.jit.script(module), preserved_attrs=list(Calibrated.METHODS))
