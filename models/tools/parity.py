# SPDX-License-Identifier: Apache-2.0
"""Compares a running service with PyTorch on the boxed images: logits, maps and boxes of every method.

    java -XX:+ExitOnOutOfMemoryError -jar target/cxr-localizer.jar &
    /usr/bin/python3 models/tools/decode.py ../shared/nih/boxed CACHE/boxed
    python models/tools/parity.py models/cxr14-cells --nih ../shared/nih --cache CACHE --url http://localhost:8080 \\
        --report models/cxr14-cells/parity.md

Exits with 1 if a logit or normalised map differs by more than 1e-3, or a box by more than half a pixel. Where a peak or saddle
lies so close to a level that the difference of the maps makes another region, the box must be the one that Python cuts from
Java's map; more than one box of a thousand is too many of these. Needs PyTorch and NumPy.
"""
import argparse
import json
import sys
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import yaml

from boxes import boxes
from nih import load_images
from preprocess import model_input

POLICIES = ({"type": "wang"}, {"type": "fraction", "fraction": 0.5}, {"type": "otsu"},
            {"type": "percentile", "percentile": 90})
OF_CELLS = ({"type": "expected-iou"}, {"type": "fraction", "fraction": 0.5})


def ask(url, path, method, policy):
    query = urllib.parse.urlencode({"method": method, "policy": json.dumps(policy), "includeMaps": "true"})
    request = urllib.request.Request(f"{url}/v1/localizations?{query}", path.read_bytes(), {"Content-Type": "image/png"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def in_the_image(found, told, width, height):
    """Boxes of a class map in pixels of the image. The map covers all of it, or a middle square of a larger resize."""
    if "resizeTo" not in told:
        return found(width, height)
    part, rim = told["size"] / told["resizeTo"], round((told["resizeTo"] - told["size"]) / 2) / told["resizeTo"]
    return [(box[0] + rim * width, box[1] + rim * height, *box[2:]) for box in found(width * part, height * part)]


def box_difference(ours, theirs):
    """The largest difference of an edge, boxes paired one-to-one greedily; infinite where the numbers differ."""
    if len(ours) != len(theirs):
        return float("inf")
    left, worst = [np.array(b[:4]) for b in theirs], 0.0
    for box in ours:
        edges = np.array([box["x"], box["y"], box["width"], box["height"]])
        gaps = [np.abs(edges - other).max() for other in left]
        nearest = int(np.argmin(gaps))
        worst = max(worst, gaps[nearest])
        del left[nearest]
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--nih", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--images", type=int, default=240, help="how many of the boxed images")
    parser.add_argument("--random-weights", action="store_true",
                        help="compute all expected boxes from the service's own maps: in those of random weights, most peaks and "
                             "saddles lie close to a level")
    parser.add_argument("--methods", type=int, help="how many of the package's methods")
    parser.add_argument("--policies", type=int, default=len(POLICIES), help="how many of the box policies")
    parser.add_argument("--in-turn", action="store_true",
                        help="each method on every other image, and each of these with one policy, in turn, instead of with all")
    args = parser.parse_args()
    torch._C._jit_set_profiling_mode(False)  # saves what specialising each method takes, which few images do not repay
    manifest = yaml.safe_load((args.package / "model.yaml").read_text())
    network = torch.jit.load(str(args.package / "model.pt")).eval()
    images = dict(sorted(load_images(args.cache / "boxed").items())[:args.images])
    assert manifest["input"]["resize"] == "stretch" or all(p.shape[0] == p.shape[1] for p in images.values())
    lines = ["# Parity of Java and PyTorch", "",
             f"Model {manifest['name']} {manifest['version']}, {len(images)} boxed images, by `models/tools/parity.py`."
             + (" Each method on every other image, with its policies in turn." if args.in_turn else ""),
             "Largest difference over all images and labels; logits relative where above 1, maps normalised to [0, 1]; boxes by their worst",
             "edge. Boxes of cell probabilities, and maps that differ at a level, are held against what Python cuts from Java's maps.", "",
             "| method | policy | logit | normalised map | boxes | maps that differ at a level | box (pixels) |",
             "|---|---|---|---|---|---|---|"]
    good, callers = True, ThreadPoolExecutor(2)
    for number, method in enumerate(manifest["methods"]["available"][:args.methods]):
        compared = list(images.items())[number % 2::2] if args.in_turn else images.items()
        with torch.no_grad():
            expected = {name: getattr(network, method["function"])(model_input(pixels, manifest["input"]))
                        for name, pixels in compared}
        cells = method.get("supervision") == "boxes"  # many rectangles are as good as the best one to 1e-6
        policies = (OF_CELLS if cells else POLICIES)[:args.policies]
        for turn, policy in enumerate(policies):
            worst, count, close = np.zeros(3), 0, 0
            tried = dict(list(expected.items())[turn::len(policies)] if args.in_turn else expected)
            answers = callers.map(lambda name: ask(args.url, args.nih / "boxed" / name, method["name"], policy), tried)
            for (name, (logits, maps)), answer in zip(tried.items(), answers):
                height, width = images[name].shape
                for finding in answer["findings"]:
                    k = manifest["labels"].index(finding["label"])
                    grid = maps[0, k].numpy()
                    values = np.array(finding["map"]["values"], np.float32).reshape(grid.shape)

                    def cut(surface, policy=policy, width=width, height=height):
                        return in_the_image(lambda w, h: boxes(surface, policy, w, h), manifest["input"], width, height)

                    differs = box_difference(finding["boxes"], cut(values if args.random_weights or cells else grid))
                    if differs > 0.5:
                        close += 1
                        differs = box_difference(finding["boxes"], cut(values))
                    count += len(finding["boxes"])
                    worst = np.maximum(worst, [
                        abs(finding["logit"] - float(logits[0, k])) / max(1, abs(float(logits[0, k]))),
                        np.abs(values - grid).max() / float(grid.max() - grid.min() or 1),
                        differs])
            good &= bool(worst[0] <= 1e-3 and worst[1] <= 1e-3 and worst[2] <= 0.5 and close <= count / 1000)
            lines.append(f"| {method['name']} | `{json.dumps(policy)}` | {worst[0]:.1e} | {worst[1]:.1e} | {count} | {close} | "
                         f"{worst[2]:.3f} |")
            print(lines[-1], flush=True)
    args.report.write_text("\n".join(lines) + "\n")
    print("parity holds" if good else "PARITY FAILS")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
