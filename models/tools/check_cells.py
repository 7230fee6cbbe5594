# SPDX-License-Identifier: Apache-2.0
"""Checks the cell head's parts, and operating points and calibration, against definitions that are written out.

    python models/tools/check_cells.py [models/cxr14-cells]

Expected-IoU boxes against all boxes one by one; priors against those made without a patient; the seeds of a head against
heads apart; the logistic regression, Platt's and isotonic calibration against what defines them; EfficientNet folded and
padded against itself; TorchScript of one and of two networks against the eager module, and its cell probabilities against
those that were scored; and on images of noise with a mark where the box is, the head must find it. With a package: its
frozen file against its network. Exits with 1 on a difference.
"""
import sys
import tempfile

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import cell_head
import operating_points as points
import trunks
from cam import Head
from cells import GRID, Calibrated, CellHead, Network, Plain, Prior, Reader, coverage, script
from efficientnet import LAST, Lite
from expected_iou import expected_iou_box, expected_iou_boxes
from nih import LABELS

FAILED = []


def check(holds, what):
    print(("holds: " if holds else "FAILS: ") + what, flush=True)
    if not holds:
        FAILED.append(what)


def refused(call, *arguments):
    try:
        call(*arguments)
        return False
    except ValueError:
        return True


def check_expected_iou(rng):
    worst = 0.0
    for h, w in ((1, 1), (5, 7), (8, 4), (9, 9)):
        p = rng.random((h, w)) ** 4
        best = max(p[t:b, l:r].sum() / ((b - t) * (r - l) + p.sum() - p[t:b, l:r].sum())
                   for t in range(h) for b in range(t + 1, h + 1) for l in range(w) for r in range(l + 1, w + 1))
        left, top, right, bottom, expected = expected_iou_box(p)
        inside = p[top:bottom, left:right].sum()
        worst = max(worst, abs(expected - best), abs(inside / ((bottom - top) * (right - left) + p.sum() - inside) - best))
    check(worst < 1e-12, f"the box has the greatest expected IoU of all boxes: {worst:.0e}")
    sure = np.zeros((GRID, GRID))
    sure[3:9, 20:31] = 1
    check(expected_iou_box(sure) == (20, 3, 31, 9, 1.0), "a certain box is that box, with an expected IoU of 1")
    check(expected_iou_boxes(sure, 1024, 512) == [(640.0, 48.0, 352.0, 96.0, 1.0)], "in pixels it is scaled along each side")
    two = np.full((GRID, GRID), 0.001)
    two[2:6, 2:6], two[20:26, 21:25] = 0.9, 0.9
    places = [tuple(v / 10 for v in box[:4]) for box in expected_iou_boxes(two, 10 * GRID, 10 * GRID, 5)]
    check(places == [(21, 20, 4, 6), (2, 2, 4, 4)], "a second finding that is worth as much as the first has a box")
    check(len(expected_iou_boxes(two * (1 + sure), GRID, GRID, 1)) == 1, "there are no more boxes than the most")
    check(expected_iou_boxes(np.zeros((4, 4)), 10, 10) == [], "zeros have no box")
    check(refused(expected_iou_box, np.array([[0.5, np.nan]])) and refused(expected_iou_box, np.array([[-0.1, 1]])),
          "what is no probability is refused")


def check_prior(rng):
    fine = np.zeros((GRID * 20, GRID * 20))
    fine[50:113, 205:399] = 1
    gap = np.abs(coverage((205 / 2, 50 / 2, 194 / 2, 63 / 2), GRID * 10, GRID * 10)
                 - fine.reshape(GRID, 20, GRID, 20).mean((1, 3))).max()
    check(gap < 1e-12, f"the covered part of each cell is that of a fine raster: {gap:.0e}")
    masks, labels = (rng.random((12, GRID, GRID)) < 0.2).astype(float), np.array([0, 1, 2] * 4)
    patients = np.array(list("aabbccddeeff"))
    prior, worst = Prior(masks, labels, patients), 0.0
    for patient in "abf":
        without = Prior(masks[patients != patient], labels[patients != patient], patients[patients != patient])
        worst = max([worst, np.abs(prior.pooled(patient) - without.pooled()).max()]
                    + [np.abs(prior.of(k, patient) - without.of(k)).max() for k in range(3)])
    check(worst < 1e-12, f"the prior without a patient has nothing of the patient's boxes: {worst:.0e}")
    check(np.abs(prior.of(0, "a") - prior.of(0)).max() > 1e-3, "and differs from the prior with them")
    empty = Prior(np.zeros((1, GRID, GRID)), [0], ["a"]).of(0)
    check(empty.min() >= 0.01 - 1e-12, "no place is impossible")


