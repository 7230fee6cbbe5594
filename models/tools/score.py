# SPDX-License-Identifier: Apache-2.0
"""Scores a model package for its card: AUC on test_unboxed and boxed, boxes on the boxed images, with intervals.

    for part in test_unboxed boxed; do /usr/bin/python3 models/tools/decode.py ../shared/nih/$part CACHE/$part; done
    python models/tools/score.py models/NAME --nih ../shared/nih --cache CACHE [--other models/ANOTHER] [--calibrate PART]

Prints Markdown tables. Localization is many-to-many as in Wang et al. 2017: a truth box is found where any box of its
label overlaps it with IoU > T; not gated by probability. Patients of `boxed` are split by a hash into a calibration
half and a report half. --calibrate chooses method and policies on a part of them (PARTS) and writes them into the
package's model.yaml and calibration-images.txt, and scores them if the part is half. Without it, the package's own choice is
scored, and a package that was calibrated on a patient of the report half is refused. Needs PyTorch, NumPy and PyYAML.
"""
import argparse
import csv
import functools
import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np
import torch
import yaml

from boxes import boxes, iou
from manifest import write_manifest
from nih import LABELS, auc, load_images, targets
from preprocess import model_input

TIOU = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
CHOSEN_BY = [TIOU.index(t) for t in (0.1, 0.3, 0.5)]
CANDIDATES = ([{"type": "fraction", "fraction": f} for f in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)]
              + [{"type": "wang"}, {"type": "otsu"}] + [{"type": "percentile", "percentile": p} for p in (70, 80, 90, 95)])
SHRINKAGE = 10  # boxes: how much a label's own choice of policy leans on what suits all labels
DRAWS, SEED = 1000, 7
SAMPLES = Path(__file__).parents[2] / "src/main/resources/samples"


def is_calibration(patient):
    return hashlib.sha256(f"boxed:{patient}".encode()).digest()[0] % 2 == 0


def is_no_sample(patient):
    """The sample images show what the model does on a new patient: nothing is fitted on theirs."""
    return patient not in sample_patients()


@functools.cache
def sample_patients():
    patients = {patient_of(file.name) for file in SAMPLES.glob("*.png")}
    assert patients, f"there is no sample image in {SAMPLES}"
    return patients


# What a package may be fitted on: the calibration half, so that the report half can score it, or all, which is better.
PARTS = {"half": is_calibration, "all": is_no_sample}


@torch.no_grad()
def predict(network, images, names, told, function="forward"):
    call = getattr(network, function)
    results = [call(model_input(images[name], told)) for name in names]
    return (torch.cat([logits for logits, _ in results]).numpy(), torch.cat([maps for _, maps in results]).numpy())


def read_truth(nih, names):
    """[(image, label, (x, y, w, h))] of these images."""
    truth = []
    with open(nih / "BBox_List_2017.csv") as file:
        for row in list(csv.reader(file))[1:]:
            label = {"Infiltrate": "Infiltration"}.get(row[1], row[1])
            if row[0] in names:
                truth.append((row[0], label, tuple(float(v) for v in row[2:6])))
    return truth


def patient_of(name):
    return name[:8]


def overlaps(truth, propose):
    """The largest IoU of each truth box with the boxes of `propose(image, label)`; 0 where there is none."""
    return np.array([max((iou(b, box) for b in propose(name, label)), default=0.0) for name, label, box in truth])


def accuracies(truth, best):
    """label -> Acc at each T(IoU)."""
    labels = np.array([label for _, label, _ in truth])
    return {label: np.array([np.mean(best[labels == label] > t) for t in TIOU])
            for label in LABELS if (labels == label).any()}


def macro(table):
    return np.mean(list(table.values()), axis=0)


def bootstrap(truth, best, other=None):
    """Patient-clustered percentile interval (95 %) of the macro Acc, or of its difference to `other`: [T, 2]."""
    values = (best[:, None] > np.array(TIOU)).astype(float)
    if other is not None:
        values -= other[:, None] > np.array(TIOU)
    return intervals(truth, values)


