# SPDX-License-Identifier: Apache-2.0
"""Fits a cell head (cells.py) to the boxed images, scores it by the box of the greatest expected IoU, and exports it.

    /usr/bin/python3 models/tools/decode.py ../shared/nih/boxed CACHE/boxed
    python models/tools/cell_head.py --nih ../shared/nih --cache CACHE --trunk models/cxr14-cells [--trunk ANOTHER:320] \\
        --on calibration --trial NAME --trials models/train/trials.tsv [--set components=48 ...]
    python models/tools/cell_head.py ... --on report --baselines          (a card's table)
    python models/tools/cell_head.py ... --unboxed                        (leave one label out: what labels without boxes get)
    python models/tools/cell_head.py ... --out models/NAME [--pooled] [--fit-on half]

--fit-on all     fitted on all boxed patients but those of the sample images: what ships
--fit-on half    fitted on the calibration half: a package that the report half can score
--on calibration  cross-validated by patient within the calibration half: a trial is judged by this
--on all          the same over all boxed patients
--on report       fitted on the calibration half, scored on the report half

Everything that is fitted (components, scales, priors, weights) sees the fitting patients alone, and the prior of a fitting
image is that of the other patients. Prints Markdown: macro means over the labels, with 95 % intervals by a bootstrap that
draws patients. A trial appends one line to --trials. Needs PyTorch, NumPy and PyYAML.
"""
import argparse
import ast
import dataclasses
import hashlib
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import yaml

import score
import trunks
from boxes import boxes, iou
from cells import GRID, PLACE, Calibrated, CellHead, LinearHead, Prior, Reader, coverage, script
from expected_iou import expected_iou_boxes
from manifest import write_manifest
from nih import LABELS, load_images
from preprocess import model_input

FOLDS = 5
COLUMNS = ("Acc .1", "Acc .3", "Acc .5", "mean IoU", "pointing")
THRESHOLDS = (0.1, 0.3, 0.5)


@dataclasses.dataclass
class Form:
    """What may be tried; the first values are those of issue 26's table."""
    kind: str = "convolution"  # or logistic
    seed: int = 26
    seeds: int = 4
    components: int = 64
    cams: bool = True
    greys: bool = True
    hidden: int = 32
    kernel: int = 5
    dropout: float = 0.4
    hide_inputs: bool = False  # dropout of channels before the first convolution instead of behind it
    dice: float = 0.3
    rate: float = 3e-3
    decay: float = 0.01
    epochs: int = 40
    batch: int = 16
    shift: int = 2
    rarity: float = 0.5  # the power by which rarer labels weigh more
    pooled_features: bool = False  # whether the pooled head reads components and all labels' cams, too
    strength: float = 1e-3  # C of the logistic regression
    sigma: float = 1.5  # cells
    floor: float = 0.01
    shrinkage: float = 2.0


@dataclasses.dataclass
class Boxed:
    """The boxed images as the networks see them, and the boxes by image and label."""
    names: list
    patients: np.ndarray
    sizes: list  # (width, height)
    features: list  # of tensors [N, C, h, w], one of each network
    cams: list
    layercams: list
    greys: torch.Tensor
    truth: list  # (image, label, box)
    masks: np.ndarray  # of each truth box
    of: np.ndarray  # the index of its image
    labels: np.ndarray  # the index of its label in LABELS

    def part(self, tensors, chosen):
        return [t[chosen] for t in tensors]


def input_of(networks):
    """The package's `input`: the largest side; networks of smaller ones resize by themselves."""
    return {"size": max(network.side for network in networks), "channels": 1, "resize": "stretch"}


@torch.no_grad()
def extract(networks, nih, images):
    names = sorted(images)
    features, cams, layercams, greys = [[] for _ in networks], [], [], []
    headed = [network for network in networks if network.head is not None]
    maps = {id(network): ([], []) for network in headed}
    reader, told = Reader([1], [], 1), input_of(networks)
    for name in names:
        x = model_input(images[name], told)
        for network, found in zip(networks, features):
            cells, last = network.both(x)
            found.append(cells)
            if network.head is not None:
                maps[id(network)][0].append(network.head(last)[1])
                maps[id(network)][1].append(network.head.layercam(last)[1])
        greys.append(reader.greys(x))
    cams = [torch.cat(maps[id(network)][0]) for network in headed]
    layercams = [torch.cat(maps[id(network)][1]) for network in headed]
    truth = score.read_truth(nih, set(names))
    sizes = [images[name].shape[::-1] for name in names]
    of = np.array([names.index(name) for name, _, _ in truth])
    masks = np.stack([coverage(box, *sizes[i]) for i, (_, _, box) in zip(of, truth)])
    return Boxed(names, np.array([score.patient_of(n) for n in names]), sizes, [torch.cat(f) for f in features], cams,
                 layercams, torch.cat(greys), truth, masks, of, np.array([LABELS.index(label) for _, label, _ in truth]))


