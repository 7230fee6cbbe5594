# SPDX-License-Identifier: Apache-2.0
"""Trains a network on NIH ChestX-ray14 images without boxes, from ImageNet weights, alone or as a student of others.

    /usr/bin/python3 models/tools/decode.py ../shared/nih/train CACHE/train
    python models/train/train.py --nih ../shared/nih --cache CACHE --weights ../shared/weights --recipe a \\
        --checkpoint CACHE/a.ckpt --log models/train/a.log [--seed 3] [--stages 160x5 224x2] [--set kind=lite2 ...]

The same command again resumes from the checkpoint, which holds the weights, their average, the optimizer and the state of
each generator: with the same number of threads an interrupted run ends with the weights of one that was not. Recipes stand
in recipes.py; README.md says how long each takes. No image of a patient with a ground-truth box is read, and a tenth of the
patients validates (nih.is_validation). Each epoch prints the validation macro AUC over all images, and the mean of those
within one source size: the sizes are unlike in sickness, so that sharpness alone predicts labels, and a gain that is not in
the second figure is none.
"""
import argparse
import ast
import dataclasses
import math
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import trunks  # noqa: E402
from cam import Head  # noqa: E402
from cells import standardised  # noqa: E402
from efficientnet import Lite  # noqa: E402
from images import SOURCES, Augmentation, load, resize  # noqa: E402
from nih import LABELS, auc  # noqa: E402
from recipes import RECIPES  # noqa: E402

STRIDE = 16


class Classifier(nn.Module):
    """A trunk and a head: x -> (logits, class maps)."""

    def __init__(self, recipe):
        super().__init__()
        self.trunk = Lite(recipe.kind, recipe.joined)
        self.head = Head(self.trunk.channels, len(LABELS), recipe.lse)

    def forward(self, x):
        return self.head(self.trunk(x))


@torch.no_grad()
def validation_scores(network, data, side):
    """Macro AUC over all validation images, and the mean of those within each source size."""
    network.eval()
    held_out = torch.from_numpy(np.flatnonzero(data.validation))
    logits = torch.cat([network(resize(chunk.float() / 255, side))[0] for chunk in data.pixels[held_out].split(64)]).numpy()
    truth, sources, within = data.labels[held_out].numpy(), data.sources[held_out].numpy(), []
    for source in range(len(SOURCES)):
        own = sources == source
        enough = (truth[own].sum(0) >= 5) & ((1 - truth[own]).sum(0) >= 5)
        if enough.any():
            within.append(np.nanmean(auc(logits[own], truth[own])[enough]))
    return float(np.nanmean(auc(logits, truth))), float(np.mean(within)) if within else float("nan")


