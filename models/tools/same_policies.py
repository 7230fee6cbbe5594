# SPDX-License-Identifier: Apache-2.0
"""Compares the calibrated box policies of two manifests (or parts of one); exits with 1 where they differ.

    python models/tools/same_policies.py models/NAME/model.yaml boxes.yaml
"""
import sys

import yaml

SELECTION = {"minimumArea": 0.0, "maximumArea": 1.0, "minimumAspect": 0.0, "dropNested": False, "maximumBoxes": 10,
             "merge": {"type": "none"}}
GREY_LEVELS = [60, 180]


def plain(policy):
    """A policy without what is so by default."""
    selection = {key: value for key, value in policy.get("selection", {}).items() if SELECTION[key] != value}
    rest = {key: value for key, value in policy.items() if key != "selection" and (key, value) != ("greyLevels", GREY_LEVELS)}
    return {**rest, **({"selection": selection} if selection else {})}


def main():
    first, second = (yaml.safe_load(open(path))["boxes"] for path in sys.argv[1:3])
    differing = [f"{label}: {plain(policy)} and {plain(second['calibrated'][label])}"
                 for label, policy in first["calibrated"].items() if plain(policy) != plain(second["calibrated"][label])]
    if first["imagesSha256"] != second["imagesSha256"]:
        differing.append("chosen on other images")
    print("\n".join(differing) or f"{len(first['calibrated'])} policies are the same")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