def fit_reader(boxed, form, chosen):
    cams = boxed.cams if form.cams else []
    reader = Reader([f.shape[1] for f in boxed.features], [c.shape[1] for c in cams], form.components)
    reader.fit(boxed.part(boxed.features, chosen), boxed.part(cams, chosen), boxed.greys[chosen])
    if not form.greys:
        start = reader.mean.shape[1] - PLACE - boxed.greys.shape[1]
        reader.deviation[:, start:start + boxed.greys.shape[1]] = 1e9
    return reader.eval()


@torch.no_grad()
def read(reader, boxed, form, chosen):
    return reader(boxed.part(boxed.features, chosen), boxed.part(boxed.cams if form.cams else [], chosen), boxed.greys[chosen])


def shifted(inputs, targets, most, fixed, generator):
    """Each image and its targets moved by up to `most` cells; its last `fixed` channels stay."""
    if not most:
        return inputs, targets
    g = inputs.shape[-1]
    moving = torch.cat([inputs[:, :-fixed], targets], 1)
    padded = F.pad(moving, [most] * 4, mode="replicate")
    offsets = torch.randint(0, 2 * most + 1, (len(inputs), 2), generator=generator)
    moved = torch.stack([p[:, r:r + g, c:c + g] for p, (r, c) in zip(padded, offsets.tolist())])
    count = inputs.shape[1] - fixed
    return torch.cat([moved[:, :count], inputs[:, -fixed:]], 1), moved[:, count:]


