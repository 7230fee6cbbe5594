# SPDX-License-Identifier: Apache-2.0
"""Trains cxr14-base on NIH ChestX-ray14 images without boxes and writes model.pt beside this file.

    /usr/bin/python3 models/tools/decode.py ../shared/nih/train CACHE/train
    python models/cxr14-base/train.py --nih ../shared/nih --cache CACHE --out models/cxr14-base

A trial is the same with `--trial NAME` and changed parts of the recipe (`--set key=value ...`); it appends its
validation figures to CACHE/trials.tsv and exports nothing. The trials are listed in trials.tsv.

Needs PyTorch and NumPy. Patients are split by a hash: a tenth validates. No image of a patient with a ground-truth box
is read: `train` has none, and that is checked.

What is done about the data's worst trap: the images were found at 64, 128 and 384 px, and the 384s are far
sicker (Pneumonia 21 % against 0.1 %), so sharpness alone predicts labels. Three measures: every image is
brought to one size, images are blurred to the detail of a 64 px image at random, and during training each
source size has a bias of its own per label, which takes up what the size predicts, and is averaged out at the end.
"""
import argparse
import ast
import copy
import csv
import dataclasses
import hashlib
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import score  # noqa: E402
from cam import Mapped, script  # noqa: E402
from manifest import write_manifest  # noqa: E402
from network import network as new_network, pad_stem  # noqa: E402
from nih import LABELS, auc, load_images, targets  # noqa: E402

SIDE = 128
SOURCES = ("64", "128", "384")
ENTROPY_OF_AUXILIARY = 0.2


@dataclasses.dataclass
class Recipe:
    seed: int = 20261124
    stages: tuple = ((64, 10, "all"), (96, 5, "all"), (128, 7, "all"))  # side in pixels, epochs, source sizes
    batch: int = 64
    rate: float = 2e-3
    decay: float = 0.02
    ema: float = 0.998
    widths: tuple = (24, 48, 96, 160, 160)
    attention: bool = False
    coordinates: bool = False
    grid: int = 8
    lse: float = 0.0
    loss: str = "bce"  # or balanced, focal
    source_bias: bool = True
    auxiliary: float = 0.05  # weight of age, sex and view as further targets
    follow_up: bool = False  # and the number of the image in its patient's series
    mixup: float = 0.0  # share of batches
    flip: float = 0.0
    strong: float = 1.0  # scale of the geometric augmentation
    blur: float = 0.35
    smooth: float = 0.0  # share of the mean label of the patient's images in a target
    ssl_epochs: int = 6  # VICReg before the labels
    teachers: tuple = ()  # checkpoints whose mean probability is half of the target
    soft: float = 0.5


def is_validation(patient):
    return int(hashlib.sha256(f"cxr14-small:{patient}".encode()).hexdigest(), 16) % 10 == 0


def resize(batch, side):
    if batch.shape[-1] == side:
        return batch
    return F.interpolate(batch, size=(side, side), mode="bilinear", align_corners=False, antialias=True)


