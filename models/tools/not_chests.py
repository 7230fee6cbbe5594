# SPDX-License-Identifier: Apache-2.0
"""Pictures that are no chest radiographs, made from random numbers or from pieces of chests: 32 x 32 thumbnails in [0, 1].

No photograph, page or screenshot is learned from: those are what the model is measured on.
"""
import numpy as np
from scipy import ndimage

SIDE = 32
Y, X = np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1.0)


def unit(picture):
    low, high = picture.min(), picture.max()
    return (picture - low) / (high - low + 1e-9)


def field(rng, exponent):
    """Noise whose amplitude falls with frequency: 0 is white, 1 is like photographs, 3 is clouds."""
    spectrum = np.fft.rfft2(rng.standard_normal((SIDE, SIDE)))
    rows, columns = np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None]
    frequency = np.sqrt(columns * columns * rng.uniform(0.4, 2) + rows * rows)
    frequency[0, 0] = 1
    return unit(np.fft.irfft2(spectrum / frequency**exponent, (SIDE, SIDE)))


def clouds(rng):
    return field(rng, rng.uniform(0.3, 3.2)) ** rng.uniform(0.5, 2)


def noise(rng):
    return rng.uniform(0.1, 0.9) + rng.uniform(0.02, 0.4) * rng.standard_normal((SIDE, SIDE))


def gradient(rng):
    kind, turn = rng.integers(5), rng.uniform(0, 2 * np.pi)
    if kind == 0:
        ramp = X * np.cos(turn) + Y * np.sin(turn)
    elif kind == 1:
        ramp = np.hypot(X - rng.uniform(0, 1), (Y - rng.uniform(0, 1)) * rng.uniform(0.5, 2))
    elif kind == 2:
        ramp = np.abs(X * np.cos(turn) + Y * np.sin(turn) - rng.uniform(-0.5, 1))
    elif kind == 3:
        ramp = np.sin(2 * np.pi * (X * rng.uniform(-4, 4) + Y * rng.uniform(-4, 4)) + turn)
    else:
        ramp = np.arctan2(Y - rng.uniform(0, 1), X - rng.uniform(0, 1))
    ramp = unit(ramp) ** rng.uniform(0.4, 2.5)
    return np.floor(ramp * rng.integers(2, 12)) / 12 if rng.random() < 0.3 else ramp


def checks(rng):
    a, b = rng.uniform(1, 20, 2)
    turn, kind = rng.uniform(0, 1.6), rng.integers(3)
    u, v = X * np.cos(turn) + Y * np.sin(turn), Y * np.cos(turn) - X * np.sin(turn)
    if kind == 0:
        drawn = (np.floor(u * a) + np.floor(v * b)) % 2
    elif kind == 1:
        drawn = np.floor(u * a) % 2
    else:
        drawn = ((u * a) % 1 < rng.uniform(0.05, 0.5)) | ((v * b) % 1 < rng.uniform(0.05, 0.5))
    return drawn.astype(float) * rng.uniform(0.3, 1)


def bands(rng):
    widths, along = rng.uniform(0.03, 0.5, 2), X if rng.random() < 0.6 else Y
    picture = np.floor(along * rng.uniform(1, 12) + rng.random()) % 2 * rng.uniform(0.2, 1)
    if rng.random() < 0.5:
        picture = np.where(abs(X - 0.5) < widths[0], rng.random(), picture)
    if rng.random() < 0.5:
        picture = np.where(abs(Y - rng.random()) < widths[1], rng.random(), picture)
    return ndimage.gaussian_filter(picture, rng.uniform(0.3, 3)) if rng.random() < 0.4 else picture


def leaves(rng):
    """Figures that cover one another, their sizes as in photographs."""
    picture, base, spread = np.full((SIDE, SIDE), rng.random()), rng.random(), rng.uniform(0.1, 0.6)
    for _ in range(rng.integers(3, 120)):
        size = min(0.6, 0.03 * rng.pareto(1.2) + 0.02)
        cx, cy = rng.uniform(-0.1, 1.1, 2)
        turn = rng.uniform(0, 3.2)
        u = (X - cx) * np.cos(turn) + (Y - cy) * np.sin(turn)
        v = ((Y - cy) * np.cos(turn) - (X - cx) * np.sin(turn)) / rng.uniform(0.3, 1)
        inside = np.hypot(u, v) < size if rng.random() < 0.6 else np.maximum(abs(u), abs(v)) < size
        shade = rng.normal(0, 0.5) * u[inside] if rng.random() < 0.5 else 0
        picture[inside] = np.clip(rng.normal(base, spread), 0, 1) + shade
    return ndimage.gaussian_filter(picture, rng.uniform(0, 0.8))


