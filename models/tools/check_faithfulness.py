# SPDX-License-Identifier: Apache-2.0
"""Checks the figures of faithfulness.py against pytorch-grad-cam, SciPy and definitions that are written out.

    PYTHONPATH=SITE python models/tools/check_faithfulness.py [models/cxr14-cells]

SITE holds what .ci/cams.txt lists. ROAD's imputation and score, average drop and increase are pytorch-grad-cam's; deletion and
insertion those of a loop over pixels; the blur SciPy's. A map of what a network looks at is more faithful than others. A file
with random weights answers like the eager network with the same weights, by every method. With a package: so does its file.
Exits with 1 on a difference.
"""
import importlib.util
import sys
import tempfile
import types
from pathlib import Path

import numpy as np
import torch
import yaml
from scipy.ndimage import gaussian_filter
from scipy.stats import spearmanr
from torch import nn

import faithfulness
import perturbations
import trunks
from cam import Head, Mapped
from cam import script as script_mapped
from cells import GRID, Calibrated, CellHead, LinearHead, Network, Plain, Reader, script
from efficientnet import CellLinear
from faithfulness import COLUMNS, Watched, figures, likeness
from nih import LABELS as NIH_LABELS
from perturbations import SHARES, highest, imputed, lowest, ranks, unit
from randomized import heads, kernels, randomize

SIDE, LABELS = 64, 3
FAILED = []


def check(holds, what):
    print(("holds: " if holds else "FAILS: ") + what, flush=True)
    if not holds:
        FAILED.append(what)


def oracle():
    """pytorch-grad-cam's metrics. Its package itself also imports Matplotlib and scikit-learn, which they do not need."""
    package = types.ModuleType("pytorch_grad_cam")
    package.__path__ = list(importlib.util.find_spec("pytorch_grad_cam").submodule_search_locations)
    sys.modules["pytorch_grad_cam"] = package
    from pytorch_grad_cam.metrics import cam_mult_image, perturbation_confidence, road
    return road, perturbation_confidence, cam_mult_image


class Small(nn.Sequential):
    """A trunk of two convolutions."""

    channels = 16

    def __init__(self):
        super().__init__(nn.Conv2d(1, 16, 5, 2, 2), nn.ReLU(), nn.Conv2d(16, 16, 3, 2, 1), nn.ReLU())


def written(folder, labels=LABELS):
    """A package of a small network, with logits of some size."""
    torch.manual_seed(1)
    network = Mapped(Small(), Head(16, labels))
    with torch.no_grad():
        network.head.linear.weight.mul_(20)
    script_mapped(network).save(f"{folder}/model.pt")
    manifest = {"labels": [f"label {k}" for k in range(labels)], "activation": "sigmoid",
                "input": {"size": SIDE, "channels": 1, "resize": "stretch"},
                "methods": {"available": [{"name": f, "function": f} for f in ("forward", *Mapped.METHODS)]}}
    Path(folder, "model.yaml").write_text(yaml.safe_dump(manifest))
    return network, manifest


def picture(generator, side=SIDE):
    """Smooth, with noise, in 0 to 1."""
    coarse = torch.rand(6, 6, generator=generator)
    return (0.9 * perturbations.surface(coarse, side) + 0.1 * torch.rand(side, side, generator=generator)).clamp(0, 1)


def check_ranks(generator):
    values = torch.randint(0, 5, (7, 9), generator=generator).float()
    rank = ranks(values, generator)
    listed = values.flatten()[torch.argsort(rank.flatten())]
    check(sorted(rank.flatten().tolist()) == list(range(63)) and bool((listed.diff() <= 0).all()), "ranks fall with the values")
    again = [int(ranks(torch.ones(4, 4), generator)[0, 0]) for _ in range(200)]
    check(len(set(again)) == 16, "equal values are in random order")
    counts = [int(m.sum()) for m in highest(rank)], [int(m.sum()) for m in lowest(rank)]
    check(counts[0] == counts[1] == [round(s * 63) for s in SHARES], "each mask has its share of the pixels")
    check(not bool((highest(rank, (0.5,)) & lowest(rank, (0.3,))).any()), "the highest and the lowest are apart")


def check_imputation(road, generator):
    worst, noisy = 0.0, []
    for side in (SIDE, 90, 224):
        image = picture(generator, side)
        rank = ranks(perturbations.surface(torch.rand(16, 16, generator=generator), side), generator)
        shares = SHARES if side < 200 else (0.3,)
        masks = torch.cat([highest(rank, shares), highest(ranks(torch.rand(side, side), generator), shares)])
        ours = imputed(image, masks, generator, 0.0)
        for mask, filled in zip(masks, ours):
            theirs = road.NoisyLinearImputer(noise=0)(image[None], (~mask).float())[0]
            worst = max(worst, float((filled - theirs).abs().max()))
        noise = imputed(image, masks, generator) - ours
        noisy.append((float(noise[masks].std()), float(noise[~masks].abs().max())))
    check(worst < 1e-3, f"ROAD's imputation is pytorch-grad-cam's, in grey values of 0 to 1: {worst:.0e}")
    check(all(abs(s - perturbations.NOISE) < 1e-3 and rest == 0 for s, rest in noisy), "its noise is on imputed pixels only")


