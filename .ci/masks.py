# SPDX-License-Identifier: Apache-2.0
"""Masks of a report's truth-coco.json, decoded by pycocotools.

    masks.py make TRUTH LIST          writes a list of true boxes with a mask in each box of another report's truth-coco.json
    masks.py compare LIST DIRECTORY   compares the masks of the report that was scored with that list

A mask is an ellipse; each third one has holes, and each second one is written as a list of counts. The report must have the same pixels
for each box, `COCOeval` must load it with iouType="segm", and the figure "Mask IoU of boxes" must be what counting pixels gives.
"""

import contextlib
import io
import json
import pathlib
import sys

import numpy as np
from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

TOLERANCE = 1e-12


def quietly(work):
    with contextlib.redirect_stdout(io.StringIO()):
        return work()


def drawn(number, box, width, height):
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    left, top, wide, high = box
    inside = ((x - left) * 2 / wide - 1) ** 2 + ((y - top) * 2 / high - 1) ** 2 < 1
    return inside & (((x + 2 * y).astype(int) % 7 > 1) | (number % 3 > 0))


def counts(pixels):
    """Returns the lengths of runs of 0 and 1 in turn, down the columns."""
    ends = np.flatnonzero(np.diff(pixels.ravel(order="F").astype(int))) + 1
    lengths = np.diff(np.concatenate(([0], ends, [pixels.size]))).tolist()
    return [0, *lengths] if pixels[0, 0] else lengths


def make(truth, listed):
    content = json.loads(pathlib.Path(truth).read_text())
    sizes = {image["id"]: (image["width"], image["height"]) for image in content["images"]}
    for box in content["annotations"]:
        width, height = sizes[box["image_id"]]
        pixels = drawn(box["id"], box["bbox"], width, height)
        coded = masks.encode(np.asfortranarray(pixels, dtype=np.uint8))
        text = coded["counts"].decode()
        box["segmentation"] = {"size": [height, width], "counts": counts(pixels) if box["id"] % 2 else text}
    pathlib.Path(listed).write_text(json.dumps(content))


def by_name(coco):
    """Returns the annotations by image, label and box, which are numbered otherwise in another file."""
    return {
        (coco.imgs[box["image_id"]]["file_name"], coco.cats[box["category_id"]]["name"], tuple(box["bbox"])): box
        for box in coco.anns.values()
    }


def within(boxes, height, width):
    """Returns the pixels whose centres lie in any box."""
    x, y = np.arange(width) + 0.5, np.arange(height) + 0.5
    pixels = np.zeros((height, width), bool)
    for left, top, wide, high in boxes:
        rows, columns = (y >= top) & (y < top + high), (x >= left) & (x < left + wide)
        pixels[np.ix_(rows, columns)] = True
    return pixels


def compare(listed, directory):
    directory = pathlib.Path(directory)
    expected, written = (quietly(lambda: COCO(str(file))) for file in (listed, directory / "truth-coco.json"))
    wanted, found = by_name(expected), by_name(written)
    assert wanted.keys() == found.keys(), "the boxes differ"
    cases = {}
    for key, box in found.items():
        pixels = written.annToMask(box)
        assert (pixels == expected.annToMask(wanted[key])).all(), f"the mask of {key} differs"
        assert box["area"] == pixels.sum() and box["iscrowd"] == 0, f"the area of {key} differs"
        cases.setdefault((box["image_id"], box["category_id"]), []).append(pixels)
    results = json.loads((directory / "results-coco.json").read_text())
    scoring = COCOeval(written, quietly(lambda: written.loadRes(results)), "segm")
    quietly(lambda: (scoring.evaluate(), scoring.accumulate(), scoring.summarize()))
    overlaps = []
    for (image, category), parts in cases.items():
        true = np.any(parts, axis=0)
        boxes = [box["bbox"] for box in results if (box["image_id"], box["category_id"]) == (image, category)]
        predicted = within(boxes, *true.shape)
        overlaps.append((true & predicted).sum() / (true | predicted).sum())
    report = json.loads((directory / "report.json").read_text())
    ours = report["localization"][0]["figures"]["Mask IoU of boxes"]["micro"]["value"]
    difference = abs(ours - np.mean(overlaps))
    print(
        f"{len(found)} masks have the same pixels; segm AP50 {scoring.stats[1]:.4f}; "
        f"mask IoU of boxes {ours:.6f} of {len(cases)} cases, difference from counted pixels {difference:.1e}"
    )
    assert difference < TOLERANCE, "the mask IoU differs"


{"make": make, "compare": compare}[sys.argv[1]](*sys.argv[2:])