def write(rng, picture, left, right, top, bottom, ink):
    """Lines of words."""
    height, gap, y = rng.uniform(0.01, 0.04), rng.uniform(1.3, 2.6), top
    while y < bottom:
        x, end = left, right if rng.random() < 0.85 else left + (right - left) * rng.random()
        while x < end:
            width = rng.uniform(0.015, 0.09)
            inside = (X >= x) & (X < min(x + width, end)) & (Y >= y) & (Y < y + height)
            picture[inside] += (ink - picture[inside]) * rng.uniform(0.2, 0.8)
            x += width + rng.uniform(0.008, 0.03)
        y += height * gap + (2 * height if rng.random() < 0.1 else 0)


def page(rng):
    picture, ink = np.full((SIDE, SIDE), rng.uniform(0.75, 1)), rng.uniform(0, 0.3)
    margin, columns = rng.uniform(0.02, 0.16), rng.integers(1, 4)
    width = (1 - 2 * margin) / columns
    for column in range(columns):
        foot = 1 - margin - rng.uniform(0, 0.6 if rng.random() < 0.4 else 0.1)
        left = margin + column * width
        write(rng, picture, left, left + width - 0.03, margin + rng.uniform(0, 0.2), foot, ink)
    if rng.random() < 0.3:
        a, b = rng.uniform(0.05, 0.6, 2)
        w, h = rng.uniform(0.1, 0.35, 2)
        figure = (X > a) & (X < a + w) & (Y > b) & (Y < b + h)
        picture[figure] = leaves(rng)[figure]
    return 1 - picture if rng.random() < 0.25 else picture


def screen(rng):
    picture = np.full((SIDE, SIDE), rng.choice([rng.uniform(0, 0.25), rng.uniform(0.75, 1), rng.random()]))
    for _ in range(rng.integers(2, 14)):
        a, b = rng.uniform(-0.1, 0.95, 2)
        w, h = rng.choice([rng.uniform(0.05, 0.5), 1.0]), rng.choice([rng.uniform(0.03, 0.5), 1.0, 0.05])
        panel = (X >= a) & (X < a + w) & (Y >= b) & (Y < b + h)
        picture[panel] = rng.random()
        if rng.random() < 0.5:
            write(rng, picture, max(a, 0) + 0.01, min(a + w, 1), max(b, 0) + 0.01, min(b + h, 1), rng.random())
        if rng.random() < 0.15:
            picture[panel] = leaves(rng)[panel]
    return picture


def limb(rng):
    """Bright capsules with brighter cores on a dark ground: limbs, heads, spines."""
    picture = np.zeros((SIDE, SIDE))
    for _ in range(rng.choice([1, 1, 2, 3, 5])):
        turn, length, width = rng.uniform(0, 3.15), rng.uniform(0.1, 0.8), rng.uniform(0.05, 0.45)
        cx, cy = rng.uniform(0.2, 0.8, 2)
        u = (X - cx) * np.cos(turn) + (Y - cy) * np.sin(turn)
        v = (Y - cy) * np.cos(turn) - (X - cx) * np.sin(turn)
        beyond = np.maximum(abs(u) - length, 0)
        distance = np.hypot(beyond, v) / width
        picture = np.maximum(picture, np.clip(1 - distance**2, 0, 1) ** 0.5 * rng.uniform(0.3, 0.7))
        for _ in range(rng.integers(1, 3)):
            bone = np.hypot(beyond, v - rng.uniform(-0.4, 0.4) * width) / (width * rng.uniform(0.1, 0.5))
            picture = picture + np.clip(1 - bone**2, 0, 1) ** 0.5 * rng.uniform(0.1, 0.4)
        if rng.random() < 0.3:
            picture = picture + np.exp(-(((distance - rng.uniform(0.7, 1)) / 0.08) ** 2)) * rng.uniform(0.1, 0.5)
        if rng.random() < 0.4:
            picture = picture * (1 - 0.3 * rng.random() * ((u * rng.uniform(8, 20)) % 1 < 0.2))
    picture = unit(picture + field(rng, rng.uniform(1, 2.5)) * rng.uniform(0, 0.3)) ** rng.uniform(0.5, 1.5)
    return 1 - picture if rng.random() < 0.1 else picture