class Logits(nn.Module):
    """What pytorch-grad-cam calls: brightness [n, 1, S, S] to logits."""

    def __init__(self, watched):
        super().__init__()
        self.watched = watched

    def forward(self, x):
        return self.watched.logits(x[:, 0])


def by_definition(watched, image, k, order):
    """Deletion and insertion: one pixel after the other, in Python."""
    blur = torch.tensor(gaussian_filter(image.numpy(), perturbations.BLUR * len(image), mode="mirror", truncate=3))

    def logit(x):
        return float(watched.logits(x[None])[0, k])
    curves = [], []
    for share in (0, *SHARES, 1):
        without, only = image.clone(), blur.clone()
        for i, j in order[:round(share * len(order))]:
            without[i, j] = image.mean()
            only[i, j] = image[i, j]
        for curve, x in zip(curves, (without, only)):
            curve.append(logit(x) - logit(image))
    return [np.trapz(curve, (0, *SHARES, 1)) for curve in curves]


def check_figures(road, confidence, product, generator, folder):
    network, manifest = written(folder)
    watched, image = Watched(Path(folder), manifest), picture(generator)
    surfaces = torch.stack([image, perturbations.surface(torch.randn(5, 5, generator=generator), SIDE), 0.5 - image])
    k, worst = 1, {"deletion and insertion are those of a loop over pixels": 0.0, "ROAD is pytorch-grad-cam's": 0.0,
                   "drop and increase are pytorch-grad-cam's, the drop relative": 0.0}
    ours = figures(watched, image, k, surfaces, generator, noise=0.0)
    model, x, whole = Logits(watched), image[None, None], float(watched.logits(image[None])[0, k])

    def scored(metric, values, target):
        return float(metric(x, values.numpy()[None], [target], model)[0])

    def probability(output):
        return torch.sigmoid(output[k])
    for values, found in zip(surfaces, ours):
        order = sorted(np.ndindex(SIDE, SIDE), key=lambda at: -float(values[at]))
        apart = [np.abs(found[:2] - by_definition(watched, image, k, order)).max()]
        means = [np.mean([scored(confidence.PerturbationConfidenceMetric(
            remove(100 * (1 - share), road.NoisyLinearImputer(noise=0))), values, lambda output: output[k])
            for share in SHARES]) for remove in (confidence.RemoveMostRelevantFirst, confidence.RemoveLeastRelevantFirst)]
        apart.append(np.abs(found[2:5] - [*means, (means[1] - means[0]) / 2]).max())
        drop, increase = (scored(metric(), unit(values), probability)
                          for metric in (product.DropInConfidence, product.IncreaseInConfidence))
        apart.append(np.abs(found[5:] - [100 * drop / (1 / (1 + np.exp(-whole))), 100 * increase]).max())
        worst = {what: max(before, gap) for (what, before), gap in zip(worst.items(), apart)}
    spread = np.ptp(ours, 0)
    for (what, gap), columns, allowed in zip(worst.items(), (slice(2), slice(2, 5), slice(5, 6)), (1e-3, 1e-3, 1e-2)):
        check(gap < allowed < spread[columns].min(), f"{what}: {gap:.0e}, and three maps differ by {spread[columns].min():.2f}")
    blur = gaussian_filter(image.numpy(), perturbations.BLUR * SIDE, mode="mirror", truncate=3)
    check(np.abs(perturbations.blurred(image).numpy() - blur).max() < 1e-5, "the blur is SciPy's")


class Patch(nn.Module):
    """Looks at one patch alone: one label, whose logit is the patch's mean grey value."""

    def forward(self, x):
        return x[:, :, 8:24, 40:56].mean((2, 3)) * 10


def check_known(generator):
    """What the network uses is known: its map must be more faithful than a random one, and than one of another place."""
    watched = types.SimpleNamespace(logits=lambda images: Patch()(images[:, None]), probabilities=torch.sigmoid)
    image = 0.2 * picture(generator)
    image[8:24, 40:56] += 0.7
    true, elsewhere = torch.zeros(2, SIDE, SIDE)
    true[8:24, 40:56], elsewhere[40:56, 8:24] = 1, 1
    found = dict(zip(("true", "random", "elsewhere"), figures(
        watched, image, 0, torch.stack([true, torch.rand(SIDE, SIDE, generator=generator), elsewhere]), generator)))
    better = np.array([-1, 1, -1, 1, 1, -1, 0])  # the sign of a more faithful map; nothing increases here
    gaps = [better * (found["true"] - found[other]) for other in ("random", "elsewhere")]
    check(all((gap[:6] > 0).all() for gap in gaps), "the map of what a network looks at has better figures than others: "
          + ", ".join(f"{c} {t:.2f} and {o:.2f}" for c, t, o in zip(COLUMNS, found["true"], found["random"])))
    check(abs(found["true"][5]) < 1e-3 and found["elsewhere"][5] > 40, "only its pixels keep the probability")


