# SPDX-License-Identifier: Apache-2.0
"""Operating points and calibrated probabilities of a package, from validation patients, as YAML for its manifest.

    /usr/bin/python3 models/tools/decode.py ../shared/nih/train CACHE/train
    python models/tools/operating_points.py models/NAME --nih ../shared/nih --cache CACHE [--write] [--limit 400]

The patients are the tenth of the train list that training leaves out (nih.is_validation); none has a ground-truth box.
Cut-offs are of the package's own probabilities, a label is found at or above one:

sensitive   the largest cut-off with a sensitivity of at least 0.90
balanced    the one of the largest sensitivity + specificity (Youden)
specific    the smallest cut-off with a specificity of at least 0.90

Each has the sensitivity and specificity that it had on these patients; `crossFitted` are those of patients that the cut-off
was not chosen on, by folds of patients. Calibration is Platt's, sigmoid(slope x logit + intercept), or isotonic by pooled
adjacent violators, whichever has the smaller cross-fitted log loss over all labels. The log loss before stands beside it: where
it is the smaller one, the probabilities were calibrated already. ECE (Guo et al. 2017, 15 bins of equal width, mean over the
labels) stands before and after, cross-fitted, beside that of perfect probabilities by chance. --write puts both into model.yaml.
"""
import argparse
import csv
import hashlib
import sys
from pathlib import Path

import numpy as np
import torch
import yaml

from manifest import write_manifest
from nih import LABELS, auc, is_validation, load_images, targets
from preprocess import model_input

FOLDS, BINS, SEED, DRAWS = 5, 15, 7, 200
LEAST = 0.9
PULL = 30.0  # how much a slope leans on 1: with less, labels with few positives have a larger cross-fitted log loss


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -40, 40)))


def curve(scores, truth):
    """(cut-offs ascending, sensitivity, specificity) of `score >= cut-off` at each distinct score."""
    cutoffs = np.unique(scores)
    positives, negatives = np.sort(scores[truth > 0.5]), np.sort(scores[truth <= 0.5])
    sensitivity = 1 - np.searchsorted(positives, cutoffs) / len(positives)
    specificity = np.searchsorted(negatives, cutoffs) / len(negatives)
    return cutoffs, sensitivity, specificity


def between(cutoffs, i):
    """The middle of a cut-off and the next lower score: the same decisions, and no image lies on the edge."""
    return float(cutoffs[i] if i == 0 else (cutoffs[i] + cutoffs[i - 1]) / 2)


def points(scores, truth):
    """name -> cut-off; None where a class is absent."""
    if not 0 < truth.sum() < len(truth):
        return None
    cutoffs, sensitivity, specificity = curve(scores, truth)
    specific = np.flatnonzero(specificity >= LEAST)
    return {"sensitive": between(cutoffs, np.flatnonzero(sensitivity >= LEAST)[-1]),
            "balanced": between(cutoffs, int(np.argmax(sensitivity + specificity))),
            "specific": between(cutoffs, specific[0]) if len(specific) else float(np.nextafter(cutoffs[-1], np.inf))}


def at(cutoff, scores, truth):
    """[found of the positives, positives, passed over of the negatives, negatives]"""
    found = scores >= cutoff
    positive = truth > 0.5
    return np.array([(found & positive).sum(), positive.sum(), (~found & ~positive).sum(), (~positive).sum()])


def platt(z, y, iterations=50):
    """(slope, intercept) of the largest likelihood, the slope drawn to 1; Newton's method with halved steps."""
    w = np.array([1.0, 0.0])
    x = np.stack([z, np.ones_like(z)], 1)

    def loss(w):
        t = x @ w
        return (np.logaddexp(0, t) - y * t).sum() + PULL / 2 * (w[0] - 1) ** 2
    for _ in range(iterations):
        p = sigmoid(x @ w)
        gradient = x.T @ (p - y) + np.array([PULL * (w[0] - 1), 0])
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag([PULL, 1e-9]), gradient)
        part = 1.0
        while loss(w - part * step) > loss(w) and part > 1e-6:
            part /= 2
        w = w - part * step
        if np.abs(part * step).max() < 1e-9:
            break
    return float(w[0]), float(w[1])


def isotonic(p, y):
    """(scores ascending, their probabilities): pooled adjacent violators, one knot at each end of a block."""
    scores, which, counts = np.unique(p, return_inverse=True, return_counts=True)
    blocks = []  # sum, count, first score, last score
    for score, total, count in zip(scores, np.bincount(which, y), counts):
        blocks.append([total, count, score, score])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + last[0], blocks[-1][1] + last[1], blocks[-1][2], last[3]]
    knots, values = [], []
    for total, count, first, last in blocks:
        for edge in ([first] if first == last else [first, last]):
            knots.append(float(edge))
            values.append(float(total / count))
    return np.array(knots), np.array(values)


def ece(p, y):
    """Expected calibration error: the mean gap of probability and frequency, each bin by its share of the images."""
    which = np.minimum((p * BINS).astype(int), BINS - 1)
    gaps = np.bincount(which, p - y, BINS)
    return float(np.abs(gaps).sum() / len(p))


def log_loss(p, y):
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())


def folds(patients):
    return np.array([int(hashlib.sha256(f"points:{p}".encode()).hexdigest(), 16) % FOLDS for p in patients])


