"""Compares the calibrated box policies of two manifests (or parts of one); exits with 1 where they differ.

    python models/tools/same_policies.py models/NAME/model.yaml boxes.yaml
"""
import sys

import yaml

DEFAULTS = {"selection": {"minimumArea": 0.0, "maximumBoxes": 10, "merge": {"type": "none"}}, "greyLevels": [60, 180]}


def plain(policy):
    """A policy without what is so by default."""
    return {key: value for key, value in policy.items() if DEFAULTS.get(key) != value}


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
