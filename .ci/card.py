# SPDX-License-Identifier: Apache-2.0
"""Holds the figures of an evaluation by the service against those that PyTorch wrote into the model card.

    card.py DIRECTORY CARD.MD        (the directory of a report)

The card's table has Acc at seven thresholds for each label, and their macro means. Of a label, one true box may be found on one kind of
processor and not on another; of the macro means, a fiftieth.
"""
import json
import re
import sys
from collections import Counter
from pathlib import Path

THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
ROUNDED = 5.1e-4


def main():
    directory, card = Path(sys.argv[1]), Path(sys.argv[2]).read_text()
    figures = json.loads((directory / "report.json").read_text())["localization"][0]["figures"]
    truth = json.loads((directory / "truth-coco.json").read_text())
    names = {category["id"]: category["name"] for category in truth["categories"]}
    boxes = Counter(names[box["category_id"]] for box in truth["annotations"])
    served = card[card.index("### As it is served"):]
    rows = re.findall(r"(?m)^\| (\**[A-Z]?\w+\**) \| " + " \\| ".join([r"(\d\.\d{3})"] * len(THRESHOLDS)) + r" \|$", served)
    assert len(rows) == 9, f"the card's table has {len(rows)} rows"
    worst = 0.0
    for label, *values in rows:
        label = label.strip("*")
        allowed = ROUNDED + (0.02 if label == "macro" else 1 / boxes[label])
        for threshold, value in zip(THRESHOLDS, values):
            found = figures[f"Acc at T(IoU) = {threshold}"][label]["value"]
            worst = max(worst, abs(found - float(value)))
            assert abs(found - float(value)) <= allowed, f"{label}, Acc at {threshold}: {found}, and the card has {value}"
    print(f"{len(rows)} rows of {len(THRESHOLDS)} figures, largest difference {worst:.4f}")


if __name__ == "__main__":
    main()
