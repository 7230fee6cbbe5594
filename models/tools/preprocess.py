"""Brings an image to a model's input as the service does, from the manifest's `input`."""
import numpy as np
import torch
import torch.nn.functional as F


def model_input(pixels, told):
    """uint8[h, w] -> float32[1, channels, size, size]; antialiased bilinear resize, then range, mean and deviation."""
    x = torch.from_numpy(np.array(pixels))[None, None].float() / 255
    size, (h, w) = told["size"], x.shape[2:]
    if told["resize"] == "stretch":
        x = resize(x, size, size)
    elif told["resize"] == "centreCrop":
        height, width = size * h // min(h, w), size * w // min(h, w)
        top, left = round((height - size) / 2), round((width - size) / 2)
        x = resize(x, height, width)[:, :, top:top + size, left:left + size]
    else:
        raise ValueError(f"{told['resize']} is not known here")
    low, high = told.get("range", (0.0, 1.0))
    channels = told["channels"]
    mean = torch.tensor(told.get("mean", [0.0] * channels)).reshape(1, channels, 1, 1)
    std = torch.tensor(told.get("std", [1.0] * channels)).reshape(1, channels, 1, 1)
    return ((x * (high - low) + low).expand(1, channels, size, size) - mean) / std


def resize(x, height, width):
    return F.interpolate(x, size=(height, width), mode="bilinear", align_corners=False, antialias=True)