def cross_fitted(logits, truth, fold):
    """Calibrated probabilities of each image by maps that were fitted on the other folds: method -> [n, K]."""
    found = {"none": sigmoid(logits), "platt": np.zeros_like(logits), "isotonic": np.zeros_like(logits)}
    for f in range(FOLDS):
        fit, held = fold != f, fold == f
        for k in range(logits.shape[1]):
            slope, intercept = platt(logits[fit, k], truth[fit, k])
            found["platt"][held, k] = sigmoid(slope * logits[held, k] + intercept)
            knots, values = isotonic(sigmoid(logits[fit, k]), truth[fit, k])
            found["isotonic"][held, k] = np.interp(sigmoid(logits[held, k]), knots, values)
    return found


def mean_ece(p, truth):
    return float(np.mean([ece(p[:, k], truth[:, k]) for k in range(truth.shape[1])]))


def interval(p, truth, patients):
    """95 % by a bootstrap that draws patients. ECE never averages noise out, so that a draw's is too large: a cautious one."""
    _, which = np.unique(patients, return_inverse=True)
    members = [np.flatnonzero(which == i) for i in range(which.max() + 1)]
    rng = np.random.default_rng(SEED)
    draws = []
    for _ in range(DRAWS):
        chosen = np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))])
        draws.append(mean_ece(p[chosen], truth[chosen]))
    return [rounded(v) for v in np.percentile(draws, [2.5, 97.5])]


def by_chance(p):
    """The ECE that perfectly calibrated probabilities would have on so many images."""
    rng = np.random.default_rng(SEED)
    return float(np.mean([mean_ece(p, (rng.random(p.shape) < p).astype(float)) for _ in range(20)]))


def rounded(value, digits=4):
    return float(f"{value:.{digits}g}")


def operating_points(probability, truth, fold, labels=LABELS):
    """The manifest's `operatingPoints` by label; a label without both classes has none."""
    told = {}
    for k, label in enumerate(labels):
        p, y = probability[:, k], truth[:, k]
        chosen = points(p, y)
        if chosen is None:
            continue
        told[label] = {"positives": int(y.sum()), "negatives": int(len(y) - y.sum())}
        for name, cutoff in chosen.items():
            found, of, passed, negatives = at(cutoff, p, y)
            others = np.zeros(4)
            for f in range(FOLDS):
                fitted = points(p[fold != f], y[fold != f])
                if fitted:
                    others += at(fitted[name], p[fold == f], y[fold == f])
            told[label][name] = {
                "probability": rounded(cutoff, 6),
                "sensitivity": rounded(found / of), "specificity": rounded(passed / negatives),
                "crossFitted": {"sensitivity": rounded(others[0] / max(1, others[1])),
                                "specificity": rounded(others[2] / max(1, others[3]))}}
    return told


def calibration(logits, truth, patients, fold, labels=LABELS):
    """The manifest's `calibration`."""
    tried = cross_fitted(logits, truth, fold)
    losses = {name: log_loss(p, truth) for name, p in tried.items()}
    method = min(("platt", "isotonic"), key=losses.get)
    maps = {}
    for k, label in enumerate(labels):
        if method == "platt":
            slope, intercept = platt(logits[:, k], truth[:, k])
            maps[label] = {"slope": rounded(slope, 6), "intercept": rounded(intercept, 6)}
        else:
            knots, values = isotonic(sigmoid(logits[:, k]), truth[:, k])
            maps[label] = {"probabilities": [rounded(v, 6) for v in knots], "calibrated": [rounded(v, 6) for v in values]}
    return {"method": method,
            "ece": {name: {"value": rounded(mean_ece(tried[key], truth)), "byChance": rounded(by_chance(tried[key])),
                           "interval": interval(tried[key], truth, patients)}
                    for name, key in (("before", "none"), ("after", method))},
            "logLoss": {name: rounded(losses[key]) for name, key in (("before", "none"), ("after", method))},
            "labels": maps}


def validation_rows(nih):
    """The index of the validation patients' images; none of them may have a box."""
    with open(nih / "BBox_List_2017.csv") as boxes:
        boxed = {line[:8] for line in list(boxes)[1:]}
    rows = [r for r in csv.DictReader(open(nih / "unboxed_index.csv"))
            if r["part"] == "train" and is_validation(r["Patient ID"])]
    if {r["Image Index"][:8] for r in rows} & boxed:
        sys.exit("a validation patient has a ground-truth box")
    return rows


@torch.no_grad()
def logits_of(package, rows, images):
    told = yaml.safe_load((package / "model.yaml").read_text())
    network = torch.jit.load(str(package / "model.pt")).eval()
    columns = [told["labels"].index(label) for label in LABELS]
    return np.concatenate([network(model_input(images[r["Image Index"]], told["input"]))[0][:, columns].numpy()
                           for r in rows]).astype(np.float64)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--nih", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="put the result into model.yaml instead of printing it alone")
    parser.add_argument("--limit", type=int, help="only so many images, to try it")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    rows = validation_rows(args.nih)[:args.limit]
    logits, truth = logits_of(args.package, rows, load_images(args.cache / "train")), targets(rows).astype(np.float64)
    patients = [r["Patient ID"] for r in rows]
    fold = folds(patients)
    chosen_on = f"{len(rows)} images of {len(set(patients))} validation patients of the train list"
    result = {"operatingPoints": {"chosenOn": chosen_on, "labels": operating_points(sigmoid(logits), truth, fold)},
              "calibration": {"fittedOn": chosen_on, **calibration(logits, truth, patients, fold)}}
    print(yaml.safe_dump(result, sort_keys=False, width=110), end="")
    print(f"# macro AUC {np.nanmean(auc(logits, truth)):.4f} on these images", file=sys.stderr)
    if args.write:
        write_manifest(args.package, {**yaml.safe_load((args.package / "model.yaml").read_text()), **result})


if __name__ == "__main__":
    main()
