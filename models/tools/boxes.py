# SPDX-License-Identifier: Apache-2.0
"""Exact boxes of a class map's bilinear surface, written apart from the Java code: a flood fill over grid nodes.

Region boxes are in grid cells (cell i covers [i, i+1)); scale by image size / grid size for original pixels.
"""
import numpy as np

from expected_iou import expected_iou_boxes


def regions(grid, level):
    """[(left, top, right, bottom, peak)] of the parts of the surface at or above `level`."""
    h, w = grid.shape
    nodes = np.pad(np.asarray(grid, np.float64), 1, mode="edge")
    xs = np.concatenate([[0], np.arange(w) + 0.5, [w]])
    ys = np.concatenate([[0], np.arange(h) + 0.5, [h]])
    inside = nodes >= level
    seen = np.zeros_like(inside)
    found = []
    for start in zip(*np.nonzero(inside)):
        if seen[start]:
            continue
        seen[start] = True
        stack, left, top, right, bottom, peak = [start], np.inf, np.inf, -np.inf, -np.inf, -np.inf
        while stack:
            r, c = stack.pop()
            v = nodes[r, c]
            left, right = min(left, xs[c]), max(right, xs[c])
            top, bottom, peak = min(top, ys[r]), max(bottom, ys[r]), max(peak, v)
            for dr in (-1, 0, 1):
                for dc in (-1, 0, 1):
                    p, q = r + dr, c + dc
                    if (dr, dc) == (0, 0) or not (0 <= p < h + 2 and 0 <= q < w + 2):
                        continue
                    if dr == 0 or dc == 0:
                        joined = inside[p, q]
                        if not joined:  # the surface is linear along the edge
                            part = (v - level) / (v - nodes[p, q])
                            x, y = xs[c] + (xs[q] - xs[c]) * part, ys[r] + (ys[p] - ys[r]) * part
                            left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
                    else:
                        joined = inside[p, q]
                        if joined and not inside[r, q] and not inside[p, c]:
                            a, d, b, e = v, nodes[p, q], nodes[r, q], nodes[p, c]
                            joined = (a * d - b * e) / (a + d - b - e) >= level
                    if joined and not seen[p, q]:
                        seen[p, q] = True
                        stack.append((p, q))
        found.append((left, top, right, bottom, peak))
    return sorted(found, key=lambda region: -region[4])


def otsu(values):
    """The middle of the two neighbouring values whose split has the largest between-class variance."""
    v = np.sort(np.asarray(values, np.float64).ravel())
    splits = np.flatnonzero(np.diff(v) > 0) + 1
    n, prefix = len(v), np.concatenate([[0], np.cumsum(v)])
    low = prefix[splits] / splits
    high = (prefix[-1] - prefix[splits]) / (n - splits)
    best = splits[np.argmax(splits * (n - splits) * (high - low) ** 2)]
    return (v[best - 1] + v[best]) / 2


def levels(grid, policy):
    """The levels of a policy, a dict as in the HTTP API."""
    low, high = float(grid.min()), float(grid.max())
    kind = policy["type"]
    if kind == "fraction":
        return [policy["fraction"] * high]
    if kind == "wang":
        return [low + (high - low) * g / 255 for g in sorted(policy.get("greyLevels", (60, 180)), reverse=True)]
    if kind == "percentile":
        return [float(np.percentile(grid.astype(np.float64), policy["percentile"]))]
    if kind == "otsu":
        return [otsu(grid)]
    if kind == "absolute":
        return [policy["level"]]
    raise ValueError(kind)


def select(found, selection, width, height):
    """What a policy's selection keeps of boxes [(x, y, w, h, score)]; a merge is not done here."""
    least, largest = (selection.get(name, default) * width * height for name, default in (("minimumArea", 0), ("maximumArea", 1)))
    aspect = selection.get("minimumAspect", 0)
    kept = [b for b in found if least <= b[2] * b[3] <= largest and min(b[2:4]) >= aspect * max(b[2:4])]
    if selection.get("dropNested", False):
        outermost = []
        for box in sorted(sorted(kept, key=lambda b: -b[4]), key=lambda b: -b[2] * b[3]):
            if all(both(outer, box) <= 0.9 * box[2] * box[3] for outer in outermost):
                outermost.append(box)
        kept = outermost
    return sorted(kept, key=lambda b: -b[4])[:selection.get("maximumBoxes", 10)]


def boxes(grid, policy, width, height):
    """[(x, y, w, h, peak/maximum)] in original pixels of a stretched image, or [] where the map gives none."""
    low, high = float(grid.min()), float(grid.max())
    if not np.isfinite(grid).all() or low == high or high <= 0:
        return []
    sx, sy = width / grid.shape[1], height / grid.shape[0]
    selection = policy.get("selection", {})
    if policy["type"] == "expected-iou":  # of cell probabilities
        return select(expected_iou_boxes(grid, width, height, selection.get("maximumBoxes", 10)), selection, width, height)
    found = []
    for level in levels(grid, policy):
        if low < level <= high:
            for left, top, right, bottom, peak in regions(grid, level):
                box = (left * sx, top * sy, (right - left) * sx, (bottom - top) * sy, max(0.0, peak) / high)
                if box[2] > 0 and box[3] > 0:
                    found.append(box)
    return select(found, selection, width, height)


def both(a, b):
    """The area that two boxes share."""
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0.0, w) * max(0.0, h)


def iou(a, b):
    shared = both(a, b)
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)
