"""Trains cxr14-small on NIH ChestX-ray14 images without boxes and writes model.pt beside this file.

    /usr/bin/python3 models/tools/decode.py ../shared/nih/train CACHE/train
    python models/cxr14-small/train.py --nih ../shared/nih --cache CACHE --out models/cxr14-small

Needs PyTorch and NumPy (trained with torch 2.13, CPU, two threads). Patients are split by a hash: a tenth
validates. No image of a patient with a ground-truth box is read: `train` has none, and that is checked.

What is done about the data's worst trap: the images were found at 64, 128 and 384 px, and the 384s are far
sicker (Pneumonia 21 % against 0.1 %), so sharpness alone predicts labels. Three measures: every image is
brought to one size, images are blurred to the detail of a 64 px image at random, and during training each
source size has a bias of its own per label, which takes up what the size tells, and is averaged out at the end.
"""
import argparse
import csv
import hashlib
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from network import Network

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from nih import LABELS, auc, load_images, targets  # noqa: E402

SEED = 20261123
SIDE = 128
STAGES = ((64, 8), (96, 6), (128, 9))  # side in pixels, epochs
BATCH = 64
PEAK_RATE = 2e-3
WEIGHT_DECAY = 0.02
EMA_DECAY = 0.998
SOURCES = ("64", "128", "384")


def is_validation(patient):
    return int(hashlib.sha256(f"cxr14-small:{patient}".encode()).hexdigest(), 16) % 10 == 0


def resize(batch, side):
    return F.interpolate(batch, size=(side, side), mode="bilinear", align_corners=False, antialias=True)


def augment(x, generator):
    """Rotation, zoom, shift and shear; gamma; blur to 64 px detail; up to two hidden rectangles. No flip."""
    n, _, side, _ = x.shape

    def uniform(low, high, *shape):
        return torch.rand(n, *shape, generator=generator) * (high - low) + low

    angle, zoom, shear = uniform(-0.14, 0.14), torch.exp(uniform(-0.17, 0.17)), uniform(-0.06, 0.06)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = torch.cos(angle) * zoom * torch.exp(uniform(-0.06, 0.06))
    theta[:, 0, 1] = -torch.sin(angle) * zoom + shear
    theta[:, 1, 0] = torch.sin(angle) * zoom
    theta[:, 1, 1] = torch.cos(angle) * zoom
    theta[:, :, 2] = uniform(-0.12, 0.12, 2)
    x = F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False),
                      padding_mode="border", align_corners=False)
    x = x.clamp(0, 1) ** torch.exp(uniform(-0.35, 0.35))[:, None, None, None]
    if side > 64:
        blurred = resize(resize(x, 64), side)
        x = torch.where((torch.rand(n, generator=generator) < 0.35)[:, None, None, None], blurred, x)
    grid = (torch.arange(side) + 0.5) / side
    for _ in range(2):
        cx, cy, w, h = uniform(0, 1), uniform(0, 1), uniform(0.05, 0.3), uniform(0.05, 0.3)
        w = torch.where(torch.rand(n, generator=generator) < 0.5, w, torch.zeros(n))
        hidden = (((grid[None] - cx[:, None]).abs() < w[:, None] / 2)[:, None, None, :]
                  & ((grid[None] - cy[:, None]).abs() < h[:, None] / 2)[:, None, :, None])
        x = torch.where(hidden, x.mean((1, 2, 3), keepdim=True), x)
    return x + 0.02 * torch.randn(x.shape, generator=generator)


def load(nih, cache):
    rows = [r for r in csv.DictReader(open(nih / "unboxed_index.csv")) if r["part"] == "train"]
    with open(nih / "BBox_List_2017.csv") as boxes:
        boxed_patients = {line[:8] for line in list(boxes)[1:]}
    assert not [r for r in rows if r["Image Index"][:8] in boxed_patients], "a patient with a box"
    images = load_images(cache / "train")
    pixels = np.stack([resize(torch.from_numpy(images[r["Image Index"]].copy())[None, None].float(), SIDE)
                      .round().clamp(0, 255).byte()[0].numpy() for r in rows])
    sources = np.array([SOURCES.index(r["side"]) for r in rows])
    validation = np.array([is_validation(r["Patient ID"]) for r in rows])
    return torch.from_numpy(pixels), torch.from_numpy(targets(rows)), torch.from_numpy(sources), validation


@torch.no_grad()
def predict(network, pixels, side):
    network.eval()
    return torch.cat([network(resize(chunk.float() / 255, side))[0] for chunk in pixels.split(128)])