def train(head, inputs, targets, present, log_prior, weights, form, fixed=PLACE):
    """BCE + dice x Dice of the present maps [N, L]; log_prior [N, L, g, g] and weights [L]."""
    generator = torch.Generator().manual_seed(form.seed)
    steps = -(-len(inputs) // form.batch) * form.epochs
    optimizer = torch.optim.AdamW(head.parameters(), lr=form.rate, weight_decay=form.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, form.rate, total_steps=steps)
    head.train().to(memory_format=torch.channels_last)  # twice as fast
    for _ in range(form.epochs):
        for chosen in torch.randperm(len(inputs), generator=generator).split(form.batch):
            x, y = shifted(inputs[chosen], targets[chosen], form.shift, fixed, generator)
            x = x.contiguous(memory_format=torch.channels_last)
            image, label = present[chosen].nonzero(as_tuple=True)
            z = head(x, log_prior[chosen])[image, :, label]
            y = y[image, None, label].expand_as(z)
            p = torch.sigmoid(z)
            dice = 1 - (2 * (p * y).sum((2, 3)) + 1) / (p.sum((2, 3)) + y.sum((2, 3)) + 1)
            each = F.binary_cross_entropy_with_logits(z, y, reduction="none").mean((2, 3)) + form.dice * dice
            weight = present[chosen][image, label] * weights[label]
            # a sum over the seeds, which are apart: each has the gradient that it would have alone
            loss = (each.sum(1) * weight).sum() / weight.sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return head.eval().to(memory_format=torch.contiguous_format)


def boxed_labels(boxed, rows):
    return sorted(set(boxed.labels[rows]))


def rarities(labels, counts, form):
    weight = torch.tensor([counts[k] ** -form.rarity for k in labels], dtype=torch.float32)
    return weight / weight.mean()


def seeded(seed, *arguments, **named):
    torch.manual_seed(seed)
    return CellHead(*arguments, **named)


def prior_of(boxed, form, rows):
    patients = boxed.patients[boxed.of[rows]]
    return Prior(boxed.masks[rows], boxed.labels[rows], patients, form.sigma, form.floor, form.shrinkage)


def tensor(array):
    return torch.tensor(np.asarray(array), dtype=torch.float32)


class Convolution:
    """The small convolution for all boxed labels at once, fitted on the truth boxes `rows`."""

    def __init__(self, boxed, form, rows):
        self.form, self.labels = form, boxed_labels(boxed, rows)
        images = np.unique(boxed.of[rows])
        self.reader = fit_reader(boxed, form, images)
        self.prior = prior_of(boxed, form, rows)
        targets = torch.zeros(len(images), len(self.labels), GRID, GRID)
        present = torch.zeros(len(images), len(self.labels))
        for row in rows:
            i, k = np.searchsorted(images, boxed.of[row]), self.labels.index(boxed.labels[row])
            targets[i, k] = torch.maximum(targets[i, k], tensor(boxed.masks[row]))
            present[i, k] = 1
        without = {p: torch.stack([tensor(np.log(self.prior.of(k, p))) for k in self.labels])
                   for p in np.unique(boxed.patients[images])}
        log_prior = torch.stack([without[boxed.patients[i]] for i in images])
        counts = {k: int((boxed.labels[rows] == k).sum()) for k in self.labels}
        self.head = train(seeded(form.seed, self.reader.channels, len(self.labels), form.seeds, form.hidden, form.kernel,
                                 form.dropout, form.hide_inputs),
                          read(self.reader, boxed, form, images), targets, present, log_prior,
                          rarities(self.labels, counts, form), form)

    def log_prior(self):
        return torch.stack([tensor(np.log(self.prior.of(k))) for k in self.labels])

    @torch.no_grad()
    def maps(self, boxed, images):
        """{(image index, label index): float[g, g]}"""
        log_prior = self.log_prior()
        inputs = read(self.reader, boxed, self.form, images)
        p = self.head.probabilities(inputs, log_prior[None].expand(len(images), -1, -1, -1))
        return {(i, k): p[n, j].numpy() for n, i in enumerate(images) for j, k in enumerate(self.labels)}


def logistic(inputs, targets, strength, iterations=12):
    """L2-regularised logistic regression by Newton's method; inputs [n, d] standardised. (weights, intercept)"""
    x = np.hstack([inputs, np.ones((len(inputs), 1))])
    w = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], 1 / strength)
    ridge[-1] = 1e-9
    for _ in range(iterations):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - targets) + ridge * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w[:-1], w[-1]


class Logistic:
    """A logistic regression of each label over the cells."""

    def __init__(self, boxed, form, rows):
        self.form, self.labels = form, boxed_labels(boxed, rows)
        self.reader = fit_reader(boxed, form, np.unique(boxed.of[rows]))
        self.prior = prior_of(boxed, form, rows)
        self.fitted = {}
        for k in self.labels:
            own = [row for row in rows if boxed.labels[row] == k]
            images = boxed.of[own]
            log_prior = np.stack([np.log(self.prior.of(k, boxed.patients[i])) for i in images])
            x = self.inputs(boxed, k, images, log_prior)
            mean, deviation = x.mean(0), x.std(0) + 1e-6
            self.fitted[k] = (mean, deviation, *logistic((x - mean) / deviation, boxed.masks[own].ravel(), form.strength))

    def log_prior(self):
        return torch.stack([tensor(np.log(self.prior.of(k))) for k in self.labels])

    @property
    def head(self):
        """The same for a package, its scales in its weights."""
        head = LinearHead(self.reader.channels, len(self.labels))
        for j, k in enumerate(self.labels):
            mean, deviation, w, b = self.fitted[k]
            head.set(j, tensor(w / deviation), float(b - (mean / deviation) @ w))
        return head

    def inputs(self, boxed, k, images, log_prior):
        inputs = read(self.reader, boxed, self.form, images)[:, self.reader.padding:]
        columns = [inputs, inputs[:, -PLACE:] ** 2, tensor(log_prior)[:, None]]
        if boxed.cams and self.form.cams:
            own = self.reader.own(boxed.part(boxed.cams, images), boxed.part(boxed.layercams, images))[:, k]
            columns += [own, own * tensor(log_prior)[:, None]]
        return torch.cat(columns, 1).permute(0, 2, 3, 1).flatten(0, 2).double().numpy()

    def maps(self, boxed, images):
        found = {}
        for k in self.labels:
            log_prior = np.broadcast_to(np.log(self.prior.of(k)), (len(images), GRID, GRID)).copy()
            mean, deviation, w, b = self.fitted[k]
            p = 1 / (1 + np.exp(-((self.inputs(boxed, k, images, log_prior) - mean) / deviation @ w + b)))
            found.update({(i, k): m for i, m in zip(images, p.reshape(-1, GRID, GRID))})
        return found