def intervals(truth, values):
    """Patient-clustered percentile intervals (95 %) of the macro means of values[truth boxes, columns]: [columns, 2]."""
    patients, which = np.unique([patient_of(t[0]) for t in truth], return_inverse=True)
    labels = np.array([LABELS.index(label) for _, label, _ in truth])
    present = np.unique(labels)
    rng = np.random.default_rng(SEED)
    draws = []
    for _ in range(DRAWS):
        weight = np.bincount(rng.integers(0, len(patients), len(patients)), minlength=len(patients))[which].astype(float)
        parts = [weight[labels == k] @ values[labels == k] / weight[labels == k].sum()
                 for k in present if weight[labels == k].sum() > 0]
        draws.append(np.mean(parts, 0))
    return np.percentile(draws, [2.5, 97.5], axis=0).T


def auc_interval(scores, truth, patients):
    """Patient-clustered percentile interval (95 %) of the macro AUC."""
    _, which = np.unique(patients, return_inverse=True)
    members = [np.flatnonzero(which == p) for p in range(which.max() + 1)]
    rng = np.random.default_rng(SEED)
    draws = []
    for _ in range(200):
        chosen = np.concatenate([members[p] for p in rng.integers(0, len(members), len(members))])
        draws.append(np.nanmean(auc(scores[chosen], truth[chosen])))
    return np.percentile(draws, [2.5, 97.5])


def row(title, values, intervals=None):
    cells = [f"{v:.3f}" for v in values] if intervals is None else [
        f"{v:.3f} ({low:.3f} … {high:.3f})" for v, (low, high) in zip(values, intervals)]
    print("| " + title + " | " + " | ".join(cells) + " |")


def header(first, columns=TIOU):
    print("| " + first + " | " + " | ".join(map(str, columns)) + " |\n|" + "---|" * (len(columns) + 1))


class Package:
    """A model package with the maps of the boxed images."""

    def __init__(self, path, images):
        self.path = path
        self.manifest = yaml.safe_load((path / "model.yaml").read_text())
        self.told = self.manifest["input"]
        self.network = torch.jit.load(str(path / "model.pt")).eval()
        self.images, self.names = images, sorted(images)
        self.maps = {}

    def maps_of(self, method):
        if method not in self.maps:
            function = {m["name"]: m["function"] for m in self.manifest["methods"]["available"]}[method]
            _, maps = predict(self.network, self.images, self.names, self.told, function)
            columns = [(k, label) for k, label in enumerate(self.manifest["labels"]) if label in LABELS]
            self.maps[method] = {(n, label): maps[i, k] for i, n in enumerate(self.names) for k, label in columns}
        return self.maps[method]

    def proposals(self, method, policy_of):
        maps = self.maps_of(method)
        return lambda name, label: boxes(maps[name, label], policy_of(label), *self.images[name].shape[::-1])

    def own_policy(self, label):
        chosen = self.manifest.get("boxes", {})
        policy = chosen.get("default") or {"type": "fraction", "fraction": 0.5}
        return chosen["calibrated"].get(label, {"type": "fraction", "fraction": 0.5}) \
            if policy["type"] == "calibrated" else policy

    def calibration_patients(self):
        file = self.path / "calibration-images.txt"
        return {patient_of(line) for line in file.read_text().split()} if file.exists() else set()