def train(args):
    torch.manual_seed(SEED)
    torch.set_num_threads(args.threads)
    generator = torch.Generator().manual_seed(SEED)
    pixels, labels, sources, validation = load(args.nih, args.cache)
    training = torch.from_numpy(np.flatnonzero(~validation))
    held_out = torch.from_numpy(np.flatnonzero(validation))
    print(f"{len(training)} training images, {len(held_out)} validation images", flush=True)

    network = Network(len(LABELS)).to(memory_format=torch.channels_last)
    prevalence = labels[training].mean(0).clamp(1e-3, 1 - 1e-3)
    with torch.no_grad():
        network.head.bias.copy_(torch.log(prevalence / (1 - prevalence)))
    source_bias = nn.Embedding(len(SOURCES), len(LABELS))
    nn.init.zeros_(source_bias.weight)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(EMA_DECAY), use_buffers=True)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    rest = [p for p in network.parameters() if p.ndim <= 1] + list(source_bias.parameters())
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": WEIGHT_DECAY},
                                   {"params": rest, "weight_decay": 0.0}], lr=PEAK_RATE)
    steps_per_epoch = len(training) // BATCH
    steps = steps_per_epoch * sum(epochs for _, epochs in STAGES)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1, (s + 1) / 300) * (
        0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1, s / steps)))))
    print(f"{sum(p.numel() for p in network.parameters())} parameters, {steps} steps", flush=True)

    start, epoch = time.time(), 0
    for side, epochs in STAGES:
        for _ in range(epochs):
            network.train()
            epoch += 1
            total = 0.0
            order = training[torch.randperm(len(training), generator=generator)]
            for chosen in order[:steps_per_epoch * BATCH].split(BATCH):
                x = pixels[chosen].float() / 255
                x = augment(resize(x, side) if side != SIDE else x, generator)
                logits, _ = network(x.contiguous(memory_format=torch.channels_last))
                loss = F.binary_cross_entropy_with_logits(logits + source_bias(sources[chosen]), labels[chosen])
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(decayed + rest, 2.0)
                optimizer.step()
                schedule.step()
                average.update_parameters(network)
                total += loss.item()
            scores = auc(predict(average.module, pixels[held_out], side).numpy(), labels[held_out].numpy())
            print(f"epoch {epoch:2d} side {side:3d} loss {total / steps_per_epoch:.4f} "
                  f"validation macro AUC {np.nanmean(scores):.4f} minutes {(time.time() - start) / 60:.1f}", flush=True)
            torch.save({"network": average.module.state_dict(), "source_bias": source_bias.state_dict()},
                       args.cache / "checkpoint.pt")
    shares = torch.bincount(sources[training], minlength=len(SOURCES)).float()
    with torch.no_grad():
        average.module.head.bias += (source_bias.weight * (shares / shares.sum())[:, None]).sum(0)
    return average.module.eval(), pixels[held_out], labels[held_out]


def export(network, out):
    """Folds the batch norms into their convolutions and writes the TorchScript file."""
    for module in network.modules():
        for norm, conv in (("first_norm", "first"), ("second_norm", "second")):
            if hasattr(module, norm):
                setattr(module, conv, torch.nn.utils.fuse_conv_bn_eval(getattr(module, conv), getattr(module, norm)))
                setattr(module, norm, nn.Identity())
        if isinstance(module, nn.Sequential):
            for i in range(1, len(module)):
                if isinstance(module[i], nn.BatchNorm2d):
                    module[i - 1] = torch.nn.utils.fuse_conv_bn_eval(module[i - 1], module[i])
                    module[i] = nn.Identity()
    network = network.eval().to(memory_format=torch.contiguous_format)
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    frozen = torch.jit.freeze(torch.jit.script(network), preserved_attrs=["layercam"])
    frozen.save(str(out / "model.pt"))
    return frozen


def youden(scores, truth):
    """The cut-off with the largest sensitivity + specificity."""
    order = np.argsort(-scores)
    truth = truth[order]
    gain = np.cumsum(truth) / max(1, truth.sum()) - np.cumsum(1 - truth) / max(1, (1 - truth).sum())
    return float(scores[order][int(np.argmax(gain))])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nih", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    network, pixels, labels = train(args)
    frozen = export(network, args.out)
    probability = torch.sigmoid(predict(frozen, pixels, SIDE)).numpy()
    truth = labels.numpy()
    scores = auc(probability, truth)
    print("label, validation AUC, cut-off (Youden)")
    for k, label in enumerate(LABELS):
        print(f"{label}: {scores[k]:.3f} {youden(probability[:, k], truth[:, k]):.4f}")
    print(f"validation macro AUC of the exported file: {np.nanmean(scores):.4f}")
    print("sha256", hashlib.sha256((args.out / "model.pt").read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