class Pooled:
    """One head for any label: its own class maps, greys, x and y, and the prior of all labels together. Components and the
    cams of all labels would show it which label it is fitted on."""

    def __init__(self, boxed, form, rows, leave_out=None):
        rows = [row for row in rows if boxed.labels[row] != leave_out]
        self.form = form
        images = np.unique(boxed.of[rows])
        self.reader = fit_reader(boxed, form, images)
        self.prior = prior_of(boxed, form, rows)
        self.hidden = 0 if form.pooled_features else self.reader.channels - boxed.greys.shape[1] - PLACE
        of, labels = boxed.of[rows], boxed.labels[rows]
        without = {p: tensor(np.log(self.prior.pooled(p))) for p in np.unique(boxed.patients[of])}
        log_prior = torch.stack([without[boxed.patients[i]] for i in of])[:, None]
        counts = {k: int((labels == k).sum()) for k in set(labels)}
        weight = rarities(labels, counts, form)[:, None]
        inputs = self.inputs(boxed, of, labels)
        # x and y stay when an image is shifted, and its own class maps move: so x and y go to the end while it is fitted
        order = self.order(inputs.shape[1])
        head = train(seeded(form.seed, inputs.shape[1], 1, form.seeds, form.hidden, form.kernel, form.dropout,
                            form.hide_inputs), inputs[:, order], tensor(boxed.masks[rows])[:, None], weight, log_prior,
                     torch.ones(1), form)
        with torch.no_grad():
            head.mix.weight[:, order] = head.mix.weight.clone()
            head.mix.weight[:, :self.hidden] = 0  # the file's head gets all inputs
        self.head = head

    def order(self, count):
        place = list(range(self.reader.channels - PLACE, self.reader.channels))
        return [c for c in range(count) if c not in place] + place

    def inputs(self, boxed, of, labels):
        inputs = read(self.reader, boxed, self.form, of)
        inputs[:, :self.hidden] = 0
        own = self.reader.own(boxed.part(boxed.cams, of), boxed.part(boxed.layercams, of))[torch.arange(len(of)), labels]
        both = torch.cat([inputs, own], 1)
        return F.pad(both, [0, 0, 0, 0, 0, -both.shape[1] % 16])

    @torch.no_grad()
    def maps(self, boxed, of, labels):
        log_prior = tensor(np.log(self.prior.pooled()))[None, None].expand(len(of), -1, -1, -1)
        return self.head.probabilities(self.inputs(boxed, of, labels), log_prior)[:, 0].numpy()


FORMS = {"convolution": Convolution, "logistic": Logistic}


def fold_of(patients):
    """The fold of each patient, by a hash."""
    order = sorted(set(patients), key=lambda p: hashlib.sha256(f"cells:{p}".encode()).hexdigest())
    return {p: n % FOLDS for n, p in enumerate(order)}


def splits(boxed, part):
    """[(rows to fit on, rows to score)]"""
    patients = boxed.patients[boxed.of]
    half = np.array([score.is_calibration(p) for p in patients])
    if part == "report":
        return [(np.flatnonzero(half), np.flatnonzero(~half))]
    kept = np.ones(len(patients), bool) if part == "all" else half
    folds = fold_of(patients[kept])
    fold = np.array([folds.get(p, -1) for p in patients])
    return [(np.flatnonzero(kept & (fold != f)), np.flatnonzero(kept & (fold == f))) for f in range(FOLDS)]