def augment(x, recipe, generator):
    """Rotation, zoom, shift and shear; gamma; blur to 64 px detail; up to two hidden rectangles; noise."""
    n, _, side, _ = x.shape
    s = recipe.strong

    def uniform(low, high, *shape):
        return torch.rand(n, *shape, generator=generator) * (high - low) + low

    angle, zoom, shear = uniform(-0.14, 0.14) * s, torch.exp(uniform(-0.17, 0.17) * s), uniform(-0.06, 0.06) * s
    theta = torch.zeros(n, 2, 3)
    mirror = torch.where(torch.rand(n, generator=generator) < recipe.flip, -1.0, 1.0)
    theta[:, 0, 0] = torch.cos(angle) * zoom * torch.exp(uniform(-0.06, 0.06) * s) * mirror
    theta[:, 0, 1] = -torch.sin(angle) * zoom + shear
    theta[:, 1, 0] = torch.sin(angle) * zoom * mirror
    theta[:, 1, 1] = torch.cos(angle) * zoom
    theta[:, :, 2] = uniform(-0.12, 0.12, 2) * s
    x = F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False),
                      padding_mode="border", align_corners=False)
    x = x.clamp(0, 1) ** torch.exp(uniform(-0.35, 0.35) * s)[:, None, None, None]
    if side > 64:
        blurred = resize(resize(x, 64), side)
        x = torch.where((torch.rand(n, generator=generator) < recipe.blur)[:, None, None, None], blurred, x)
    grid = (torch.arange(side) + 0.5) / side
    for _ in range(2):
        cx, cy, w, h = uniform(0, 1), uniform(0, 1), uniform(0.05, 0.3), uniform(0.05, 0.3)
        w = torch.where(torch.rand(n, generator=generator) < 0.5, w, torch.zeros(n))
        hidden = (((grid[None] - cx[:, None]).abs() < w[:, None] / 2)[:, None, None, :]
                  & ((grid[None] - cy[:, None]).abs() < h[:, None] / 2)[:, None, :, None])
        x = torch.where(hidden, x.mean((1, 2, 3), keepdim=True), x)
    return x + 0.02 * torch.randn(x.shape, generator=generator)


@dataclasses.dataclass
class Data:
    pixels: torch.Tensor  # uint8[n, 1, SIDE, SIDE]
    labels: torch.Tensor
    sources: torch.Tensor
    auxiliary: torch.Tensor  # age / 50 - 1, log of the number in the patient's series, male, AP
    validation: np.ndarray
    usual: torch.Tensor  # the mean labels of the image's patient


def load(nih, cache):
    rows = [r for r in csv.DictReader(open(nih / "unboxed_index.csv")) if r["part"] == "train"]
    with open(nih / "BBox_List_2017.csv") as boxes:
        boxed_patients = {line[:8] for line in list(boxes)[1:]}
    assert not [r for r in rows if r["Image Index"][:8] in boxed_patients], "a patient with a box"
    images = load_images(cache / "train")
    pixels = np.stack([resize(torch.from_numpy(images[r["Image Index"]].copy())[None, None].float(), SIDE)
                      .round().clamp(0, 255).byte()[0].numpy() for r in rows])
    auxiliary = [[min(100, float(r["Patient Age"])) / 50 - 1, math.log1p(int(r["Image Index"][9:12])) / 2, float(r["Patient Gender"] == "M"),
                  float(r["View Position"] == "AP")] for r in rows]
    labels, patients = targets(rows), np.array([int(r["Patient ID"]) for r in rows])
    usual = np.stack([np.bincount(patients, column) / np.maximum(1, np.bincount(patients)) for column in labels.T], 1)
    return Data(torch.from_numpy(pixels), torch.from_numpy(labels),
                torch.tensor([SOURCES.index(r["side"]) for r in rows]), torch.tensor(auxiliary),
                np.array([is_validation(r["Patient ID"]) for r in rows]),
                torch.from_numpy(usual[patients]).float())


@torch.no_grad()
def predict(network, pixels, side):
    network.eval()
    return torch.cat([network(resize(chunk.float() / 255, side))[0] for chunk in pixels.split(128)])


def validation_scores(network, data, side):
    """Macro AUC over all validation images, and the mean of those within each source size."""
    held_out = torch.from_numpy(np.flatnonzero(data.validation))
    logits, truth = predict(network, data.pixels[held_out], side).numpy(), data.labels[held_out].numpy()
    sources, within = data.sources[held_out].numpy(), []
    for source in range(len(SOURCES)):
        own = sources == source
        enough = (truth[own].sum(0) >= 5) & ((1 - truth[own]).sum(0) >= 5)
        within.append(np.nanmean(auc(logits[own], truth[own])[enough]))
    return float(np.nanmean(auc(logits, truth))), float(np.mean(within))