def calibrate(package, truth, part):
    """Chooses method and policies on these boxes, prints how they fared, and writes them into the package."""
    print(f"Macro Acc at T(IoU) = 0.1 / 0.3 / 0.5 on the images that they are chosen on ({part}):\n")
    methods = [m["name"] for m in package.manifest["methods"]["available"] if m.get("supervision") != "boxes"]
    header("policy", methods)
    best = {(m, i): overlaps(truth, package.proposals(m, lambda label: policy))
            for m in methods for i, policy in enumerate(CANDIDATES)}
    tables = {key: accuracies(truth, value) for key, value in best.items()}
    merit = {key: macro(table)[CHOSEN_BY].sum() for key, table in tables.items()}
    for i, policy in enumerate(CANDIDATES):
        print(f"| `{policy}` | " + " | ".join(
            " / ".join(f"{v:.3f}" for v in macro(tables[m, i])[CHOSEN_BY]) for m in methods) + " |")
    method, _ = max(merit, key=merit.get)
    counts = {label: sum(t[1] == label for t in truth) for label in LABELS}
    chosen = {}
    for label in tables[method, 0]:
        own = [counts[label] * tables[method, i][label][CHOSEN_BY].sum() + SHRINKAGE * merit[method, i]
               for i in range(len(CANDIDATES))]
        chosen[label] = CANDIDATES[int(np.argmax(own))]
    common = CANDIDATES[max(range(len(CANDIDATES)), key=lambda i: merit[method, i])]
    print(f"\nMethod chosen: `{method}`. Policy for labels without boxes: `{common}`.\n")
    header("label", ("boxes", "policy"))
    for label, policy in chosen.items():
        print(f"| {label} | {counts[label]} | `{policy}` |")
    images = sorted({t[0] for t in truth})
    package.manifest["methods"]["default"] = method
    package.manifest["boxes"] = {
        "chosenOn": f"{len({patient_of(n) for n in images})} patients of BBox_List_2017.csv, {len(truth)} boxes",
        "imagesSha256": hashlib.sha256("\n".join(images).encode()).hexdigest(),
        "default": {"type": "calibrated"},
        "calibrated": {label: dict(chosen.get(label, common)) for label in package.manifest["labels"]}}
    (package.path / "calibration-images.txt").write_text("\n".join(images) + "\n")
    write_manifest(package.path, package.manifest)


def class_mean(everything):
    """Proposes the mean box of the label over the other patients of the boxed images."""
    def propose(name, label):
        others = [b for n, l, b in everything if l == label and patient_of(n) != patient_of(name)]
        return [tuple(np.mean(others, 0))]
    return propose


def peak_in_box(package, method, truth):
    maps, hits = package.maps_of(method), []
    for name, label, (x, y, w, h) in truth:
        grid, (height, width) = maps[name, label], package.images[name].shape
        r, c = np.unravel_index(np.argmax(grid), grid.shape)
        px, py = (c + 0.5) / grid.shape[1] * width, (r + 0.5) / grid.shape[0] * height
        hits.append(x <= px <= x + w and y <= py <= y + h)
    return np.mean(hits)


def localization(package, other, truth, everything):
    leaked = package.calibration_patients() & {patient_of(t[0]) for t in truth}
    if leaked:
        sys.exit(f"{package.path} was calibrated on {len(leaked)} patients that would be scored, as {sorted(leaked)[0]}")
    method = package.manifest["methods"]["default"]
    propose = package.proposals(method, package.own_policy)
    best = overlaps(truth, propose)
    count = np.mean([len(propose(name, label)) for name, label, _ in truth])
    print(f"\n### Report half: {len({patient_of(t[0]) for t in truth})} patients, {len(truth)} boxes\n")
    print(f"`{method}`, the package's own policies; peak in the box {peak_in_box(package, method, truth):.3f}; boxes per map "
          f"{count:.1f}. Acc at T(IoU):\n")
    header("label")
    for label, values in accuracies(truth, best).items():
        row(label, values)
    row("**macro**", macro(accuracies(truth, best)))
    rivals = {"centred box": lambda name, label: [(256, 256, 512, 512, 1)], "class-mean box": class_mean(everything)}
    if other:
        rivals[other.manifest["name"]] = other.proposals(other.manifest["methods"]["default"], other.own_policy)
    rng = np.random.default_rng(SEED)
    noise = {(t[0], t[1]): rng.random(package.maps_of(method)[t[0], t[1]].shape, np.float32) for t in truth}
    rivals["random map"] = lambda name, label: boxes(noise[name, label], package.own_policy(label),
                                                     *package.images[name].shape[::-1])
    print("\nMacro Acc with 95 % intervals (patients drawn with replacement, 1,000 draws), and the difference of this model to "
          "each baseline on the same draws:\n")
    columns = [TIOU[i] for i in CHOSEN_BY]
    header("", columns)
    row("**this model**", macro(accuracies(truth, best))[CHOSEN_BY], bootstrap(truth, best)[CHOSEN_BY])
    for title, rival in rivals.items():
        theirs = overlaps(truth, rival)
        row(title, macro(accuracies(truth, theirs))[CHOSEN_BY], bootstrap(truth, theirs)[CHOSEN_BY])
        difference = macro(accuracies(truth, best)) - macro(accuracies(truth, theirs))
        row("… difference", difference[CHOSEN_BY], bootstrap(truth, best, theirs)[CHOSEN_BY])


