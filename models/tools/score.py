"""Scores a model package for its card: AUC on test_unboxed and boxed, boxes on the boxed images.

    for part in test_unboxed boxed; do /usr/bin/python3 models/tools/decode.py ../shared/nih/$part CACHE/$part; done
    python models/tools/score.py models/cxr14-small --nih ../shared/nih --cache CACHE

Prints Markdown tables. Localization is many-to-many as in Wang et al. 2017: a truth box is found where any box of its
label overlaps it with IoU > T; not gated by probability. Patients of `boxed` are split by a hash into a calibration
half, on which the policy is chosen, and a report half. Needs PyTorch and NumPy.
"""
import argparse
import csv
import hashlib
from pathlib import Path

import numpy as np
import torch
import yaml

from boxes import boxes, iou
from nih import LABELS, auc, load_images, targets
from preprocess import model_input

TIOU = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
CANDIDATES = ([{"type": "fraction", "fraction": f} for f in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)]
              + [{"type": "wang"}, {"type": "otsu"}] + [{"type": "percentile", "percentile": p} for p in (70, 80, 90, 95)])


def is_calibration(patient):
    return hashlib.sha256(f"boxed:{patient}".encode()).digest()[0] % 2 == 0


@torch.no_grad()
def predict(network, images, names, told, function="forward"):
    call = getattr(network, function)
    results = [call(model_input(images[name], told)) for name in names]
    return (torch.cat([logits for logits, _ in results]).numpy(), torch.cat([maps for _, maps in results]).numpy())


def read_truth(nih, names):
    truth = []
    with open(nih / "BBox_List_2017.csv") as file:
        for row in list(csv.reader(file))[1:]:
            label = {"Infiltrate": "Infiltration"}.get(row[1], row[1])
            if row[0] in names:
                truth.append((row[0], label, tuple(float(v) for v in row[2:6])))
    return truth


def accuracies(truth, propose):
    """label -> [Acc at each T(IoU)]; `propose(name, label)` gives boxes."""
    best = {}
    for name, label, box in truth:
        best.setdefault(label, []).append(max((iou(b, box) for b in propose(name, label)), default=0))
    return {label: [float(np.mean([v > t for v in values])) for t in TIOU] for label, values in best.items()}


def macro(table):
    return np.mean(list(table.values()), axis=0)


def row(title, values):
    print("| " + title + " | " + " | ".join(f"{v:.3f}" for v in values) + " |")


def auc_table(title, network, images, rows, told):
    logits, _ = predict(network, images, [r["Image Index"] for r in rows], told)
    scores = auc(logits, targets(rows))
    print(f"\n{title} ({len(rows)} images), macro AUC {np.nanmean(scores):.3f}\n")
    print("| label | positives | AUC |\n|---|---|---|")
    for label, count, score in zip(LABELS, targets(rows).sum(0), scores):
        print(f"| {label} | {int(count)} | {'absent' if np.isnan(score) else f'{score:.3f}'} |")
    return scores


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--nih", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    args = parser.parse_args()
    manifest = yaml.safe_load((args.package / "model.yaml").read_text())
    told = manifest["input"]
    network = torch.jit.load(str(args.package / "model.pt")).eval()

    index = [r for r in csv.DictReader(open(args.nih / "unboxed_index.csv")) if r["part"] == "test_unboxed"]
    unboxed = load_images(args.cache / "test_unboxed")
    auc_table("test_unboxed", network, unboxed, index, told)
    print("\nWithin one source size (a size tells of labels in these data; within one it cannot):\n")
    print("| source | images | macro AUC over labels with at least 5 positives and negatives |\n|---|---|---|")
    for source in ("64", "128", "384"):
        rows = [r for r in index if r["side"] == source]
        truth = targets(rows)
        enough = (truth.sum(0) >= 5) & ((1 - truth).sum(0) >= 5)
        scores = auc(predict(network, unboxed, [r["Image Index"] for r in rows], told)[0], truth)[enough]
        print(f"| {source} px | {len(rows)} | {scores.mean():.3f} ({int(enough.sum())} labels) |")

    images = load_images(args.cache / "boxed")
    import gzip
    with gzip.open(args.nih / "Data_Entry_2017_v2020.csv.gz", "rt") as file:
        boxed_rows = [r for r in csv.DictReader(file) if r["Image Index"] in images]
    auc_table("boxed", network, images, boxed_rows, told)

    names = sorted(images)
    everything = read_truth(args.nih, set(names))
    calibration = [t for t in everything if is_calibration(t[0][:8])]
    report = [t for t in everything if not is_calibration(t[0][:8])]
    patients = sorted({t[0][:8] for t in calibration})
    digest = hashlib.sha256("\n".join(sorted({t[0] for t in calibration})).encode()).hexdigest()
    print(f"\ncalibration half: {len(patients)} patients, {len(calibration)} boxes, image list sha256 {digest}")
    print(f"report half: {len({t[0][:8] for t in report})} patients, {len(report)} boxes\n")

    rng = np.random.default_rng(7)
    for entry in manifest["methods"]["available"]:
        _, maps = predict(network, images, names, told, entry["function"])
        of = {(name, label): maps[i, k] for i, name in enumerate(names) for k, label in enumerate(LABELS)}
        noise = {key: rng.random(m.shape, np.float32) for key, m in of.items()}

        def proposals(source, policy):
            return lambda name, label: boxes(source[name, label], policy, images[name].shape[1], images[name].shape[0])

        print(f"Method `{entry['name']}`, calibration half, macro Acc at T(IoU) of each candidate policy:\n")
        print("| policy | " + " | ".join(map(str, TIOU)) + " |\n|" + "---|" * 8)
        scored = []
        for policy in CANDIDATES:
            values = macro(accuracies(calibration, proposals(of, policy)))
            scored.append((values[0] + values[2] + values[4], policy))
            row(str(policy), values)
        chosen = max(scored, key=lambda s: s[0])[1]
        print(f"\nchosen for `{entry['name']}`: {chosen}\n")
        for title, part in (("report half", report), ("all 240 images, the calibration half included", everything)):
            table = accuracies(part, proposals(of, chosen))
            hits = [bool(0 <= (c + 0.5) / m.shape[1] * 1024 - b[0] <= b[2] and 0 <= (r + 0.5) / m.shape[0] * 1024 - b[1] <= b[3])
                    for name, label, b in part for m in [of[name, label]]
                    for r, c in [np.unravel_index(np.argmax(m), m.shape)]]
            count = np.mean([len(proposals(of, chosen)(name, label)) for name, label, _ in part])
            print(f"`{entry['name']}`, {title}: Acc at T(IoU); peak in the box {np.mean(hits):.3f}; boxes per map {count:.1f}\n")
            print("| label | " + " | ".join(map(str, TIOU)) + " |\n|" + "---|" * 8)
            for label in LABELS:
                if label in table:
                    row(label, table[label])
            row("**macro**", macro(table))
            centred = accuracies(part, lambda name, label: [(256, 256, 512, 512, 1)])
            row("centred box", macro(centred))
            row("class-mean box", macro(class_mean(part, everything)))
            row("random map", macro(accuracies(part, proposals(noise, {"type": "fraction", "fraction": 0.5}))))
            print()


def class_mean(part, everything):
    """The mean box of the label over the other patients of the boxed images."""
    best = {}
    for name, label, box in part:
        others = [b for n, l, b in everything if l == label and n[:8] != name[:8]]
        best.setdefault(label, []).append(iou(tuple(np.mean(others, 0)), box))
    return {label: [float(np.mean([v > t for v in values])) for t in TIOU] for label, values in best.items()}


if __name__ == "__main__":
    main()