def check_likeness(generator):
    a = torch.randint(0, 9, (16, 16), generator=generator).float()
    b = a + torch.randint(0, 9, (16, 16), generator=generator)
    check(np.allclose(likeness(a, 3 * a - 1), 1) and abs(likeness(a, -a)[0] + 1) < 1e-12, "a map is like itself, its negative is not")
    check(abs(likeness(a, b)[0] - spearmanr(a.flatten(), b.flatten())[0]) < 1e-12, "the rank correlation is SciPy's, with ties")
    check((likeness(a, torch.ones(16, 16)) == 0).all(), "a constant map is like none")


def check_cases(folder):
    """Patients are drawn once for each label, and those that something was fitted on are left out."""
    part = Path(folder, "test_unboxed", "384")
    part.mkdir(parents=True)
    rows = [(f"{patient:08d}_{n:03d}.png", "Mass|Edema" if patient < 20 else "Edema") for patient in range(40) for n in range(3)]
    for name, _ in rows:
        (part / name).with_suffix(".jpg").touch()
    lines = ["Image Index,part,Finding Labels", *(f"{n},test_unboxed,{found}" for n, found in rows), "00000099_000.png,train,Mass"]
    Path(folder, "unboxed_index.csv").write_text("\n".join(lines) + "\n")
    chosen = faithfulness.cases(Path(folder), ["Edema", "Mass", "Hernia"], 25, {"00000003", "00000030"})
    patients = {label: [name[:8] for name, of, _ in chosen if of == label] for label in ("Edema", "Mass", "Hernia")}
    check([len(set(p)) for p in patients.values()] == [len(p) for p in patients.values()] == [25, 19, 0],
          "no two images of a label are of one patient")
    check(not {"00000003", "00000030", "00000099"} & set(sum(patients.values(), [])), "no patient is of the fitted or trained ones")


def cell_package(networks, labels):
    """A module with every method, its own weights random."""
    torch.manual_seed(5)
    reader = Reader([n.trunk.cell_channels for n in networks], [labels] * len(networks), 8)
    labelled = LinearHead(reader.channels, 2)
    for buffer in labelled.buffers():
        nn.init.normal_(buffer, 0, 0.1)
    return Calibrated(networks, reader, labelled, torch.rand(2, GRID, GRID).log(), [0, 2], CellHead(reader.channels + 16, 1, 2),
                      torch.rand(GRID, GRID).log()).eval()


def conv_order(networks, x):
    """The convolutions of the networks, and the products in place of them, in the order of their calls."""
    order, hooks = [], []
    for network in networks:
        hooks += [m.register_forward_hook(lambda module, *_: order.append(module)) for m in network.modules()
                  if isinstance(m, (nn.Conv2d, CellLinear))]
        network.both(x)
    for hook in hooks:
        hook.remove()
    return order


@torch.no_grad()
def check_random(title, file, module, methods):
    """A file whose weights were made random, and the eager module with the weights that then stand in `forward` of the file."""
    labels, size = module.labels, max(network.side for network in module.networks)
    x = torch.rand(2, 1, size, size, generator=torch.Generator().manual_seed(8))
    plain = torch.jit.load(str(file)).eval()
    before = {method: getattr(plain, method)(x) for method in methods}
    for everything in (False, True):
        loaded = randomize(torch.jit.load(str(file)).eval(), methods, labels, 4, everything)
        for network, weight in zip(module.networks, heads(loaded, labels), strict=True):
            network.head.linear.weight.copy_(weight)
        if everything:
            for convolution, weight in zip(conv_order(module.networks, x), kernels(loaded, labels), strict=True):
                convolution.weight.copy_(weight)
        worst, unlike = 0.0, []
        for method in methods:
            outputs, expected = getattr(loaded, method)(x), getattr(module, method)(x)
            worst = max([worst] + [float((o - e).abs().max() / e.abs().max()) for o, e in zip(outputs, expected)])
            unlike.append(min(float((o - b).abs().max() / b.abs().max()) for o, b in zip(outputs, before[method])))
        what = "network" if everything else "head"
        check(worst < 1e-3, f"{title}, random {what}: the file answers like the eager network by every method: {worst:.0e}")
        check(min(unlike) > 1e-3, f"{title}, random {what}: no method answers as before")


def check_randomized(folder, packages):
    networks = [Network(Plain(Small()), Head(16, 5), side).eval() for side in (64, 48)]
    module = cell_package(networks, 5)
    script(module).save(f"{folder}/cells.pt")
    check_random("two networks and a cell head", f"{folder}/cells.pt", module, ("forward", *Calibrated.METHODS))
    for package in map(Path, packages):
        module = cell_package(trunks.thaw(package), len(NIH_LABELS))  # its cell head is another one: only its networks are compared
        check_random(package, package / "model.pt", module, ("forward", *Mapped.METHODS))


def main():
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(3)
    road, confidence, product = oracle()
    with tempfile.TemporaryDirectory() as folder:
        check_ranks(generator)
        check_imputation(road, generator)
        check_figures(road, confidence, product, generator, folder)
        check_known(generator)
        check_likeness(generator)
        check_cases(folder)
        check_randomized(folder, sys.argv[1:])
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()
