"""Exact boxes of a class map's bilinear surface, written apart from the Java code: a flood fill over grid nodes.

Region boxes are in grid cells (cell i covers [i, i+1)); scale by image size / grid size for original pixels.
"""
import numpy as np


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


def boxes(grid, policy, width, height):
    """[(x, y, w, h, peak/maximum)] in original pixels of a stretched image, or [] where the map gives none."""
    low, high = float(grid.min()), float(grid.max())
    if not np.isfinite(grid).all() or low == high or high <= 0:
        return []
    sx, sy = width / grid.shape[1], height / grid.shape[0]
    least = policy.get("selection", {}).get("minimumArea", 0) * width * height
    most = policy.get("selection", {}).get("maximumBoxes", 10)
    found = []
    for level in levels(grid, policy):
        if low < level <= high:
            for left, top, right, bottom, peak in regions(grid, level):
                box = (left * sx, top * sy, (right - left) * sx, (bottom - top) * sy, max(0.0, peak) / high)
                if box[2] > 0 and box[3] > 0 and box[2] * box[3] >= least:
                    found.append(box)
    return sorted(found, key=lambda b: -b[4])[:most]


def iou(a, b):
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(0.0, w) * max(0.0, h)
    return both / (a[2] * a[3] + b[2] * b[3] - both)
