# SPDX-License-Identifier: Apache-2.0
"""Times 14 class maps and their boxes of one radiograph: Grad-CAM in PyTorch against a running service, in alternation.

    python models/export/random_densenet.py --out PACKAGES --plain
    /usr/bin/python3 models/tools/decode.py src/main/resources/samples CACHE/samples
    java -jar target/cxr-localizer.jar --model.directory=PACKAGES --model.name=densenet121-random \\
        --inference.workers=1 --inference.threads=1 &
    python src/test/bench/gradcam.py --images src/main/resources/samples --cache CACHE/samples --url http://localhost:8080 \\
        [--threads 1] [--rounds 10]

All run the same DenseNet-121, with as many threads as --threads says (the service with --inference.threads). Python
begins at decoded pixels; the service gets a PNG over HTTP and answers with JSON, so its time has more in it.

library     as the usual Grad-CAM library: for each class a forward pass, backward() through the whole network, maps from
            hooks on the last features, brought to the size of the input, normalised; then level 0.5 and labelling
shared      the same with one forward pass for all classes
scripted    the same as shared, in TorchScript
features    one forward pass, gradients as far as the last features only: what the library does not do, but could
service     POST /v1/localizations with the policy fraction 0.5
"""
import argparse
import http.client
import json
import statistics
import sys
import time
import urllib.parse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "models" / "export"), str(ROOT / "models" / "tools")]
from nih import LABELS, load_images  # noqa: E402
from preprocess import model_input  # noqa: E402
from random_densenet import FORM, published, random_network  # noqa: E402

LEVEL = 0.5


def boxes(mask):
    """The extents of the 8-connected regions of bool[h, w], by joining runs of neighbouring rows."""
    parent, extents, above = [], [], []

    def root(i):
        while parent[i] != i:
            i = parent[i]
        return i

    for y in range(mask.shape[0]):
        edges = np.flatnonzero(np.diff(mask[y].astype(np.int8), prepend=0, append=0))
        runs = []
        for left, right in zip(edges[::2].tolist(), edges[1::2].tolist()):
            label = len(parent)
            parent.append(label)
            extents.append((left, y, right, y + 1))
            for start, end, other in above:
                if start <= right and left <= end:
                    a, b = root(label), root(other)
                    if a != b:
                        parent[a] = b
                        extents[b] = (min(extents[a][0], extents[b][0]), min(extents[a][1], extents[b][1]),
                                      max(extents[a][2], extents[b][2]), max(extents[a][3], extents[b][3]))
            runs.append((left, right, label))
        above = runs
    return [extents[i] for i in range(len(parent)) if parent[i] == i]


def grad_cam(activations, gradients, size):
    """float32[h, w] in [0, 1]: channels weighted by their mean gradients, ReLU, the size of the input."""
    cam = F.relu((gradients.mean((2, 3), keepdim=True) * activations).sum(1, keepdim=True)).detach()
    cam = F.interpolate(cam, size=(size, size), mode="bilinear", align_corners=False)[0, 0].numpy()
    cam = cam - cam.min()
    return cam / (cam.max() + 1e-7)


class Hooked:
    """Keeps the last features of a trunk, and their gradient."""

    def __init__(self, trunk, head):
        self.trunk, self.head = trunk, head

    def forward(self, x):
        self.features = self.trunk(x)
        self.features.retain_grad()
        return self.head.logits(self.features)

    def backward(self, logit):
        self.trunk.zero_grad()
        self.features.grad = None
        logit.backward(retain_graph=True)
        return self.features.grad


def library(network, x):
    found = []
    for label in range(len(LABELS)):
        logits = network.forward(x)
        found.append(boxes(grad_cam(network.features, network.backward(logits[0, label]), x.shape[2]) > LEVEL))
    return found


def shared(network, x):
    logits = network.forward(x)
    return [boxes(grad_cam(network.features, network.backward(logits[0, label]), x.shape[2]) > LEVEL)
            for label in range(len(LABELS))]


def features(network, x):
    with torch.no_grad():
        a = network.trunk(x)
    a.requires_grad_()
    logits = network.head.logits(a)
    return [boxes(grad_cam(a, torch.autograd.grad(logits[0, label], a, retain_graph=True)[0], x.shape[2]) > LEVEL)
            for label in range(len(LABELS))]


class Service:
    def __init__(self, url):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)

    def answer(self, method, path, body=None):
        self.connection.request(method, path, body, {"Content-Type": "image/png"} if body else {})
        response = self.connection.getresponse()
        text = response.read()
        assert response.status == 200, text
        return json.loads(text)

    def localize(self, png):
        query = urllib.parse.urlencode({"policy": json.dumps({"type": "fraction", "fraction": LEVEL})})
        return self.answer("POST", f"/v1/localizations?{query}", png)["findings"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, required=True, help="a directory of PNGs")
    parser.add_argument("--cache", type=Path, required=True, help="prefix that tools/decode.py wrote of them")
    parser.add_argument("--url", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=10)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    told = {"size": 224, **FORM.input}
    name, pixels = sorted(load_images(args.cache).items())[0]
    png = (args.images / name).read_bytes()
    network = random_network(told["size"])
    trunk = published(network).requires_grad_(True)
    eager = Hooked(trunk, network.head)
    scripted = Hooked(torch.jit.trace(trunk, model_input(pixels, told)), network.head)
    service = Service(args.url)
    ways = {"library": lambda: library(eager, model_input(pixels, told)),
            "shared": lambda: shared(eager, model_input(pixels, told)),
            "scripted": lambda: shared(scripted, model_input(pixels, told)),
            "features": lambda: features(eager, model_input(pixels, told)),
            "service": lambda: service.localize(png)}
    logits = eager.forward(model_input(pixels, told))[0]
    for finding in service.localize(png):
        apart = abs(float(logits[LABELS.index(finding["label"])]) - finding["logit"])
        assert apart < 1e-3, f"the service runs another network: {finding['label']} is {apart} apart"
    execution = service.answer("GET", "/v1/models/densenet121-random")["execution"]
    times = {way: [] for way in ways}
    for way in ways.values():
        way(), way()
    for _ in range(args.rounds):
        for way, run in ways.items():
            start = time.perf_counter()
            run()
            times[way].append(time.perf_counter() - start)
    print(f"{args.rounds} rounds, {args.threads} threads; the service's variant is {execution['variant']}, "
          f"its workers {execution['workers']}")
    print("| way | milliseconds, median | times the service's |\n|---|---|---|")
    for way in ways:
        ratio = statistics.median(a / b for a, b in zip(times[way], times["service"]))
        print(f"| {way} | {1000 * statistics.median(times[way]):.0f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
