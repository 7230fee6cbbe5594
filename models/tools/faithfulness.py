# SPDX-License-Identifier: Apache-2.0
"""Scores how faithful the maps of a package are to its network, for its card: is the map what the network used?

    python models/tools/faithfulness.py models/NAME --nih ../shared/nih [--images 8]

Takes --images images of test_unboxed a label, drawn by a seed from those that have the label; nothing was fitted on them, and
patients of calibration-images.txt are left out. Each exported method is compared with a random map of the same grid, a blob
in the centre and, where a method was fitted on boxes, the prior of those boxes alone. Prints Markdown: macro means over the
labels, with 95 % intervals by a bootstrap that draws patients, and the paired difference to the random map.

The quantity watched is the label's logit, as its change from the whole image: most probabilities of a rare label lie where
the sigmoid is flat, and a mean over labels would be that of the frequent ones. Average drop and increase are of the
probability, as they are defined. src/docs/evaluation.md has the definitions. Then the maps are compared with those of the
same file with random weights (randomized.py). Needs what .ci/oracles.txt lists: PyTorch, Pillow, SciPy, scikit-image.
"""
import argparse
import csv
import sys
from pathlib import Path

import numpy as np
import torch
import yaml
from PIL import Image
from scipy.stats import rankdata
from skimage.metrics import structural_similarity

from cells import Prior, coverage
from nih import LABELS
from perturbations import NOISE, SHARES, area, blurred, perturbed, surface
from preprocess import brightness, scaled
from randomized import randomize
from score import DRAWS, header, intervals, macro, patient_of, read_truth

SEED = 29
BATCH = 8
NIH_SIDE = 1024  # of every boxed image, in pixels
RANDOM, BLOB, PRIOR = "random map", "centred blob", "prior alone"
COLUMNS = ("deletion", "insertion", "ROAD highest", "ROAD lowest", "ROAD", "drop %", "increase %")
ROAD = COLUMNS.index("ROAD")


class Watched:
    """The network of a package: logits and maps of brightness float32[n, S, S]."""

    def __init__(self, package, manifest, weights=None):
        torch._C._jit_set_profiling_mode(False)  # saves what specialising each method takes
        self.module = torch.jit.load(str(package / "model.pt")).eval()
        self.told, self.sigmoid = manifest["input"], manifest["activation"] == "sigmoid"
        self.functions = {m["name"]: m["function"] for m in manifest["methods"]["available"]}
        if weights:
            randomize(self.module, self.functions.values(), len(manifest["labels"]), SEED, weights == "all")

    @torch.no_grad()
    def logits(self, images):
        return torch.cat([self.module(scaled(part[:, None], self.told))[0] for part in images.split(BATCH)])

    @torch.no_grad()
    def maps(self, image):
        """method -> float32[K, h, w]"""
        x = scaled(image[None, None], self.told)
        return {name: getattr(self.module, function)(x)[1][0] for name, function in self.functions.items()}

    def probabilities(self, logits):
        return torch.sigmoid(logits) if self.sigmoid else torch.softmax(logits, -1)


def cases(nih, labels, count, left_out):
    """[(image, label, file)]: so many images of each label, or all that there are, no two of one patient."""
    files = {path.stem: path for path in (nih / "test_unboxed").rglob("*") if path.is_file()}
    with open(nih / "unboxed_index.csv") as file:
        index = [r for r in csv.DictReader(file) if r["part"] == "test_unboxed"
                 and patient_of(r["Image Index"]) not in left_out]
    rng, found = np.random.default_rng(SEED), []
    for label in (label for label in LABELS if label in labels):
        names = [r["Image Index"] for r in index if label in r["Finding Labels"].split("|")]
        of_patients = {patient_of(name): str(name) for name in rng.permutation(names)}
        found += [(name, label, files[Path(name).stem]) for name in list(of_patients.values())[:count]]
    return found


def prior_of(nih, images, labels):
    """label -> float32[g, g], from the boxes of these images; labels without boxes have that of all."""
    truth = read_truth(nih, images)
    prior = Prior(np.stack([coverage(box, NIH_SIDE, NIH_SIDE) for _, _, box in truth]),
                  [LABELS.index(label) for _, label, _ in truth], [patient_of(name) for name, _, _ in truth])
    boxed = {label for _, label, _ in truth}
    return {label: torch.tensor(prior.of(LABELS.index(label)) if label in boxed else prior.pooled(), dtype=torch.float32)
            for label in labels if label in LABELS}


def blob(side):
    """A Gaussian in the centre, a quarter of the side wide."""
    line = (torch.arange(side) + 0.5) / side - 0.5
    bell = torch.exp(-0.5 * (line / 0.25) ** 2)
    return bell[:, None] * bell[None]


def figures(watched, image, k, surfaces, generator, noise=NOISE):
    """COLUMNS of each of the surfaces [M, S, S] of label k: float64[M, 7]."""
    count = len(surfaces)
    ends = watched.logits(torch.stack([image, image.mean().expand_as(image), blurred(image)])).double()
    found = perturbed(image, surfaces, generator, noise)
    logits = watched.logits(found.flatten(0, 1)).reshape(*found.shape[:2], -1).double()
    whole, empty, blur = (ends - ends[0])[:, k].reshape(3, 1, 1).expand(3, count, 1)
    deletion, insertion, highest, lowest, _ = (logits - ends[0])[..., k].split([len(SHARES)] * 4 + [1], 1)
    highest, lowest = highest.mean(1), lowest.mean(1)
    before, after = (watched.probabilities(y)[..., k] for y in (ends[0], logits[:, -1]))
    return torch.stack([area(torch.cat([whole, deletion, empty], 1)), area(torch.cat([blur, insertion, whole], 1)),
                        highest, lowest, (lowest - highest) / 2,
                        100 * (before - after).clamp_min(0) / before, 100 * (after > before).double()], 1).numpy()


