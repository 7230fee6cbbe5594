# SPDX-License-Identifier: Apache-2.0
"""What the Python tools share: the label order, decoded images, AUC."""
import hashlib
from pathlib import Path

import numpy as np

LABELS = ("Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax",
          "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia")


def load_images(prefix):
    """Images that tools/decode.py wrote: file name without ending + '.png' -> uint8[height, width]."""
    raw = np.memmap(f"{prefix}.raw", dtype=np.uint8, mode="r")
    images = {}
    for line in open(f"{prefix}.tsv"):
        name, width, height, offset = line.rstrip("\n").split("\t")
        width, height, offset = int(width), int(height), int(offset)
        images[Path(name).stem + ".png"] = raw[offset:offset + width * height].reshape(height, width)
    return images


def is_validation(patient):
    """Whether training leaves this patient of the train list out: a tenth, by a hash, the same for all of our networks."""
    return int(hashlib.sha256(f"cxr14-small:{patient}".encode()).hexdigest(), 16) % 10 == 0


def targets(rows):
    """0/1 of each row's `Finding Labels` (names joined by '|'), float32[n, 14]."""
    return np.array([[label in row["Finding Labels"].split("|") for label in LABELS] for row in rows], np.float32)


def auc(scores, truth):
    """Area under the ROC curve per column by rank sums, ties counted half; NaN where a class is absent."""
    result = np.full(truth.shape[1], np.nan)
    for k in range(truth.shape[1]):
        positive = truth[:, k] > 0.5
        n, m = int(positive.sum()), int((~positive).sum())
        if n and m:
            ordered, inverse, counts = np.unique(scores[:, k], return_inverse=True, return_counts=True)
            ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
            result[k] = (ranks[positive].sum() - n * (n + 1) / 2) / (n * m)
    return result