def check_head():
    torch.manual_seed(3)
    together = CellHead(32, 5, seeds=3, hidden=16).eval()
    nn.init.normal_(together.prior_weight)
    x, prior, worst = torch.randn(2, 32, 9, 9), torch.randn(2, 5, 9, 9), 0.0
    with torch.no_grad():
        all_of_them = together(x, prior)
        for s in range(3):
            alone = CellHead(32, 5, seeds=1, hidden=16).eval()
            for name in ("mix", "around", "read"):
                for part in ("weight", "bias"):
                    getattr(getattr(alone, name), part).copy_(getattr(getattr(together, name), part).chunk(3)[s])
            alone.prior_weight.copy_(together.prior_weight[s:s + 1])
            worst = max(worst, float((alone(x, prior)[:, 0] - all_of_them[:, s]).abs().max()))
    check(worst < 1e-5, f"seeds that are groups answer like heads apart: {worst:.0e}")


def check_logistic(rng):
    x = rng.normal(size=(400, 6))
    y = (rng.random(400) < 1 / (1 + np.exp(-x[:, 0] + 1))).astype(float)
    w, b = cell_head.logistic(x, y, 0.1)
    p = 1 / (1 + np.exp(-(x @ w + b)))
    check(np.abs(x.T @ (p - y) + w / 0.1).max() < 1e-6 and abs((p - y).sum()) < 1e-6,
          "the logistic regression is where the gradient of its penalised loss is 0")


def check_reader():
    torch.manual_seed(4)
    features = torch.randn(6, 40, 8, 8) @ torch.diag(torch.linspace(3, 1, 8)) + torch.linspace(-1, 1, 40)[None, :, None, None]
    reader, x = Reader([40], [14], 12), torch.rand(6, 1, 64, 64)
    cams, greys = torch.randn(6, 14, 8, 8), Reader([1], [], 1).greys(x)
    reader.fit([features], [cams], greys)
    with torch.no_grad():
        inputs, components = reader([features], [cams], greys)[:, reader.padding:], reader.project[0](features)
    check(reader.channels % 16 == 0 and inputs.shape[1] == 12 + 14 + 4 + 2, "inputs are padded to a multiple of 16 channels")
    check(float(inputs.mean((0, 2, 3)).abs().max()) < 1e-4 and float((inputs.std((0, 2, 3)) - 1).abs().max()) < 1e-3,
          "each channel of the inputs is standardised")
    cells = features.permute(0, 2, 3, 1).flatten(0, 2)
    _, _, v = torch.linalg.svd(cells - cells.mean(0), full_matrices=False)
    scores = (cells - cells.mean(0)) @ v[:12].T
    scores = scores / scores.std(0)
    gap = float((components.permute(0, 2, 3, 1).flatten(0, 2).abs() - scores.abs()).abs().max())
    check(gap < 1e-2, f"components are those of the singular value decomposition: {gap:.0e}")


def check_efficientnet():
    for kind, joined in (("lite0", True), ("lite2", False)):
        torch.manual_seed(5)
        trunk = Lite(kind, joined)
        if joined:
            nn.init.normal_(trunk.lateral.weight, std=0.05)
        with torch.no_grad():
            trunk.train()
            for module in trunk.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.momentum = None
                    nn.init.uniform_(module.weight, 0.5, 1.5)
                    nn.init.uniform_(module.bias, -0.5, 0.5)
            x = torch.rand(3, 1, 64, 48)
            trunk(x)
            trunk.eval()
            middle, (cells, last) = trunk.middle_channels, trunk.both(x)
            trunk.fold()
            trunk.pad()
            cells_after, last_after = trunk.both(x)
        kept = torch.cat([cells_after[:, :middle], cells_after[:, trunk.middle_channels:]], 1)
        gap = max(float((last - last_after).abs().max()), float((cells - kept).abs().max()))
        check(gap < 1e-3 < float(last.std()) and last.shape == (3, LAST, 4, 3), f"{kind} folded and padded: {gap:.0e}")
        blocks = [*trunk.first_blocks, *trunk.last_blocks]
        readers = [block._expand_conv.in_channels for block in blocks if block.expands]
        check(not [c for c in [*readers, trunk._conv_head.in_channels, cells_after.shape[1]] if c % 16],
              f"{kind}: every layer reads a multiple of 16 channels")
        with torch.no_grad():
            images = [x, torch.rand(2, 1, 63, 50)]
            by_convolutions = [trunk.both(image) for image in images]
            trunk.multiply()
            by_products = [trunk.both(image) for image in images]
        gap = max(float((a - b).abs().max()) for pairs in zip(by_convolutions, by_products) for a, b in zip(*pairs))
        check(gap < 1e-3, f"{kind} by products of matrices: {gap:.0e}")


