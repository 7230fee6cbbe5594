# SPDX-License-Identifier: Apache-2.0
"""Writes the manifest of a model package with a hash of itself."""

import hashlib

import yaml

OWN_HASH = "manifestSha256"


def write_manifest(package, told):
    """Labels or policies that are changed behind the hash are noticed when the package is read."""
    lines = yaml.safe_dump({key: value for key, value in told.items() if key != OWN_HASH}, sort_keys=False, width=110)
    own_hash = hashlib.sha256(lines.encode()).hexdigest()
    (package / "model.yaml").write_text(f"{lines}{OWN_HASH}: {own_hash}\n")
