# SPDX-License-Identifier: Apache-2.0
"""Decodes images once to raw grey bytes, so that the training interpreter needs no image library.

    /usr/bin/python3 models/tools/decode.py IMAGES_DIR OUT_PREFIX

Needs Pillow (Debian: python3-pil). Walks IMAGES_DIR, writes OUT_PREFIX.raw (8-bit grey rows, image after
image, in order of file name) and OUT_PREFIX.tsv (file name, width, height, offset). RGB(A) images, as NIH
released some, become grey by Pillow's ITU-R 601 weights, which leave equal channels as they are.
"""
import os
import sys

from PIL import Image


def main(images, prefix):
    files = sorted((name, os.path.join(folder, name))
                   for folder, _, names in os.walk(images) for name in names
                   if name.lower().endswith((".png", ".jpg", ".jpeg")))
    if not files:
        sys.exit(f"no images under {images}")
    offset = 0
    with open(prefix + ".raw", "wb") as raw, open(prefix + ".tsv", "w") as index:
        for name, path in files:
            with Image.open(path) as image:
                grey = image.convert("L")
            raw.write(grey.tobytes())
            index.write(f"{name}\t{grey.width}\t{grey.height}\t{offset}\n")
            offset += grey.width * grey.height
    print(f"{len(files)} images, {offset / 1e6:.0f} MB -> {prefix}.raw")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