class Marked(nn.Module):
    """A trunk whose features are cell means of the image, and rectified noise of a convolution."""

    def __init__(self, stride):
        super().__init__()
        self.stride, self.channels = stride, 17
        self.conv = nn.Conv2d(1, 16, stride, stride)

    def forward(self, x):
        return F.relu(torch.cat([F.avg_pool2d(x, self.stride), self.conv(x)], 1))


def marked_images():
    """48 images of noise, each with one brighter box; two images a patient; labels in turn."""
    rng = np.random.default_rng(6)
    names, images, truth = [], {}, []
    for i in range(48):
        name = f"{i // 2:08d}_{i % 2:03d}.png"
        x, y, w, h = int(rng.integers(2, 70)), int(rng.integers(2, 70)), int(rng.integers(20, 50)), int(rng.integers(20, 50))
        pixels = rng.integers(0, 160, (128, 128))
        pixels[y:y + h, x:x + w] += 60
        images[name] = pixels.astype(np.uint8)
        truth.append((name, LABELS[i % 3], (x, y, w, h)))
        names.append(name)
    return images, truth


def check_calibrated():
    torch.manual_seed(7)
    networks = [Network(Plain(Marked(8)), Head(17, 14), 128).eval(), Network(Plain(Marked(16)), Head(17, 14), 80).eval()]
    images, truth = marked_images()
    cell_head.score.read_truth = lambda nih, names: truth
    for kind, chosen, pooled in (("convolution", networks[:1], False), ("logistic", networks, True)):
        form = cell_head.Form(kind=kind, components=8, epochs=16, seeds=2, hidden=16)
        boxed = cell_head.extract(chosen, None, images)
        rows = np.flatnonzero([int(p) < 16 for p in boxed.patients[boxed.of]])
        held = np.setdiff1d(np.arange(len(truth)), rows)
        module = cell_head.assemble(chosen, boxed, form, rows, pooled, 14)
        again = cell_head.FORMS[kind](boxed, form, rows)
        scored = again.maps(boxed, np.unique(boxed.of[held]))
        told = {"size": 128, "channels": 1, "resize": "stretch"}
        x = torch.cat([cell_head.model_input(images[n], told) for n in boxed.names])
        with tempfile.TemporaryDirectory() as folder, torch.no_grad():
            script(module).save(f"{folder}/model.pt")
            loaded = torch.jit.load(f"{folder}/model.pt")
            worst = max(cell_head.parity(module, loaded, [x[:1], x[1:4]]).values())
            logits, maps = loaded.calibrated(x)
            plain_logits, cams = loaded(x)
            one = loaded.calibrated(x[5:6])[1]
        title = "two networks, regression, pooled head" if pooled else "one network, convolution, none for other labels"
        check(worst < 1e-4, f"{title}: TorchScript answers like the eager module: {worst:.0e}")
        check(maps.shape == (48, 14, GRID, GRID) and 0 <= float(maps.min()) and float(maps.max()) <= 1,
              f"{title}: cell probabilities of 32 x 32 in 0 ... 1")
        check(torch.equal(logits, plain_logits) and float((one - maps[5:6]).abs().max()) < 1e-5,
              f"{title}: the same logits, and an image answers alike in any batch")
        gap = float((cams.mean((2, 3)) + module.bias() - logits).abs().max())
        check(gap < 1e-4, f"{title}: mean(cam) + bias is the logit: {gap:.0e}")
        gap = max(float(np.abs(maps[i, k].numpy() - p).max()) for (i, k), p in scored.items())
        check(gap < 1e-4, f"{title}: the file's probabilities are those that are scored: {gap:.0e}")
        if pooled:
            extra = cell_head.Pooled(boxed, form, rows)
            gap = float(np.abs(extra.maps(boxed, np.arange(48), np.full(48, 9)) - maps[:, 9].numpy()).max())
            check(gap < 1e-4, f"{title}: so are those of a label without boxes: {gap:.0e}")
        others = float(maps[:, 3:].max())
        check(others > 0 if pooled else others == 0, f"{title}: labels without boxes have {'maps' if pooled else 'zeros'}")
        ours = cell_head.scored_maps(boxed, held, lambda row: scored[boxed.of[row], boxed.labels[row]]).means()
        prior = cell_head.scored_maps(boxed, held, cell_head.prior_maps(boxed)(form, rows, held).get).means()
        check(ours[3] > prior[3] + 0.08, f"{title}: it finds the mark: mean IoU {ours[3]:.2f}, the prior alone {prior[3]:.2f}")
    parts = ("calibration", "report", "all")
    fitting = [set(boxed.patients[boxed.of[f]]) & set(boxed.patients[boxed.of[h]])
               for part in parts for f, h in cell_head.splits(boxed, part)]
    check(not any(fitting), "no patient is fitted on and scored")
    scored = [sorted(np.concatenate([h for _, h in cell_head.splits(boxed, part)])) for part in parts]
    check(sorted(scored[0] + scored[1]) == scored[2] == list(range(len(truth))), "each box is scored once")