def criterion(recipe, labels):
    share = labels.mean(0).clamp(1e-3, 1 - 1e-3)
    if recipe.loss == "balanced":  # both answers of a label weigh alike, tempered by a root
        positive, negative = (0.5 / share).sqrt(), (0.5 / (1 - share)).sqrt()
        return lambda z, y: ((y * positive + (1 - y) * negative)
                             * F.binary_cross_entropy_with_logits(z, y, reduction="none")).mean()
    if recipe.loss == "focal":
        def focal(z, y):
            loss = F.binary_cross_entropy_with_logits(z, y, reduction="none")
            return (loss * (y - torch.sigmoid(z)).abs().square()).mean() * 2
        return focal
    return F.binary_cross_entropy_with_logits


def optimizer_and_schedule(modules, recipe, steps):
    parameters = [p for module in modules for p in module.parameters()]
    optimizer = torch.optim.AdamW([
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": recipe.decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0}], lr=recipe.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1, (s + 1) / 300) * (
        0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1, s / steps)))))
    return parameters, optimizer, schedule


def pretrain(network, data, chosen, recipe, generator):
    """VICReg (Bardes et al. 2022) of two augmented views at 64 px, on the training images without their labels."""
    channels = network.head.linear.in_features
    project = nn.Sequential(nn.Linear(channels, 512), nn.BatchNorm1d(512), nn.ReLU(), nn.Linear(512, 512))
    per_epoch = len(chosen) // 128
    parameters, optimizer, schedule = optimizer_and_schedule((network.trunk, project), recipe,
                                                             per_epoch * recipe.ssl_epochs)
    stronger = dataclasses.replace(recipe, strong=1.5)

    def spread(z):
        z = z - z.mean(0)
        covariance = (z.T @ z) / (len(z) - 1)
        off_diagonal = covariance.square().sum() - covariance.diagonal().square().sum()
        return F.relu(1 - (z.var(0) + 1e-4).sqrt()).mean() * 25 + off_diagonal / z.shape[1]

    for epoch in range(recipe.ssl_epochs):
        network.train()
        total = 0.0
        for batch in chosen[torch.randperm(len(chosen), generator=generator)][:per_epoch * 128].split(128):
            x = resize(data.pixels[batch].float() / 255, 64)
            views = torch.cat([augment(x, stronger, generator), augment(x, stronger, generator)])
            a, b = project(network.trunk(views.contiguous(memory_format=torch.channels_last)).mean((2, 3))).chunk(2)
            loss = 25 * F.mse_loss(a, b) + spread(a) + spread(b)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 2.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"pre-training epoch {epoch + 1} loss {total / per_epoch:.3f}", flush=True)


def build(recipe):
    return new_network(len(LABELS), recipe.widths, recipe.attention, recipe.coordinates, recipe.grid, recipe.lse)


