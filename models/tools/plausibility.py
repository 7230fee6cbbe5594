# SPDX-License-Identifier: Apache-2.0
"""Trains the model that separates an upright frontal chest radiograph from other pictures, by a thumbnail of 16 x 16 cells.

    python models/tools/plausibility.py ../shared/nih --cache CACHE [--write]
    python models/tools/plausibility.py ../shared/nih --cache CACHE --reference

It learns from shared/nih/train only (patients without boxes, official train_val list) and from drawn pictures. Five
networks of one hidden layer, each fitted without a fifth of the patients; the service takes the mean of the five. False
alarms are counted on the patients that a network has not seen. Needs numpy, scipy, scikit-learn and Pillow.
"""
import argparse
import struct
from pathlib import Path

import not_chests
import numpy as np
from PIL import Image
from sklearn.neural_network import MLPClassifier

CLASSES = ["upright", "turned left", "upside down", "turned right", "negative", "other"]
GRID, CELLS, FOLDS, HIDDEN = 64, 16, 5, 16
RESOURCES = Path(__file__).parents[2] / "src/main/resources/radiograph"


def grey(path):
    image = Image.open(path)
    if image.mode in ("RGB", "RGBA", "P", "LA"):
        pixels = np.asarray(image.convert("RGB")).astype(np.float64)
        return np.rint(pixels @ [0.299, 0.587, 0.114]) / 255
    return np.asarray(image).astype(np.float64) / 255