def check_points(rng):
    logits = rng.normal(size=300).round(1)
    y = (rng.random(300) < points.sigmoid(logits - 1)).astype(float)
    p = points.sigmoid(logits)
    chosen = points.points(p, y)
    every = np.concatenate([np.unique(p), [2.0]])
    rates = [(np.mean(p[y > 0] >= c), np.mean(p[y == 0] < c)) for c in every]

    def of(name):
        return np.mean(p[y > 0] >= chosen[name]), np.mean(p[y == 0] < chosen[name])
    check(of("sensitive")[0] >= 0.9 and of("sensitive")[1] == max(b for a, b in rates if a >= 0.9),
          "`sensitive` is the most specific cut-off of 90 % sensitivity")
    check(of("specific")[1] >= 0.9 and of("specific")[0] == max(a for a, b in rates if b >= 0.9),
          "`specific` is the most sensitive cut-off of 90 % specificity")
    check(abs(sum(of("balanced")) - max(a + b for a, b in rates)) < 1e-12, "`balanced` has the largest sum")
    check(points.points(p, np.zeros(300)) is None, "a label that no patient has has no operating point")
    slope, intercept = points.platt(logits, y)
    gap = points.sigmoid(slope * logits + intercept) - y
    check(abs(gap.sum()) < 1e-5 and abs((gap * logits).sum() + points.PULL * (slope - 1)) < 1e-5,
          "Platt's slope and intercept are where the gradient is 0")
    knots, values = points.isotonic(p, y)
    scores = np.unique(p)
    means = {}  # min-max formula of isotonic regression
    for i, s in enumerate(scores):
        means[s] = max(min(y[(p >= a) & (p <= b)].mean() for b in scores[i:]) for a in scores[:i + 1])
    worst = max(abs(np.interp(s, knots, values) - v) for s, v in means.items())
    check(worst < 1e-9, f"isotonic calibration is the min-max formula's: {worst:.0e}")
    check(abs(points.ece(np.full(10, 0.25), np.array([1.0] * 5 + [0.0] * 5)) - 0.25) < 1e-12, "ECE of a gap of .25 is .25")
    fold = np.arange(300) % points.FOLDS
    crossed = points.cross_fitted(logits[:, None], y[:, None], fold)["platt"]
    slope, intercept = points.platt(logits[fold != 2], y[fold != 2])
    check(np.allclose(crossed[fold == 2, 0], points.sigmoid(slope * logits[fold == 2] + intercept)),
          "cross-fitted probabilities come from the other folds")


def main():
    torch.set_num_threads(1)
    rng = np.random.default_rng(3)
    check_expected_iou(rng)
    check_prior(rng)
    check_head()
    check_logistic(rng)
    check_reader()
    check_efficientnet()
    check_points(rng)
    check_calibrated()
    for package in sys.argv[1:]:
        check(bool(trunks.load_all([package])), f"{package}: the weights of the frozen file are the networks', bit for bit")
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()