def train(data, recipe, teachers, save):
    """Returns the averaged network, its head corrected for the source sizes; teachers are networks, maybe none."""
    torch.manual_seed(recipe.seed)
    generator = torch.Generator().manual_seed(recipe.seed)
    training = torch.from_numpy(np.flatnonzero(~data.validation))
    network = build(recipe).to(memory_format=torch.channels_last)
    if recipe.ssl_epochs:
        pretrain(network, data, training, recipe, generator)
    prevalence = data.labels[training].mean(0).clamp(1e-3, 1 - 1e-3)
    with torch.no_grad():
        network.head.linear.bias.copy_(torch.log(prevalence / (1 - prevalence)))
    source_bias = nn.Embedding(len(SOURCES), len(LABELS))
    nn.init.zeros_(source_bias.weight)
    source_bias.requires_grad_(recipe.source_bias)
    auxiliary = nn.Linear(network.head.linear.in_features, data.auxiliary.shape[1])
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(recipe.ema), use_buffers=True)
    loss_of = criterion(recipe, data.labels[training])
    subsets = [training if sizes == "all" else training[torch.isin(
        data.sources[training], torch.tensor([SOURCES.index(s) for s in sizes.split("+")]))]
        for _, _, sizes in recipe.stages]
    steps = sum(len(s) // recipe.batch * epochs for s, (_, epochs, _) in zip(subsets, recipe.stages))
    parameters, optimizer, schedule = optimizer_and_schedule((network, source_bias, auxiliary), recipe, steps)
    print(f"{sum(p.numel() for p in network.parameters())} parameters, {len(training)} training images, "
          f"{int(data.validation.sum())} validation images, {steps} steps", flush=True)

    start, epoch = time.time(), 0
    for (side, epochs, _), subset in zip(recipe.stages, subsets):
        per_epoch = len(subset) // recipe.batch
        for _ in range(epochs):
            network.train()
            epoch += 1
            total = 0.0
            order = subset[torch.randperm(len(subset), generator=generator)]
            for chosen in order[:per_epoch * recipe.batch].split(recipe.batch):
                x = augment(resize(data.pixels[chosen].float() / 255, side), recipe, generator)
                y, extra, bias = data.labels[chosen], data.auxiliary[chosen], source_bias(data.sources[chosen])
                y = y.lerp(data.usual[chosen], recipe.smooth)
                if teachers:
                    with torch.no_grad():
                        probability = torch.stack([torch.sigmoid(t(x)[0]) for t in teachers]).mean(0)
                    y = (1 - recipe.soft) * y + recipe.soft * probability
                if recipe.mixup and torch.rand((), generator=generator) < recipe.mixup:
                    part = float(torch.rand((), generator=generator)) * 0.5
                    other = torch.randperm(len(x), generator=generator)
                    x, y = x.lerp(x[other], part), y.lerp(y[other], part)
                    extra, bias = extra.lerp(extra[other], part), bias.lerp(bias[other], part)
                features = network.trunk(x.contiguous(memory_format=torch.channels_last))
                loss = loss_of(network.head(features)[0] + bias, y)
                if recipe.auxiliary:
                    told = auxiliary(features.mean((2, 3)))
                    numbers = 2 if recipe.follow_up else 1
                    loss = loss + recipe.auxiliary * (
                        F.mse_loss(told[:, :numbers], extra[:, :numbers])
                        + F.binary_cross_entropy_with_logits(told[:, 2:], extra[:, 2:]))
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(parameters, 2.0)
                optimizer.step()
                schedule.step()
                average.update_parameters(network)
                total += loss.item()
            scores = validation_scores(average.module, data, side)
            print(f"epoch {epoch:2d} side {side:3d} loss {total / per_epoch:.4f} validation macro AUC {scores[0]:.4f} "
                  f"within a source size {scores[1]:.4f} minutes {(time.time() - start) / 60:.1f}", flush=True)
            torch.save({"network": average.module.state_dict(), "recipe": dataclasses.asdict(recipe)}, save)
    shares = torch.bincount(data.sources[training], minlength=len(SOURCES)).float()
    result = copy.deepcopy(average.module).eval()
    with torch.no_grad():
        result.head.linear.bias += (source_bias.weight * (shares / shares.sum())[:, None]).sum(0)
    torch.save({"network": result.state_dict(), "recipe": dataclasses.asdict(recipe)}, save)
    return result


def restore(path):
    saved = torch.load(path, weights_only=True)
    network = build(Recipe(**saved["recipe"]))
    network.load_state_dict(saved["network"])
    return network.eval().to(memory_format=torch.channels_last)


def fold(network):
    """Puts the batch norms into their convolutions."""
    fuse = torch.nn.utils.fuse_conv_bn_eval
    for module in network.modules():
        if hasattr(module, "first_norm"):
            module.first, module.first_norm = fuse(module.first, module.first_norm), nn.Identity()
            module.second, module.second_norm = fuse(module.second, module.second_norm), nn.Identity()
        if isinstance(module, nn.Sequential):
            for i in range(1, len(module)):
                if isinstance(module[i], nn.BatchNorm2d):
                    module[i - 1], module[i] = fuse(module[i - 1], module[i]), nn.Identity()


def youden(scores, truth):
    """The cut-off with the largest sensitivity + specificity."""
    order = np.argsort(-scores)
    truth = truth[order]
    gain = np.cumsum(truth) / max(1, truth.sum()) - np.cumsum(1 - truth) / max(1, (1 - truth).sum())
    return float(scores[order][int(np.argmax(gain))])


def write_package(network, data, side, out):
    """model.pt and model.yaml; score.py --calibrate adds the box policies."""
    fold(network)
    pad_stem(network)
    exported = script(network)
    exported.save(str(out / "model.pt"))
    held_out = torch.from_numpy(np.flatnonzero(data.validation))
    probability = torch.sigmoid(predict(exported, data.pixels[held_out], side)).numpy()
    truth = data.labels[held_out].numpy()
    methods = [{"name": "cam", "function": "forward", "sumsToLogit": True}]
    methods += [{"name": m, "function": m, "sumsToLogit": False} for m in Mapped.METHODS]
    manifest = {
        "formatVersion": 1, "name": out.resolve().name, "version": "1.0.1", "licence": "Apache-2.0",
        "source": "trained by models/cxr14-base/train.py on NIH ChestX-ray14",
        "sha256": hashlib.sha256((out / "model.pt").read_bytes()).hexdigest(),
        "labels": list(LABELS), "activation": "sigmoid", "input": {"size": side, "channels": 1, "resize": "stretch"},
        "methods": {"default": "layercam", "available": methods},
        "bias": [float(f"{b:.9g}") for b in network.head.linear.bias.tolist()],
        "cutoffs": {"chosenOn": f"{len(held_out)} validation images; largest sensitivity + specificity",
                    "probabilities": {label: float(f"{youden(probability[:, k], truth[:, k]):.4g}")
                                      for k, label in enumerate(LABELS)}}}
    write_manifest(out, manifest)
    scores = auc(probability, truth)
    for label, score in zip(LABELS, scores):
        print(f"{label}: validation AUC {score:.3f}")
    print(f"validation macro AUC of the exported file: {np.nanmean(scores):.4f}, within a source size "
          f"{validation_scores(exported, data, side)[1]:.4f}")
    print("sha256", manifest["sha256"])


def log_trial(name, told, network, data, side, nih, cache, minutes):
    """Appends to CACHE/trials.tsv: validation AUCs, and the best candidate policy's macro Acc at T(IoU) .1/.3/.5 on the
    calibration half for cam and layercam."""
    scores = validation_scores(network, data, side)
    images = load_images(cache / "boxed")
    truth = [t for t in score.read_truth(nih, set(images)) if score.is_calibration(score.patient_of(t[0]))]
    names = sorted({t[0] for t in truth})
    network.to(memory_format=torch.contiguous_format)
    found = []
    for function in ("forward", "layercam"):
        _, maps = score.predict(network, images, names, {"size": side, "channels": 1, "resize": "stretch"}, function)
        of = {(n, label): maps[i, k] for i, n in enumerate(names) for k, label in enumerate(LABELS)}
        tables = [score.macro(score.accuracies(truth, score.overlaps(truth, lambda n, label: score.boxes(
            of[n, label], policy, *images[n].shape[::-1]))))[score.CHOSEN_BY] for policy in score.CANDIDATES]
        found.append("/".join(f"{v:.3f}" for v in max(tables, key=sum)))
    with open(cache / "trials.tsv", "a") as file:
        file.write("\t".join([name, f"{scores[0]:.4f}", f"{scores[1]:.4f}", *found, f"{minutes:.1f}", told]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nih", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--trial", help="a name for the log; nothing is exported")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="changes of the recipe")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    changes = {key: literal(value) for key, value in (change.split("=", 1) for change in args.set)}
    recipe = dataclasses.replace(Recipe(), **changes)
    data = load(args.nih, args.cache)
    start, side = time.time(), recipe.stages[-1][0]
    network = train(data, recipe, [restore(path) for path in recipe.teachers],
                    args.cache / f"{args.trial or 'final'}.ckpt")
    if args.trial:
        log_trial(args.trial, " ".join(args.set), network, data, side, args.nih, args.cache, (time.time() - start) / 60)
    else:
        write_package(network, data, side, args.out)


def literal(text):
    try:
        return ast.literal_eval(text)
    except ValueError:
        return text


if __name__ == "__main__":
    main()
