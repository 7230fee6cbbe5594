# SPDX-License-Identifier: Apache-2.0
"""Scores the COCO files of an evaluation with pycocotools, rodeometric and tidecv, and compares their figures with those of the report.

    coco.py DIRECTORY

COCOeval reads precision at 101 recalls; here it reads it at each recall that can occur, which makes it the area under all points,
as the report has it. Boxes of the same score make one point of the report's curve, and COCOeval takes them in the order of the
file. So a label with tied scores is compared by the boxes that COCOeval matched, with one point for each score. An IoU that equals
the threshold is a hit to COCOeval alone (src/docs/evaluation.md).

RoDeO is compared as it is published, over all labels that have a true box, and TIDE's error types as tide.py says.
"""

import contextlib
import io
import json
import pathlib
import sys

import numpy as np
import rodeo.rodeo
import tide
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
TOLERANCE = 1e-9


def quietly(work):
    with contextlib.redirect_stdout(io.StringIO()):
        return work()


def scored(truth, results, category, recalls):
    """Returns COCOeval with its matches of one category, and with its precision at these recalls."""
    scoring = COCOeval(truth, results, "bbox")
    scoring.params.catIds = [category]
    scoring.params.iouThrs = np.array(THRESHOLDS)
    scoring.params.recThrs = recalls
    scoring.params.areaRng, scoring.params.areaRngLbl = [[0, 1e10]], ["all"]
    scoring.params.maxDets = [100_000]
    quietly(lambda: (scoring.evaluate(), scoring.accumulate()))
    return scoring


def precision(scoring):
    """Returns the mean precision over the recalls by threshold."""
    return scoring.eval["precision"][:, :, 0, 0, 0].mean(axis=1)


def one_point_a_score(scoring, count):
    """Returns the area under the precision envelope of COCOeval's matches by threshold."""
    images = [image for image in scoring.evalImgs if image is not None]
    scores = np.concatenate([image["dtScores"] for image in images])
    matched = np.concatenate([image["dtMatches"] > 0 for image in images], axis=1)
    return np.array([area(scores, hits, count) for hits in matched])


def area(scores, hits, count):
    """Returns the area under the precision envelope, with one point for each score."""
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)
    right = np.cumsum(hits[order])[last]
    found = np.arange(1, len(scores) + 1)[last]
    envelope = np.maximum.accumulate((right / found)[::-1])[::-1]
    return (envelope * np.diff(right, prepend=0)).sum() / count


def robust_detection(truth, listed):
    """Returns RoDeO by the published package, whose call of clip() expects a number of NumPy, which scikit-learn no longer gives."""
    correlation = rodeo.rodeo.matthews_corrcoef
    rodeo.rodeo.matthews_corrcoef = lambda *values: np.float64(correlation(*values))
    used = sorted({box["category_id"] for box in truth.anns.values()})
    boxes = {image: ([], []) for image in truth.imgs}
    for place, found in ((0, listed), (1, truth.anns.values())):
        for box in found:
            if box["category_id"] in used:
                boxes[box["image_id"]][place].append([*box["bbox"], used.index(box["category_id"])])
    published = rodeo.rodeo.RoDeO(class_names=[str(number) for number in used])
    for found, true in boxes.values():
        published.add([np.reshape(found, (-1, 5))], [np.reshape(true, (-1, 5))])
    return published.compute()


def main():
    directory = pathlib.Path(sys.argv[1])
    report = json.loads((directory / "report.json").read_text())
    truth = quietly(lambda: COCO(str(directory / "truth-coco.json")))
    listed = json.loads((directory / "results-coco.json").read_text())
    results = quietly(lambda: truth.loadRes(listed))
    whole = COCOeval(truth, results, "bbox")
    quietly(lambda: (whole.evaluate(), whole.accumulate(), whole.summarize()))
    print(f"{len(truth.imgs)} images, {len(truth.anns)} true boxes, {len(listed)} boxes; COCO AP {whole.stats[0]:.4f}, AP50 {whole.stats[1]:.4f}")

    figures = report["localization"][0]["figures"]
    compared, failures = 0, []
    for category in truth.loadCats(truth.getCatIds()):
        name, number = category["name"], category["id"]
        count = len(truth.getAnnIds(catIds=[number]))
        scores = [box["score"] for box in listed if box["category_id"] == number]
        if count == 0 or not scores:
            continue
        tied = len(set(scores)) < len(scores)
        scoring = scored(truth, results, number, np.arange(1, count + 1) / count)
        ours = np.array([figures[f"AP at T(IoU) = {threshold}"][name]["value"] for threshold in THRESHOLDS])
        theirs, matched = precision(scoring), one_point_a_score(scoring, count)
        coarse = precision(scored(truth, results, number, np.linspace(0, 1, 101)))
        difference = np.abs(ours - (matched if tied else theirs)).max()
        print(
            f"{name:20} {count:4} true, {len(scores):6} boxes, AP at 0.5 {ours[4]:.6f}, COCOeval {theirs[4]:.6f} "
            f"(101 points {coarse[4]:.6f}), largest difference {difference:.1e}"
            + (f", {np.abs(ours - theirs).max():.1e} with tied scores in order" if tied else "")
        )
        compared += 1
        if difference > TOLERANCE:
            failures.append(name)
    theirs = robust_detection(truth, listed)
    for ours, name in (
        ("RoDeO classification", "classification"),
        ("RoDeO localization", "localization"),
        ("RoDeO shape", "shape_matching"),
        ("RoDeO", "total"),
    ):
        value, published = figures[ours]["micro"]["value"], theirs[f"RoDeO/{name}"]
        print(f"{ours:20} {value:.6f}, rodeometric {published:.6f}, difference {abs(value - published):.1e}")
        assert abs(value - published) < TOLERANCE, f"{ours} differs"

    differing = tide.compare(figures, truth, listed, area, TOLERANCE)
    assert not differing, f"{differing} differ"
    assert not failures, f"the average precision differs for {failures}"
    assert compared > 0, "no label has boxes"


main()