class Teachers:
    """The mean of other networks: probabilities, and standardised class maps on the student's grid."""

    def __init__(self, names):
        self.networks = [network.to(memory_format=torch.channels_last) for network in trunks.load_all(names)]

    @torch.no_grad()
    def __call__(self, x):
        logits, maps = [], []
        for network in self.networks:
            with torch.autocast("cpu", torch.bfloat16):  # faster where there is AMX; soft targets need no more digits
                y, m = network.head(network.both(x)[1])
            logits.append(y.float())
            maps.append(standardised(resize(m.float(), x.shape[-1] // STRIDE)))
        return torch.sigmoid(torch.stack(logits).mean(0)), torch.stack(maps).mean(0)


class Run:
    """A training with all of its state."""

    def __init__(self, data, recipe, weights, teachers):
        torch.manual_seed(recipe.seed)
        self.data, self.recipe, self.teachers = data, recipe, teachers
        self.training = torch.from_numpy(np.flatnonzero(~data.validation))
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.augment = Augmentation(recipe, self.generator)
        self.network = Classifier(recipe)
        self.network.trunk.load_imagenet(weights / f"efficientnet-{recipe.kind}-imagenet-fp16.pt")
        prevalence = data.labels[self.training].mean(0).clamp(1e-3, 1 - 1e-3)
        with torch.no_grad():
            self.network.head.linear.bias.copy_(torch.log(prevalence / (1 - prevalence)))
        self.network.to(memory_format=torch.channels_last)
        self.source_bias = nn.Embedding(len(SOURCES), len(LABELS))
        nn.init.zeros_(self.source_bias.weight)
        self.source_bias.requires_grad_(recipe.source_bias)
        self.auxiliary = nn.Linear(self.network.trunk.channels, data.auxiliary.shape[1])
        self.average = torch.optim.swa_utils.AveragedModel(
            self.network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(recipe.ema), use_buffers=True)
        self.per_epoch = len(self.training) // recipe.batch
        self.epochs = [side for side, count in recipe.stages for _ in range(count)]
        self.optimizer, self.schedule = self.optimizer_and_schedule()
        self.step, self.loss, self.minutes, self.log, self.scores = 0, 0.0, 0.0, [], (math.nan, math.nan)

    def optimizer_and_schedule(self):
        recipe, steps = self.recipe, self.per_epoch * len(self.epochs)
        groups = []
        for modules, rate in (((self.network.trunk,), recipe.rate),
                              ((self.network.head, self.source_bias, self.auxiliary), recipe.head_rate)):
            parameters = [p for module in modules for p in module.parameters()]
            groups.append({"params": [p for p in parameters if p.ndim > 1], "lr": rate, "weight_decay": recipe.decay})
            groups.append({"params": [p for p in parameters if p.ndim <= 1], "lr": rate, "weight_decay": 0.0})
        optimizer = torch.optim.AdamW(groups)
        warm_up = min(recipe.warm_up, max(1, steps // 10))
        return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1, (s + 1) / warm_up) * (
            0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1, s / steps)))))

    @property
    def finished(self):
        return self.step >= self.per_epoch * len(self.epochs)

    PARTS = ("network", "source_bias", "auxiliary", "average", "optimizer", "schedule")

    def save(self, path):
        """Replaces the checkpoint at once, so that one that was interrupted leaves the earlier one."""
        state = {name: getattr(self, name).state_dict() for name in self.PARTS if name != "average"}
        state.update(average=self.average.module.state_dict(), averaged=self.average.n_averaged.clone(),
                     recipe=dataclasses.asdict(self.recipe), generator=self.generator.get_state(),
                     global_generator=torch.get_rng_state(),
                     **{name: getattr(self, name) for name in ("step", "loss", "minutes", "log", "scores", "finished")})
        partial = path.with_name(path.name + ".part")
        torch.save(state, partial)
        os.replace(partial, path)

    def restore(self, path):
        state = torch.load(path, map_location="cpu", weights_only=True)
        if state["recipe"] != dataclasses.asdict(self.recipe):
            changed = [k for k, v in dataclasses.asdict(self.recipe).items() if state["recipe"].get(k) != v]
            raise ValueError(f"{path} is of another recipe: {', '.join(changed)}")
        for name in self.PARTS:
            if name != "average":
                getattr(self, name).load_state_dict(state[name])
        self.average.module.load_state_dict(state["average"])
        self.average.n_averaged.copy_(state["averaged"])
        self.generator.set_state(state["generator"])
        torch.set_rng_state(state["global_generator"])
        for name in ("step", "loss", "minutes", "log", "scores"):
            setattr(self, name, state[name])
        return state["finished"]

    def order(self, epoch):
        """The images of an epoch, by a generator of its own, so that a run can resume in its middle."""
        own = torch.Generator().manual_seed(self.recipe.seed * 1000 + epoch)
        return self.training[torch.randperm(len(self.training), generator=own)]

    def batch_loss(self, chosen, side):
        recipe, data, generator = self.recipe, self.data, self.generator
        x = self.augment(resize(data.pixels[chosen].float() / 255, side))
        y, extra, bias = data.labels[chosen], data.auxiliary[chosen], self.source_bias(data.sources[chosen])
        if recipe.mixup and float(torch.rand((), generator=generator)) < recipe.mixup:
            part = float(torch.rand((), generator=generator)) * 0.5
            other = torch.randperm(len(x), generator=generator)
            x, y = x.lerp(x[other], part), y.lerp(y[other], part)
            extra, bias = extra.lerp(extra[other], part), bias.lerp(bias[other], part)
        x = x.contiguous(memory_format=torch.channels_last)
        taught = None
        if self.teachers.networks and (recipe.soft or recipe.maps):
            probability, taught = self.teachers(x)
            y = (1 - recipe.soft) * y + recipe.soft * probability
        features = self.network.trunk(x)
        logits, maps = self.network.head(F.dropout2d(features, recipe.dropout))
        loss = F.binary_cross_entropy_with_logits(logits + bias, y)
        if recipe.auxiliary:
            told = self.auxiliary(features.mean((2, 3)))
            loss = loss + recipe.auxiliary * (F.mse_loss(told[:, :1], extra[:, :1])
                                              + F.binary_cross_entropy_with_logits(told[:, 1:], extra[:, 1:]))
        if taught is not None and recipe.maps:  # a label that the teachers see has the more to teach
            gap = (standardised(maps) - taught).square().mean((2, 3))
            loss = loss + recipe.maps * (gap * probability).sum() / probability.sum()
        if recipe.equivariance:
            loss = loss + recipe.equivariance * self.equivariance(x[:len(x) // 4], maps[:len(x) // 4])
        return loss

    def equivariance(self, x, maps):
        cells = int(torch.randint(-2, 3, (), generator=self.generator))
        _, moved = self.network(x.flip(3).roll(cells * STRIDE, 3))
        return F.mse_loss(standardised(moved), standardised(maps).flip(3).roll(cells, 3))

    def advance(self, checkpoint, every, stop_after, tell):
        """Trains to the end, or for so many steps."""
        start, taken = time.time(), 0
        parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
        earlier = self.minutes

        def keep():
            self.minutes = earlier + (time.time() - start) / 60
            self.save(checkpoint)

        while not self.finished:
            epoch, at = divmod(self.step, self.per_epoch)
            side, order = self.epochs[epoch], self.order(epoch)
            self.network.train()
            for index in range(at, self.per_epoch):
                if stop_after is not None and taken >= stop_after:
                    keep()
                    return
                chosen = order[index * self.recipe.batch:(index + 1) * self.recipe.batch]
                loss = self.batch_loss(chosen, side)
                self.optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(parameters, 2.0)
                self.optimizer.step()
                self.schedule.step()
                self.average.update_parameters(self.network)
                self.loss += loss.item()
                self.step, taken = self.step + 1, taken + 1
                if every and taken % every == 0 and index + 1 < self.per_epoch:
                    keep()
            self.scores = validation_scores(self.average.module, self.data, side)
            self.minutes = earlier + (time.time() - start) / 60
            tell(f"epoch {epoch + 1:2d} side {side:3d} loss {self.loss / self.per_epoch:.4f} validation macro AUC "
                 f"{self.scores[0]:.4f} within a source size {self.scores[1]:.4f} minutes {self.minutes:.1f}")
            self.loss = 0.0
            if self.finished:
                self.take_in_source_bias()
            keep()

    def take_in_source_bias(self):
        """What the head has learned of a mean image of the training sizes."""
        shares = torch.bincount(self.data.sources[self.training], minlength=len(SOURCES)).float()
        with torch.no_grad():
            self.average.module.head.linear.bias += (self.source_bias.weight * (shares / shares.sum())[:, None]).sum(0)


def literal(text):
    try:
        return ast.literal_eval(text)
    except ValueError:
        return text


def recipe_of(args):
    changes = {k: literal(v) for k, v in (change.split("=", 1) for change in args.set)}
    if args.seed is not None:
        changes["seed"] = args.seed
    if args.stages:
        changes["stages"] = tuple(tuple(int(n) for n in stage.split("x")) for stage in args.stages)
    return dataclasses.replace(RECIPES[args.recipe], **changes)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nih", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="where decode.py wrote train.raw")
    parser.add_argument("--weights", type=Path, required=True, help="directory of the ImageNet weights")
    parser.add_argument("--recipe", choices=sorted(RECIPES), required=True)
    parser.add_argument("--checkpoint", type=Path, required=True, help="outside the repository; resumed if it exists")
    parser.add_argument("--log", type=Path, required=True, help="in the repository")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--stages", nargs="*", metavar="SIDExEPOCHS")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="changes of the recipe")
    parser.add_argument("--teacher", action="append", default=[], metavar="PATH[:SIDE]", help="see models/tools/trunks.py")
    parser.add_argument("--limit", type=int, help="only so many images, to try it")
    parser.add_argument("--every", type=int, default=100, help="steps between checkpoints")
    parser.add_argument("--stop-after", type=int, help="steps, then save and end")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args(arguments)
    torch.set_num_threads(args.threads)
    recipe = recipe_of(args)
    if recipe.soft and not args.teacher:
        parser.error("a recipe with soft targets needs --teacher")
    data = load(args.nih, args.cache, max(side for side, _ in recipe.stages), args.limit)
    run = Run(data, recipe, args.weights, Teachers(args.teacher))

    def tell(line):
        run.log.append(line)
        args.log.write_text("\n".join(run.log) + "\n")
        print(line, flush=True)

    if args.checkpoint.exists():
        if run.restore(args.checkpoint):
            print(f"{args.checkpoint} is finished: validation macro AUC {run.scores[0]:.4f}, within a source size "
                  f"{run.scores[1]:.4f}")
            return run
        print(f"resumes at step {run.step}", flush=True)
    else:
        teachers = ", ".join(Path(name).stem for name in args.teacher)
        tell(f"{args.recipe}: {recipe}" + (f" taught by {teachers}" if teachers else ""))
        tell(f"{sum(p.numel() for p in run.network.parameters())} parameters, {len(run.training)} training images, "
             f"{int(data.validation.sum())} validation images, {run.per_epoch * len(run.epochs)} steps")
    run.advance(args.checkpoint, args.every, args.stop_after, tell)
    return run


if __name__ == "__main__":
    main()