class Scored:
    """Boxes and peaks held against the truth: one line of a table."""

    def __init__(self, boxed, rows, propose, peak=None):
        """propose(row) -> boxes, peak(row) -> (x, y) in pixels."""
        self.truth = [boxed.truth[row] for row in rows]
        best = np.array([max((iou(b, boxed.truth[row][2]) for b in propose(row)), default=0.0) for row in rows])
        columns = [best > t for t in THRESHOLDS] + [best]
        if peak:
            columns.append([x <= px <= x + w and y <= py <= y + h
                            for (x, y, w, h), (px, py) in ((boxed.truth[row][2], peak(row)) for row in rows)])
        self.values = np.array(columns, float).T

    def means(self, values=None):
        values = self.values if values is None else values
        labels = np.array([label for _, label, _ in self.truth])
        return np.mean([values[labels == label].mean(0) for label in np.unique(labels)], 0)

    def row(self, title):
        found = score.intervals(self.truth, self.values)
        cells = [f"{v:.3f} ({low:.3f} … {high:.3f})" for v, (low, high) in zip(self.means(), found)]
        print(f"| {title} | " + " | ".join(cells + ["–"] * (len(COLUMNS) - len(cells))) + " |", flush=True)

    def difference(self, other, title):
        shared = min(self.values.shape[1], other.values.shape[1])
        values = self.values[:, :shared] - other.values[:, :shared]
        found = score.intervals(self.truth, values)
        cells = [f"{v:+.3f} ({low:+.3f} … {high:+.3f})" for v, (low, high) in zip(self.means(values), found)]
        print(f"| {title} | " + " | ".join(cells + ["–"] * (len(COLUMNS) - shared)) + " |", flush=True)

    def labels(self):
        names = np.array([label for _, label, _ in self.truth])
        for label in [each for each in LABELS if (names == each).any()]:
            own = self.values[names == label]
            print(f"| {label} | {len(own)} | " + " | ".join(f"{v:.3f}" for v in own.mean(0)) + " |")


def scored_maps(boxed, rows, map_of):
    """The line of cell probabilities map_of(row) -> [g, g]."""
    def peak(row):
        p = map_of(row)
        r, c = np.unravel_index(np.argmax(p), p.shape)
        width, height = boxed.sizes[boxed.of[row]]
        return (c + 0.5) / p.shape[1] * width, (r + 0.5) / p.shape[0] * height
    return Scored(boxed, rows, lambda row: expected_iou_boxes(map_of(row), *boxed.sizes[boxed.of[row]]), peak)


def cross(boxed, form, part, make):
    """{row: map} of all rows that are scored; make(form, fitting rows, scored rows) -> {row: map}."""
    found = {}
    for fitting, held_out in splits(boxed, part):
        assert not set(boxed.patients[boxed.of[fitting]]) & set(boxed.patients[boxed.of[held_out]])
        found.update(make(form, fitting, held_out))
    return found


def head_maps(boxed):
    def make(form, fitting, held_out):
        maps = FORMS[form.kind](boxed, form, fitting).maps(boxed, np.unique(boxed.of[held_out]))
        return {row: maps[boxed.of[row], boxed.labels[row]] for row in held_out}
    return make


def prior_maps(boxed, noise=None):
    def make(form, fitting, held_out):
        prior = prior_of(boxed, form, fitting)
        return {row: prior.of(boxed.labels[row]) * (1 if noise is None else noise[row]) for row in held_out}
    return make


def class_means(boxed):
    def make(_, fitting, held_out):
        means = {k: np.mean([boxed.truth[row][2] for row in fitting if boxed.labels[row] == k], 0)
                 for k in boxed_labels(boxed, fitting)}
        return {row: [tuple(means[boxed.labels[row]])] for row in held_out}
    return make


def largest_region(boxed, row, fraction=0.4):
    """The largest box of the last layercam at a level, what a map gives without a prior."""
    width, height = boxed.sizes[boxed.of[row]]
    grid = boxed.layercams[-1][boxed.of[row], boxed.labels[row]].numpy()
    return sorted(boxes(grid, {"type": "fraction", "fraction": fraction}, width, height), key=lambda b: -b[2] * b[3])[:1]


def baselines(boxed, form, part, rows):
    rng = np.random.default_rng(form.seed)
    noise = rng.random((len(boxed.truth), GRID, GRID))
    found = {}

    def centred(row):
        width, height = boxed.sizes[boxed.of[row]]
        return [(width / 4, height / 4, width / 2, height / 2)]

    means = cross(boxed, form, part, class_means(boxed))
    found["centred box"] = Scored(boxed, rows, centred)
    found["class-mean box"] = Scored(boxed, rows, means.get)
    found["prior alone"] = scored_maps(boxed, rows, cross(boxed, form, part, prior_maps(boxed)).get)
    found["random map × prior"] = scored_maps(boxed, rows, cross(boxed, form, part, prior_maps(boxed, noise)).get)
    if boxed.layercams:
        found["layercam, level .4, largest region"] = Scored(boxed, rows, lambda row: largest_region(boxed, row))
    return found


