# SPDX-License-Identifier: Apache-2.0
"""Checks train.py on images of noise at 64 px: a run that is interrupted and resumed gives the weights of one that is not.

    python models/train/check_train.py

With mixup, dropout, borders, markers, source bias and maps' equivariance; then a student of the network, which is resumed,
too. Checks besides that a patient with a box is refused, that a checkpoint of another recipe is refused, that no
validation patient is trained on, and that trunks.py and validate.py read a finished checkpoint. Exits with 1 where one fails.
"""
import csv
import random
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

import train
import trunks
import validate
from efficientnet import Lite, fused
from nih import LABELS, is_validation

IMAGES, SIDE, SMALL = 56, 64, ["--stages", "64x2", "--set", "batch=8", "warm_up=2", "mixup=0.5", "dropout=0.3", "borders=0.5",
                               "markers=0.5", "flip=0.5", "equivariance=0.1"]


def write_images(nih, cache):
    """An index, a box list and decoded images; patients from 100 on, the box is of patient 1."""
    rng, chance = np.random.default_rng(5), random.Random(5)
    rows = [{"Image Index": f"{100 + i // 2:08d}_{i % 2:03d}.png", "part": "train", "side": str((64, 128, 384)[i % 3]),
             "Finding Labels": "|".join(chance.sample(LABELS, 3)), "Patient ID": 100 + i // 2, "Patient Age": 20 + i,
             "Patient Gender": "MF"[i % 2], "View Position": ("AP", "PA")[i % 2]} for i in range(IMAGES)]
    with open(nih / "unboxed_index.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (nih / "BBox_List_2017.csv").write_text("Image Index,Finding Label,x,y,w,h\n00000001_000.png,Mass,1,1,5,5\n")
    with open(cache / "train.raw", "wb") as raw, open(cache / "train.tsv", "w") as index:
        for i, row in enumerate(rows):
            raw.write(rng.integers(0, 256, SIDE * SIDE, np.uint8).tobytes())
            index.write(f"{row['Image Index']}\t{SIDE}\t{SIDE}\t{i * SIDE * SIDE}\n")
    return rows


def write_weights(folder):
    """Random weights in the form of the public ones: three input channels, float16 convolutions, the public names."""
    torch.manual_seed(5)
    trunk, state = Lite("lite0"), {}
    for name, value in trunk.state_dict().items():
        if name.startswith(("first_blocks.", "last_blocks.")):
            stage, number, rest = name.split(".", 2)
            name = f"_blocks.{int(number) + (trunk.middle if stage == 'last_blocks' else 0)}.{rest}"
        if name == "_conv_stem.weight":
            value = value.expand(-1, 3, -1, -1) / 3
        state[name] = value.half() if value.ndim == 4 else value
    torch.save(state, folder / "efficientnet-lite0-imagenet-fp16.pt")


def same(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)


def main():
    failed = []

    def check(holds, what):
        print(("holds: " if holds else "FAILS: ") + what, flush=True)
        failed.extend([] if holds else [what])

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        rows = write_images(work, work)
        write_weights(work)

        def run(name, *more):
            return train.main(["--nih", str(work), "--cache", str(work), "--weights", str(work), "--threads", "1",
                               "--checkpoint", str(work / f"{name}.ckpt"), "--log", str(work / f"{name}.log"), *more])

        def interrupted(name, *more):
            for _ in range(2):  # in the first epoch and in the second
                run(name, *more, "--stop-after", "4")
            return run(name, *more)

        whole, parts = run("whole", "--recipe", "a", *SMALL), interrupted("parts", "--recipe", "a", *SMALL)
        check(whole.finished and parts.finished and whole.step == parts.step, "both runs end")
        check(same(whole.network.state_dict(), parts.network.state_dict()), "a resumed run has the same weights, bit for bit")
        check(same(whole.average.module.state_dict(), parts.average.module.state_dict()), "and the same average")
        logs = [(work / f"{name}.log").read_text().split(" minutes")[0] for name in ("whole", "parts")]
        check(logs[0] == logs[1], "and the same log but for the minutes")
        other = run("other", "--recipe", "a", *SMALL, "--seed", "3", "--stages", "64x1")
        check(not same(whole.network.state_dict(), other.network.state_dict()), "another seed has other weights")

        trained = set(torch.cat([whole.order(e) for e in range(2)]).tolist())
        check(not any(is_validation(rows[i]["Patient ID"]) for i in trained), "no validation patient is trained on")
        network = trunks.load_all([str(work / "whole.ckpt")])[0]
        average = whole.average.module.eval()
        stem = fused(average.trunk._conv_stem, average.trunk._bn0)
        check(network.side == SIDE and torch.equal(network.trunk._conv_stem.weight, stem.weight)
              and torch.equal(network.head.linear.bias, average.head.linear.bias), "trunks.py reads a finished checkpoint")
        x = torch.rand(4, 1, SIDE, SIDE)
        both = validate.Mean(trunks.load_all([str(work / f"{name}.ckpt") for name in ("whole", "other")]))(x)[0]
        apart = [run.average.module.eval()(x)[0] for run in (whole, other)]
        check(torch.allclose(both, (apart[0] + apart[1]) / 2, atol=1e-4), "validate.py takes the mean of the logits")
        validate.main(["--nih", str(work), "--cache", str(work), "--trunk", str(work / "whole.ckpt")])

        taught = ["--recipe", "student", *SMALL, "--teacher", str(work / "whole.ckpt"), "--teacher", f"{work}/other.ckpt:96"]
        student, again = run("student", *taught), interrupted("again", *taught)
        check(same(student.network.state_dict(), again.network.state_dict()), "a resumed student has the same weights")
        try:
            run("whole", "--recipe", "b", *SMALL)
            check(False, "a checkpoint of another recipe is refused")
        except ValueError as e:
            check("another recipe: rate" in str(e), f"a checkpoint of another recipe is refused: {e}".replace(folder, ""))
        (work / "BBox_List_2017.csv").write_text("header\n00000100_000.png,Mass,1,1,5,5\n")
        try:
            run("boxed", "--recipe", "a", *SMALL)
            check(False, "a patient with a box is refused")
        except ValueError as e:
            check("ground-truth box" in str(e), f"a patient with a box is refused: {e}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
