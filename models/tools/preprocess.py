# SPDX-License-Identifier: Apache-2.0
"""Brings an image to a model's input as the service does, from the manifest's `input`."""
import numpy as np
import torch
import torch.nn.functional as F


def model_input(pixels, told):
    """uint8[h, w] -> float32[1, channels, size, size]; antialiased resize, then range, mean, deviation."""
    return scaled(brightness(pixels, told), told)


def brightness(pixels, told):
    """uint8[h, w] -> float32[1, 1, size, size] in 0 to 1."""
    x = torch.from_numpy(np.array(pixels))[None, None].float() / 255
    size, (h, w) = told["size"], x.shape[2:]
    mode = told.get("interpolation", "bilinear")
    if told["resize"] == "stretch":
        return resize(x, size, size, mode)
    if told["resize"] == "centreCrop":
        shorter = told.get("resizeTo", size)
        height, width = shorter * h // min(h, w), shorter * w // min(h, w)
        top, left = round((height - size) / 2), round((width - size) / 2)
        return resize(x, height, width, mode)[:, :, top:top + size, left:left + size]
    raise ValueError(f"{told['resize']} is not known here")


def scaled(x, told):
    """Brightness float32[B, 1, size, size] -> float32[B, channels, size, size]."""
    low, high = told.get("range", (0.0, 1.0))
    channels = told["channels"]
    mean = torch.tensor(told.get("mean", [0.0] * channels)).reshape(1, channels, 1, 1)
    std = torch.tensor(told.get("std", [1.0] * channels)).reshape(1, channels, 1, 1)
    return ((x * (high - low) + low).expand(-1, channels, -1, -1) - mean) / std


def resize(x, height, width, mode="bilinear"):
    """Brightness in 0 to 1; what bicubic weights make of edges beyond that is cut, as in Pillow."""
    return F.interpolate(x, size=(height, width), mode=mode, align_corners=False, antialias=True).clamp(0, 1)