def header():
    print("\n| | " + " | ".join(COLUMNS) + " |\n|" + "---|" * (len(COLUMNS) + 1))


def evaluate(boxed, form, args, start):
    maps = cross(boxed, form, args.on, head_maps(boxed))
    rows = sorted(maps)
    ours = scored_maps(boxed, rows, maps.get)
    print(f"\n{args.on}: {len(set(boxed.patients[boxed.of[rows]]))} patients, {len(rows)} boxes; {form}")
    header()
    ours.row("**cell head**")
    if args.baselines:
        for title, rival in baselines(boxed, form, args.on, rows).items():
            rival.row(title)
            ours.difference(rival, "… difference")
        print("\n| label | boxes | " + " | ".join(COLUMNS) + " |\n|" + "---|" * (len(COLUMNS) + 2))
        ours.labels()
    record(args, args.on, ours, start)


def record(args, part, scored, start):
    """Appends the line of a trial."""
    if args.trial:
        auc = args.auc or (trunks.scores(args.trunk[0]) if len(args.trunk) == 1 else None) or ["", ""]
        with open(args.trials, "a") as file:
            file.write("\t".join([args.trial, "+".join(trunks.label(name) for name in args.trunk), *auc, part,
                                  *(f"{v:.3f}" for v in scored.means()), f"{(time.time() - start) / 60:.1f}",
                                  " ".join(args.set)]) + "\n")


def leave_one_label_out(boxed, form, args, start):
    """What a label without boxes can get: fitted without the label and without the patients who have it."""
    half = np.array([score.is_calibration(p) for p in boxed.patients[boxed.of]])
    pooled, prior, rows = {}, {}, np.flatnonzero(half)
    for k in boxed_labels(boxed, rows):
        own = rows[boxed.labels[rows] == k]
        patients = set(boxed.patients[boxed.of[own]])
        others = [row for row in rows if boxed.patients[boxed.of[row]] not in patients and boxed.labels[row] != k]
        fitted = Pooled(boxed, form, others)
        pooled.update(zip(own, fitted.maps(boxed, boxed.of[own], boxed.labels[own])))
        prior.update({row: fitted.prior.pooled() for row in own})
    print(f"\nleave one label out, calibration half: {len(rows)} boxes; {form}")
    header()
    ours = scored_maps(boxed, rows, pooled.get)
    ours.row("**pooled head**")
    for title, rival in {"pooled prior alone": scored_maps(boxed, rows, prior.get),
                         "layercam, level .4, largest region": Scored(boxed, rows, lambda row: largest_region(boxed, row)),
                         }.items():
        rival.row(title)
        ours.difference(rival, "… difference")
    print("\n| label | boxes | " + " | ".join(COLUMNS) + " |\n|" + "---|" * (len(COLUMNS) + 2))
    ours.labels()
    record(args, "unboxed", ours, start)


def assemble(networks, boxed, form, rows, pooled, count):
    """The module of the package, its head fitted on these rows. Labels stand in the order of LABELS."""
    fitted = FORMS[form.kind](boxed, form, rows)
    extra = Pooled(boxed, form, rows) if pooled else None
    if extra is not None:  # it reads what the labelled head reads: both were fitted on the same images
        assert torch.equal(extra.reader.mean, fitted.reader.mean)
    assert count == len(LABELS) and form.cams
    return Calibrated(networks, fitted.reader, fitted.head, fitted.log_prior(), [int(k) for k in fitted.labels],
                      extra.head if extra else None, tensor(np.log(extra.prior.pooled())) if extra else None).eval()


def parity(module, exported, inputs):
    """The largest difference of a logit or map between the eager module and the file, by method."""
    worst = {}
    with torch.no_grad():
        for method in ("forward", *Calibrated.METHODS):
            pairs = [zip(getattr(module, method)(x), getattr(exported, method)(x)) for x in inputs]
            worst[method] = max(float((a - b).abs().max()) for pair in pairs for a, b in pair)
    return worst