def thumbnail(pixels, side=GRID):
    """Means of cells: the pixel (x, y) belongs to cell (x * side // width, y * side // height)."""
    height, width = pixels.shape
    ys, xs = (np.array([-(-i * n // side) for i in range(side)]) for n in (height, width))
    sums = np.add.reduceat(np.add.reduceat(pixels, ys, axis=0), xs, axis=1)
    return (sums / np.outer(np.diff(np.append(ys, height)), np.diff(np.append(xs, width)))).astype(np.float32)


def reduced(pictures, side):
    n = pictures.shape[1] // side
    return pictures.reshape(-1, side, n, side, n).mean((2, 4)).astype(np.float32)


def features(pictures):
    """Cells of 16 x 16, of mean 0 and standard deviation 1."""
    x = reduced(pictures, CELLS).reshape(len(pictures), -1)
    return (x - x.mean(1, keepdims=True)) / np.maximum(x.std(1, keepdims=True), 1e-3)


def varied(rng, chests, batch=1000):
    """The same chests, otherwise turned, framed, windowed, mirrored."""
    return np.concatenate([varied_batch(rng, chests[i : i + batch]) for i in range(0, len(chests), batch)])


def varied_batch(rng, chests):
    n, side = len(chests), chests.shape[1]
    turn = rng.normal(0, 3, n) * np.pi / 180
    scale = rng.uniform(0.9, 1.1, n)
    wide, high = scale * rng.uniform(0.94, 1.06, n), scale * rng.uniform(0.94, 1.06, n)
    grid = (np.arange(side) + 0.5) / side - 0.5
    u, v = (g.ravel()[None] for g in np.meshgrid(grid, grid))
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    mirror = np.where(rng.random(n) < 0.5, -1, 1)[:, None]
    x = ((cos * u - sin * v) * mirror / wide[:, None] + 0.5 + rng.normal(0, 0.02, n)[:, None]) * side - 0.5
    y = ((sin * u + cos * v) / high[:, None] + 0.5 + rng.normal(0, 0.02, n)[:, None]) * side - 0.5
    outside = (x < -0.7) | (x > side - 0.3) | (y < -0.7) | (y > side - 0.3)
    x, y = np.clip(x, 0, side - 1), np.clip(y, 0, side - 1)
    x0, y0 = np.minimum(x.astype(int), side - 2), np.minimum(y.astype(int), side - 2)
    fx, fy, at, flat = x - x0, y - y0, y0 * side + x0, chests.reshape(n, -1)
    top = np.take_along_axis(flat, at, 1) * (1 - fx) + np.take_along_axis(flat, at + 1, 1) * fx
    below = np.take_along_axis(flat, at + side, 1) * (1 - fx) + np.take_along_axis(flat, at + side + 1, 1) * fx
    pictures = top * (1 - fy) + below * fy
    border = np.where(rng.random(n) < 0.85, 0.0, 1.0)[:, None]
    pictures = np.where(outside & (rng.random(n) < 0.5)[:, None], border, pictures)
    windowed = rng.random(n) < 0.25
    low = np.where(windowed, rng.uniform(0, 0.15, n), 0)[:, None]
    span = np.where(windowed, rng.uniform(0.6, 1, n), 1)[:, None]
    pictures = np.clip((pictures - low) / span, 0, 1) ** np.exp(rng.normal(0, 0.3, n))[:, None]
    pictures = pictures.reshape(n, side, side)
    widths, i = rng.integers(0, 4, (n, 4)), np.arange(side)
    shutter = (i[None, :, None] < widths[:, 0, None, None]) | (i[None, :, None] >= side - widths[:, 1, None, None])
    shutter = shutter | (i[None, None, :] < widths[:, 2, None, None])
    shutter |= i[None, None, :] >= side - widths[:, 3, None, None]
    shutter &= (rng.random(n) < 0.1)[:, None, None]
    return np.where(shutter, border[:, :, None], pictures).astype(np.float32)


def examples(rng, chests):
    """Pictures, classes, and for each the index of its chest (-1 for drawn ones)."""
    n = len(chests)
    parts = [(chests, 0, np.arange(n))] + [(varied(rng, chests), 0, np.arange(n)) for _ in range(2)]
    for kind in (1, 2, 3, 4):
        some, plain = rng.permutation(n)[: n * 2 // 3], rng.permutation(n)[: n // 4]
        pictures = np.concatenate([varied(rng, chests[some]), chests[plain]])
        if kind < 4:
            pictures = np.rot90(pictures, kind, (1, 2))
        else:
            pictures = 1 - pictures
            upset = rng.random(len(pictures)) < 0.25
            pictures[upset] = np.rot90(pictures[upset], 2, (1, 2))
        parts.append((pictures, kind, np.concatenate([some, plain])))
    count = int(1.3 * n)
    parts.append((not_chests.pictures(rng, chests, count), 5, np.full(count, -1)))
    return (
        np.concatenate([reduced(p, CELLS) for p, _, _ in parts]),
        np.concatenate([np.full(len(p), kind) for p, kind, _ in parts]),
        np.concatenate([source for _, _, source in parts]),
    )


def load(shared, part, cache):
    cached = cache / f"{part}.npz"
    if not cached.exists():
        files = sorted(p for p in (shared / part).rglob("*") if p.suffix in (".png", ".jpg", ".jpeg"))
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(cached, x=np.stack([thumbnail(grey(f)) for f in files]), f=np.array([f.name for f in files]))
    data = np.load(cached)
    return data["x"], np.array([name.split("/")[-1].split("_")[0] for name in data["f"]])


def write(models, path):
    """Big endian: counts of models, inputs, hidden units, classes; then of each layer a scale and 16-bit weights, biases."""
    with open(path, "wb") as out:
        out.write(struct.pack(">4i", len(models), CELLS * CELLS, HIDDEN, len(CLASSES)))
        for model in models:
            for weights, biases in zip(model.coefs_, model.intercepts_):
                values = np.concatenate([weights.T.ravel(), biases])
                scale = np.abs(values).max() / 32767
                out.write(struct.pack(">f", scale))
                out.write(np.round(values / np.float32(scale)).astype(">i2").tobytes())


def read(path):
    """The mean of the networks in a file, as a function from features to probabilities."""
    data = path.read_bytes()
    count, inputs, hidden, classes = struct.unpack(">4i", data[:16])
    layers, at = [], 16
    for _ in range(count):
        for wide, deep in ((inputs, hidden), (hidden, classes)):
            scale = struct.unpack(">f", data[at : at + 4])[0]
            values = np.frombuffer(data, ">i2", (wide + 1) * deep, at + 4).astype(np.float64) * scale
            layers.append((values[: wide * deep].reshape(deep, wide), values[wide * deep :]))
            at += 4 + 2 * (wide + 1) * deep

    def probabilities(x):
        total = 0
        for (w1, b1), (w2, b2) in zip(layers[::2], layers[1::2]):
            logits = np.maximum(x @ w1.T + b1, 0) @ w2.T + b2
            odds = np.exp(logits - logits.max(1, keepdims=True))
            total = total + odds / odds.sum(1, keepdims=True)
        return total / count

    return probabilities


def reference(network):
    """Probabilities that the service's own computation is compared with."""
    root = Path(__file__).parents[2]
    x, y = np.meshgrid(np.arange(200), np.arange(150))
    cases = {
        "waves": (x * x // 7 + 3 * y) % 256 / 255,
        "ramp": (x * 255 // 199) / 255,
        "checks": (x // 9 + y // 9) % 2 * 1.0,
    }
    for sample in sorted((root / "src/main/resources/samples").glob("*.png")):
        cases[sample.name] = grey(sample)
    lines = ["# Made by models/tools/plausibility.py --reference", "name," + ",".join(CLASSES)]
    for name, pixels in cases.items():
        row = network(features(thumbnail(pixels)[None]))[0]
        lines.append(name + "," + ",".join(f"{p:.6f}" for p in row))
    (root / "src/test/resources/radiograph/plausibility.csv").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="into the service's resources, not into the cache")
    parser.add_argument("--reference", action="store_true", help="only writes what the service's test compares")
    options = parser.parse_args()
    if options.reference:
        reference(read(RESOURCES / "plausibility.bin"))
        return
    thumbnails, patients = load(options.shared, "train", options.cache)
    chests = reduced(thumbnails, not_chests.SIDE)
    rng = np.random.default_rng(20261128)
    names = rng.permutation(np.unique(patients))
    fold_of = dict(zip(names, np.arange(len(names)) % FOLDS))
    folds = np.array([fold_of[p] for p in patients])
    pictures, kinds, sources = examples(rng, chests)
    fold = np.where(sources < 0, rng.integers(0, FOLDS, len(sources)), folds[sources])
    print(len(pictures), "pictures", np.bincount(kinds), flush=True)
    x, unseen, models = features(pictures), np.zeros(len(pictures)), []
    for held_out in range(FOLDS):
        seen = fold != held_out
        model = MLPClassifier(
            (HIDDEN,), max_iter=25, batch_size=256, learning_rate_init=2e-3, alpha=3e-4, random_state=held_out
        ).fit(x[seen], kinds[seen])
        unseen[~seen] = model.predict_proba(x[~seen])[:, 0]
        models.append(model)
        print("fold", held_out, flush=True)
    original = np.arange(len(pictures)) < len(chests)
    for limit in (0.02, 0.05, 0.1, 0.15, 0.2, 0.3):
        found = [f"{CLASSES[k]} {np.mean(unseen[kinds == k] < limit):.4f}" for k in range(1, 6)]
        print(f"limit {limit}: false alarms {np.mean(unseen[original] < limit):.4f}; found:", *found, flush=True)
    target = RESOURCES / "plausibility.bin" if options.write else options.cache / "plausibility.bin"
    write(models, target)
    network = read(target)
    for part in ("boxed", "test_unboxed"):
        tested, _ = load(options.shared, part, options.cache)
        score = network(features(tested))[:, 0]
        print(part, [(limit, round(float(np.mean(score < limit)), 4)) for limit in (0.05, 0.1, 0.15, 0.2, 0.3)])


if __name__ == "__main__":
    main()