def classification(package, unboxed, index):
    logits, _ = predict(package.network, unboxed, [r["Image Index"] for r in index], package.told)
    columns = [package.manifest["labels"].index(label) for label in LABELS]
    logits, truth = logits[:, columns], targets(index)
    scores = auc(logits, truth)
    low, high = auc_interval(logits, truth, [r["Patient ID"] for r in index])
    print(f"\ntest_unboxed ({len(index)} images): macro AUC {np.nanmean(scores):.3f} (95 % {low:.3f} … {high:.3f})\n")
    header("label", ("positives", "AUC"))
    for label, count, score in zip(LABELS, truth.sum(0), scores):
        print(f"| {label} | {int(count)} | {score:.3f} |")
    print("\nBy group, over labels with at least 5 positives and negatives in it (in these data, the source size predicts labels; "
          "within one size it cannot):\n")
    header("group", ("images", "labels", "macro AUC", "95 %"))
    patients = np.array([r["Patient ID"] for r in index])
    for title, own in groups(index):
        enough = (truth[own].sum(0) >= 5) & ((1 - truth[own]).sum(0) >= 5)
        chosen = logits[own][:, enough], truth[own][:, enough]
        low, high = auc_interval(*chosen, patients[own])
        print(f"| {title} | {own.sum()} | {enough.sum()} | {auc(*chosen).mean():.3f} | {low:.3f} … {high:.3f} |")


def groups(index):
    """[(title, which images)] by source size, sex, age and view."""
    columns = {key: np.array([r[key] for r in index]) for key in ("side", "Patient Gender", "View Position")}
    age = np.array([int(r["Patient Age"]) for r in index])
    return [*((f"found at {side} px", columns["side"] == side) for side in ("64", "128", "384")),
            *((title, columns["Patient Gender"] == key) for title, key in (("women", "F"), ("men", "M"))),
            *((title, (low <= age) & (age < high))
              for title, low, high in (("under 40 years", 0, 40), ("40 to 59 years", 40, 60), ("60 years and over", 60, 200))),
            *((f"view {view}", columns["View Position"] == view) for view in ("PA", "AP"))]


def boxed_auc(package, nih):
    with gzip.open(nih / "Data_Entry_2017_v2020.csv.gz", "rt") as file:
        rows = [r for r in csv.DictReader(file) if r["Image Index"] in package.images]
    logits, _ = predict(package.network, package.images, [r["Image Index"] for r in rows], package.told)
    columns = [package.manifest["labels"].index(label) for label in LABELS]
    print(f"\nboxed ({len(rows)} images): macro AUC {np.nanmean(auc(logits[:, columns], targets(rows))):.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--nih", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--other", type=Path, help="a package to compare with")
    parser.add_argument("--calibrate", choices=PARTS)
    args = parser.parse_args()
    images = load_images(args.cache / "boxed")
    everything = read_truth(args.nih, set(images))
    package = Package(args.package, images)
    if args.calibrate:
        calibrate(package, [t for t in everything if PARTS[args.calibrate](patient_of(t[0]))], args.calibrate)
        if args.calibrate != "half":
            return
    index = [r for r in csv.DictReader(open(args.nih / "unboxed_index.csv")) if r["part"] == "test_unboxed"]
    classification(package, load_images(args.cache / "test_unboxed"), index)
    boxed_auc(package, args.nih)
    localization(package, Package(args.other, images) if args.other else None,
                 [t for t in everything if not is_calibration(patient_of(t[0]))], everything)


if __name__ == "__main__":
    main()
