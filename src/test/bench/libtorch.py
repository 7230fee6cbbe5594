# SPDX-License-Identifier: Apache-2.0
"""Lays links to the libraries of Python's PyTorch into a folder, as the service takes them: libtorch.py FOLDER"""
import io
import sys
import zipfile
from pathlib import Path

import torch

folder = Path(sys.argv[1])
own = Path(torch.__file__).parent / "lib"
for library in [*own.glob("*.so*"), *own.parents[1].glob("nvidia/*/lib/*.so*")]:
    # The Deep Java Library loads all that lies there, and Python's part needs an interpreter.
    if "python" not in library.name and not library.name.startswith("libshm"):
        (folder / library.name).symlink_to(library)
# It loads the library that counts devices by this name, and not by one with a version.
(folder / "libcudart.so").symlink_to(next(folder.glob("libcudart*.so.*")).resolve())
with zipfile.ZipFile("target/cxr-localizer.jar") as jar:
    name = next(name for name in jar.namelist() if "pytorch-jni" in name)
    with zipfile.ZipFile(io.BytesIO(jar.read(name))) as natives:
        (folder / "libdjl_torch.so").write_bytes(natives.read("jnilib/linux-x86_64/cu128/libdjl_torch.so"))