def export(networks, boxed, images, form, args):
    rows = np.flatnonzero([score.PARTS[args.fit_on](p) for p in boxed.patients[boxed.of]])
    module = assemble(networks, boxed, form, rows, args.pooled, networks[0].head.linear.out_features)
    exported = script(module)
    args.out.mkdir(parents=True, exist_ok=True)
    exported.save(str(args.out / "model.pt"))
    loaded = torch.jit.load(str(args.out / "model.pt")).eval()
    told = input_of(networks)
    for method, difference in parity(module, loaded, [model_input(images[n], told) for n in boxed.names[:8]]).items():
        print(f"{method}: the file differs from the network by {difference:.1e}")
        assert difference < 1e-4
    described = yaml.safe_dump([trunks.described(network) for network in networks], sort_keys=False)
    (args.out / "networks.yaml").write_text(described)
    package_manifest(module, args, told, sorted({boxed.names[i] for i in boxed.of[rows]}), form)


def package_manifest(module, args, told, images, form):
    """Writes model.yaml: what is known here; cut-offs and policies are added by operating_points.py and score.py."""
    methods = [{"name": "cam", "function": "forward", "sumsToLogit": module.networks[0].head.lse == 0}]
    methods += [{"name": m, "function": m, "sumsToLogit": False} for m in Calibrated.METHODS[:-1]]
    methods.append({"name": "calibrated", "function": "calibrated", "sumsToLogit": False, "supervision": "boxes"})
    file = args.out / "model.yaml"
    manifest = yaml.safe_load(file.read_text()) if file.exists() else {
        "formatVersion": 1, "name": args.out.resolve().name, "version": "2.0.0", "licence": "Apache-2.0",
        "source": "trained by models/train/train.py and models/tools/cell_head.py on NIH ChestX-ray14"}
    chosen = hashlib.sha256("\n".join(images).encode()).hexdigest()
    earlier = manifest.get("boxes", {})
    policies = {k: v for k, v in earlier.items() if k == "calibrated" and earlier["imagesSha256"] == chosen}
    manifest.update({
        "sha256": hashlib.sha256((args.out / "model.pt").read_bytes()).hexdigest(), "labels": list(LABELS),
        "activation": "sigmoid", "input": told, "methods": {"default": "calibrated", "available": methods},
        "bias": [float(f"{b:.9g}") for b in module.bias().tolist()],
        "boxes": {"chosenOn": f"{len({score.patient_of(n) for n in images})} patients of BBox_List_2017.csv",
                  "imagesSha256": chosen, "default": {"type": "expected-iou"}, **policies}})
    write_manifest(args.out, manifest)
    (args.out / "calibration-images.txt").write_text("\n".join(images) + "\n")
    print(f"{args.out}: {(args.out / 'model.pt').stat().st_size / 1e6:.1f} MB, fitted on {len(images)} images, {form}")


def literal(text):
    try:
        return ast.literal_eval(text)
    except ValueError:
        return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nih", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--trunk", action="append", required=True, metavar="PATH[:SIDE]", help="see trunks.py")
    parser.add_argument("--on", choices=("calibration", "all", "report"), default="calibration")
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--unboxed", action="store_true", help="leave one label out")
    parser.add_argument("--trial", help="a name for --trials")
    parser.add_argument("--trials", type=Path)
    parser.add_argument("--auc", nargs=2, help="validation AUC, overall and within a size; a checkpoint has its own")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="changes of the form")
    parser.add_argument("--out", type=Path, help="the package to write")
    parser.add_argument("--fit-on", choices=score.PARTS, default="all")
    parser.add_argument("--pooled", action="store_true", help="labels without boxes get the pooled head")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    if bool(args.trial) != bool(args.trials):
        parser.error("--trial and --trials go together")
    torch.set_num_threads(args.threads)
    start = time.time()
    form = dataclasses.replace(Form(), **{k: literal(v) for k, v in (change.split("=", 1) for change in args.set)})
    networks = trunks.load_all(args.trunk)
    images = load_images(args.cache / "boxed")
    boxed = extract(networks, args.nih, images)
    if args.out:
        export(networks, boxed, images, form, args)
    elif args.unboxed:
        leave_one_label_out(boxed, form, args, start)
    else:
        evaluate(boxed, form, args, start)


if __name__ == "__main__":
    main()