def likeness(a, b):
    """Spearman's rank correlation and the structural similarity of two maps [h, w] scaled to [0, 1]; 0 of a constant map."""
    a, b = (m.double().numpy() for m in (a, b))
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return np.zeros(2)
    rank = np.corrcoef(rankdata(a), rankdata(b))[0, 1]
    a, b = ((m - m.min()) / np.ptp(m) for m in (a, b))
    return np.array([rank, structural_similarity(a, b, data_range=1.0)])


def means(chosen, values):
    """The macro mean over labels of values[cases, columns]."""
    labels = np.array([label for _, label, _ in chosen])
    return macro({label: values[labels == label].mean(0) for label in dict.fromkeys(labels)})


def row(title, chosen, values, signed=False):
    cells = [f"{v:{'+' if signed else ''}.2f} ({low:{'+' if signed else ''}.2f} … {high:{'+' if signed else ''}.2f})"
             for v, (low, high) in zip(means(chosen, values), intervals(chosen, values))]
    print(f"| {title} | " + " | ".join(cells) + " |", flush=True)


def faithfulness(watched, chosen, images, labels, prior):
    generator = torch.Generator().manual_seed(SEED)
    scored = {}
    for number, (name, label, _) in enumerate(chosen, 1):
        image, k = images[name], labels.index(label)
        maps = {method: found[k] for method, found in watched.maps(image).items()}
        maps[RANDOM] = torch.rand(next(iter(maps.values())).shape, generator=generator)
        maps[BLOB] = blob(len(image))
        if prior:
            maps[PRIOR] = prior[label]
        surfaces = torch.stack([surface(values, len(image)) for values in maps.values()])
        for title, values in zip(maps, figures(watched, image, k, surfaces, generator)):
            scored.setdefault(title, []).append(values)
        print(f"{number} of {len(chosen)}", end="\r", file=sys.stderr, flush=True)
    scored = {title: np.array(values) for title, values in scored.items()}
    header("", COLUMNS)
    for title, values in scored.items():
        row(f"`{title}`" if title in watched.functions else title, chosen, values)
        if title != RANDOM:
            row("… less random", chosen, values - scored[RANDOM], signed=True)
    print("\nROAD by label, less that of the random map:\n")
    rivals = [title for title in scored if title != RANDOM]
    header("label", ("images", *rivals))
    of = np.array([label for _, label, _ in chosen])
    for label in dict.fromkeys(of):
        cells = [f"{(scored[t] - scored[RANDOM])[of == label, ROAD].mean():+.2f}" for t in rivals]
        print(f"| {label} | {(of == label).sum()} | " + " | ".join(cells) + " |")


def sanity(package, manifest, watched, chosen, images):
    """Maps before and after the weights became random, and maps of one label on two images."""
    labels, others = manifest["labels"], {}
    for name, label, _ in chosen:
        others.setdefault(label, []).append(name)
    before = {name: watched.maps(image) for name, image in images.items()}
    columns, scored = [], {method: [] for method in watched.functions}
    for title, weights in (("random head", "head"), ("random network", "all")):
        columns += [f"{title}: rank correlation", f"{title}: SSIM"]
        network = Watched(package, manifest, weights)
        after = {name: network.maps(image) for name, image in images.items()}
        for method, found in scored.items():
            found.append([likeness(before[name][method][k], after[name][method][k])
                          for name, k in ((name, labels.index(label)) for name, label, _ in chosen)])
    columns += ["another image of the label: rank correlation", "another image of the label: SSIM"]
    for method, found in scored.items():
        found.append([likeness(before[name][method][k], before[other][method][k])
                      for name, other, k in ((name, others[label][others[label].index(name) - 1], labels.index(label))
                                             for name, label, _ in chosen)])
    header("method", columns)
    for method, found in scored.items():
        row(f"`{method}`", chosen, np.concatenate(found, 1), signed=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--nih", type=Path, required=True)
    parser.add_argument("--images", type=int, default=8, help="of each label")
    args = parser.parse_args()
    torch.set_num_threads(1)
    manifest = yaml.safe_load((args.package / "model.yaml").read_text())
    file = args.package / "calibration-images.txt"
    fitted = set(file.read_text().split()) if file.exists() else set()
    chosen = cases(args.nih, manifest["labels"], args.images, {patient_of(name) for name in fitted})
    images = {}
    for name, _, path in chosen:
        with Image.open(path) as picture:
            images[name] = brightness(np.asarray(picture.convert("L")), manifest["input"])[0, 0]
    watched = Watched(args.package, manifest)
    boxed = any(m.get("supervision") == "boxes" for m in manifest["methods"]["available"])
    print(f"{len(chosen)} pairs of an image and a label that it has: {len(images)} images of "
          f"{len({patient_of(name) for name in images})} patients of test_unboxed; {DRAWS} draws.\n")
    faithfulness(watched, chosen, images, manifest["labels"], prior_of(args.nih, fitted, manifest["labels"]) if boxed else None)
    print("\nThe map before and after weights became random:\n")
    sanity(args.package, manifest, watched, chosen, images)


if __name__ == "__main__":
    main()
