# SPDX-License-Identifier: Apache-2.0
"""Compares the error types of a report with those of the published package tidecv (TIDE; Bolya et al., ECCV 2020).

tidecv reads precision at 101 recalls, and boxes of the same score in the order in which it holds them, in percent. Here it also runs
with the area of the report, one point for each score, and these values must be equal. A label whose true boxes are all fixed away
and that has no box leaves the package's mean; here it stays with an AP of 0, as in the report. An IoU that equals the threshold is a
hit to tidecv alone.
"""

import sys
from unittest import mock

import numpy as np
import pycocotools.mask  # noqa: F401

# tidecv imports what it draws pictures with; nothing is drawn here, so that none of it is installed. What is first imported among the
# stand-ins goes with them, so that the import of pycocotools stands above.
PICTURES = ("appdirs", "cv2", "matplotlib", "matplotlib.lines", "matplotlib.pyplot", "pandas", "seaborn")
with mock.patch.dict(sys.modules, {name: mock.MagicMock() for name in PICTURES}):
    from tidecv.ap import APDataObject
    from tidecv.data import Data
    from tidecv.quantify import TIDE, TIDERun

BACKGROUND = 0.1
MOST_BOXES = 100_000
NAMES = {
    "Cls": "classification",
    "Loc": "localization",
    "Both": "both",
    "Dupe": "duplicate",
    "Bkg": "background",
    "Miss": "missed",
    "FalsePos": "false positives",
    "FalseNeg": "false negatives",
}


def published(truth, listed, threshold):
    """Returns the dAP of each error type as a share, and how many errors of each main type there are."""
    used = {box["category_id"] for box in truth.anns.values()}
    true, found = Data("truth"), Data("results")
    for image in truth.imgs:
        true.add_image(image, str(image))
    for box in truth.anns.values():
        true.add_ground_truth(box["image_id"], box["category_id"], box["bbox"])
    for box in sorted(listed, key=lambda box: box["category_id"]):
        if box["category_id"] in used:
            found.add_detection(box["image_id"], box["category_id"], box["score"], box["bbox"])
    run = TIDERun(true, found, threshold, BACKGROUND, TIDE.BOX, MOST_BOXES)
    gains = {**run.fix_main_errors(), **run.fix_special_errors()}
    return (
        {NAMES[error.short_name]: gain / 100 for error, gain in gains.items()},
        {NAMES[error.short_name]: count for error, count in run.count_errors().items()},
    )


def by_all_points(truth, listed, threshold, area):
    """Returns the same dAP with another area under the curve, of scores, hits and the number of true boxes."""

    def precision(data):
        if data.num_gt_positives == 0 or not data.data_points:
            return 0
        scores, hits = np.array([(score, bool(hit)) for score, hit, _ in data.data_points.values()]).T
        return 100 * area(scores, hits.astype(bool), data.num_gt_positives)

    with mock.patch.multiple(APDataObject, get_ap=precision, is_empty=lambda data: False):
        return published(truth, listed, threshold)[0]


def compare(figures, truth, listed, area, tolerance):
    """Prints a table for each threshold, and returns the figures that differ."""
    failures = []
    for threshold in (0.5, 0.3):
        printed, counts = published(truth, listed, threshold)
        theirs = by_all_points(truth, listed, threshold, area)
        print(f"TIDE at T(IoU) = {threshold}      errors   report     tidecv, all points   difference   tidecv, 101 points")
        for name in NAMES.values():
            title = f"dAP {name} at T(IoU) = {threshold}"
            ours = figures[title]["macro"]["value"]
            print(
                f"    dAP {name:16} {counts.get(name, ''):>10}   {ours:.6f}   {theirs[name]:.6f}             "
                f"{abs(ours - theirs[name]):.1e}      {printed[name]:.6f}"
            )
            if not abs(ours - theirs[name]) < tolerance:
                failures.append(title)
    return failures