def disc(rng):
    """Centred figures, often symmetric: discs, rings, heads, frames."""
    cx, cy = 0.5 + rng.normal(0, 0.06), 0.5 + rng.normal(0, 0.08)
    a, stretch, power = rng.uniform(0.08, 0.6), rng.uniform(0.5, 1.6), rng.choice([2, 2, 2, 4, 8.0])
    distance = ((abs(X - cx) / a) ** power + (abs(Y - cy) / (a * stretch)) ** power) ** (1 / power)
    kind = rng.integers(3)
    if kind == 0:
        picture = (distance < 1).astype(float)
    elif kind == 1:
        picture = np.clip(1 - distance**2, 0, 1) ** 0.5
    else:
        picture = np.exp(-distance * distance * rng.uniform(0.5, 3))
    picture = rng.uniform(0.2, 1) * picture
    for _ in range(rng.integers(0, 4)):
        ring = ((distance - rng.uniform(0.2, 1.2)) / rng.uniform(0.02, 0.2)) ** 2
        picture = picture + rng.uniform(-0.5, 0.6) * np.exp(-ring)
    for _ in range(rng.integers(0, 4)):
        u, v = rng.uniform(0.1, 0.45), rng.uniform(0.2, 0.8)
        s, t = rng.uniform(0.03, 0.2, 2)
        pair = [np.exp(-(((X - cx + side) / s) ** 2) - ((Y - v) / t) ** 2) for side in (-u, u)]
        picture = picture + rng.uniform(-0.6, 0.6) * (pair[0] + pair[1])
    picture = picture + rng.uniform(0, 0.2) * field(rng, rng.uniform(1, 2.5))
    return unit(picture) if rng.random() < 0.7 else picture + rng.uniform(0, 0.3)


def blobs(rng):
    picture = np.zeros((SIDE, SIDE))
    for _ in range(rng.integers(1, 8)):
        cx, cy = rng.random(2)
        s, t = rng.uniform(0.03, 0.5, 2)
        picture += rng.normal() * np.exp(-(((X - cx) / s) ** 2) - ((Y - cy) / t) ** 2)
    return unit(picture)


def scene(rng):
    """A horizon between a bright sky and a ground of figures."""
    sky = Y < rng.uniform(0.2, 0.8) + 0.1 * field(rng, 2)
    return np.where(sky, rng.uniform(0.4, 1), rng.uniform(0, 0.7)) + 0.4 * (leaves(rng) - 0.5) * ~sky


def symmetric(rng):
    picture = PLAIN[rng.integers(len(PLAIN))](rng)
    picture = (picture + picture[:, ::-1]) / 2
    return picture if rng.random() < 0.7 else (picture + picture[::-1]) / 2


def mixed(rng):
    weight = rng.uniform(0.2, 0.8)
    first, second = (PLAIN[rng.integers(len(PLAIN))](rng) for _ in range(2))
    return weight * first + (1 - weight) * second


PLAIN = [noise, gradient, checks, bands, leaves, page, screen, limb, disc, blobs, scene, clouds]
KINDS = PLAIN + [page, screen, limb, disc, disc, symmetric, mixed]


def drawn(rng):
    picture = np.clip(KINDS[rng.integers(len(KINDS))](rng), 0, 1)
    if rng.random() < 0.3:
        picture = picture * rng.uniform(0.3, 1) + rng.uniform(0, 0.3)
    return np.clip(picture, 0, 1)


def torn(rng, chest, other):
    """Shuffled tiles, several chests in one picture, shifted ones, small insets, enlarged pieces, wrong halves."""
    kind = rng.integers(6)
    if kind == 0:
        n = rng.choice([2, 4])
        side = SIDE // n
        tiles = [chest[i * side : (i + 1) * side, j * side : (j + 1) * side] for i in range(n) for j in range(n)]
        order = rng.permutation(n * n)
        if (order == np.arange(n * n)).sum() > 1:
            order = np.roll(order, 1)
        return np.block([[tiles[order[i * n + j]] for j in range(n)] for i in range(n)])
    if kind == 1:
        if rng.random() < 0.5:
            return np.hstack([chest[:, ::2], other[:, ::2]])
        a, b = (p.reshape(SIDE // 2, 2, SIDE // 2, 2).mean((1, 3)) for p in (chest, other))
        return np.block([[a, b], [b, a]])
    if kind == 2:
        return np.roll(chest, rng.integers(SIDE // 3, 2 * SIDE // 3), int(rng.integers(2)))
    if kind == 3:
        side = rng.integers(6, 15)
        small = ndimage.zoom(chest, side / SIDE, order=1)
        picture = np.full((SIDE, SIDE), rng.choice([0, 1, rng.random()]))
        y, x = rng.integers(0, SIDE - small.shape[0] + 1, 2)
        picture[y : y + small.shape[0], x : x + small.shape[1]] = small
        return picture
    if kind == 4:
        side = int(SIDE / rng.uniform(2.2, 5))
        y, x = rng.integers(0, SIDE - side + 1, 2)
        return ndimage.zoom(chest[y : y + side, x : x + side], SIDE / side, order=1)[:SIDE, :SIDE]
    if rng.random() < 0.5:
        return np.vstack([chest[SIDE // 2 :], chest[: SIDE // 2]])
    return np.where(Y < 0.5, chest, other[::-1])


def pictures(rng, chests, count, share_torn=0.25):
    made = []
    for _ in range(count):
        if rng.random() < share_torn:
            first, second = chests[rng.integers(len(chests))], chests[rng.integers(len(chests))]
            made.append(torn(rng, first, second))
        else:
            made.append(drawn(rng))
    return np.stack(made).astype(np.float32)
