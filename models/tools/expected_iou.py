# SPDX-License-Identifier: Apache-2.0
"""The box of the greatest expected IoU under cell probabilities: the reference of the policy `expected-iou`.

p[h, w] holds the probability of each cell to lie in the finding. Over all boxes B of whole cells the expected IoU is
approximated by the ratio of expectations, sum of p in B / (cells of B + sum of p outside of B): what of the truth the box
covers, over the union of box and truth. The search is exhaustive.
"""
import numpy as np


def spans(n):
    """All [start, end) with 0 <= start < end <= n, by start and then by end: two int arrays of n (n + 1) / 2."""
    start, end = np.triu_indices(n)
    return start, end + 1


def expected_iou_box(p):
    """(left, top, right, bottom, expected IoU) in cells, right and bottom exclusive; None where no p is above 0.

    Of equal boxes it takes the first in the order of top, bottom, left, right.
    """
    p = np.asarray(p, np.float64)
    if not (np.isfinite(p).all() and (p >= 0).all()):
        raise ValueError("a cell probability is negative or not finite")
    total = p.sum()
    if total <= 0:
        return None
    top, bottom = spans(p.shape[0])
    left, right = spans(p.shape[1])
    rows = np.pad(p.cumsum(0), ((1, 0), (0, 0)))
    bands = np.pad((rows[bottom] - rows[top]).cumsum(1), ((0, 0), (1, 0)))
    inside = bands[:, right] - bands[:, left]
    area = (bottom - top)[:, None] * (right - left)[None].astype(np.float64)
    expected = inside / (area + total - inside)
    row, column = np.unravel_index(np.argmax(expected), expected.shape)
    return int(left[column]), int(top[row]), int(right[column]), int(bottom[row]), float(expected[row, column])


def expected_iou_boxes(p, width, height, most=1):
    """
    The boxes of a map in the form of boxes.boxes, [(x, y, w, h, expected IoU)] in pixels, or [] where there is none.

    A further box is the best of what is left after the cells of the earlier ones became 0. It counts if its expected IoU there
    is at least that of the first box in the whole, and its score is its expected IoU in the whole.
    """
    p = np.asarray(p, np.float64)
    first = expected_iou_box(p)
    found, rest, cells = [], p.copy(), first
    while cells is not None and len(found) < most and cells[4] >= first[4]:
        left, top, right, bottom, _ = cells
        inside = p[top:bottom, left:right].sum()
        expected = inside / ((bottom - top) * (right - left) + p.sum() - inside)
        sx, sy = width / p.shape[1], height / p.shape[0]
        found.append((left * sx, top * sy, (right - left) * sx, (bottom - top) * sy, float(expected)))
        rest[top:bottom, left:right] = 0
        cells = expected_iou_box(rest)
    return found
