# SPDX-License-Identifier: Apache-2.0
"""Directories as the Hugging Face hub has them: weights, config.json (timm's or transformers'), preprocessor_config.json."""
import json
from dataclasses import dataclass

from checkpoints import Refused, load, tensors

WEIGHTS = ("model.safetensors", "pytorch_model.bin", "model.pth", "pytorch_model.pt")
INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
PILLOW = {0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic"}


@dataclass(frozen=True)
class Described:
    """What a directory states of its network; None where it states nothing."""

    architecture: str = None
    labels: tuple = None
    size: int = None
    mean: list = None
    std: list = None
    crop: float = None
    resize: str = None
    interpolation: str = None
    activation: str = None


def json_of(path):
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Refused(f"its {path.name} is not JSON") from None
    if not isinstance(told, dict):
        raise Refused(f"its {path.name} is not a JSON object")
    return told


def read_directory(path):
    """The state dict of a directory, its files and what it states; raises Refused."""
    if (path / "model.yaml").exists():
        raise Refused("it is a model package already: `models add` installs it")
    if (path / "saved_model.pb").exists():
        raise Refused("it is a TensorFlow SavedModel; a file of torch.save is needed")
    if not (path / "config.json").exists():
        raise Refused("it is a directory without a config.json; name the checkpoint in it")
    index = next((path / name for name in INDEXES if (path / name).exists()), None)
    files = [path / name for name in WEIGHTS if (path / name).exists()][:1]
    if not files and index:
        files = [path / name for name in sorted(set(json_of(index).get("weight_map", {}).values()))]
        outside = [file for file in files if file.resolve().parent != path.resolve()]
        if outside:
            raise Refused(f"its {index.name} names files outside of it")
    if not files:
        raise Refused(f"it has a config.json but no weights ({', '.join(WEIGHTS)})")
    state = {}
    for file in files:
        try:
            state.update(tensors(load(file)))
        except Refused as e:
            raise Refused(f"in {file.name}: {e}") from None
    processor = path / "preprocessor_config.json"
    return state, files, described(json_of(path / "config.json"), json_of(processor) if processor.exists() else {})


def described(config, processor):
    """timm: architecture, pretrained_cfg, label_names; transformers: id2label, problem_type, and the processor's entries."""
    timm = config.get("pretrained_cfg", config)
    size = (timm.get("input_size") or [None])[-1] or side(processor.get("crop_size")) or side(processor.get("size"))
    resized = (processor.get("size") or {}) if isinstance(processor.get("size"), dict) else {}
    crop = timm.get("crop_pct") or processor.get("crop_pct")
    if crop is None and processor.get("crop_size") and resized.get("shortest_edge"):
        crop = side(processor["crop_size"]) / resized["shortest_edge"]
    stretch = timm.get("crop_mode") == "squash" or ("height" in resized and not processor.get("crop_size"))
    labels = config.get("label_names") or timm.get("label_names") or names_of(config.get("id2label"))
    activation = {"multi_label_classification": "sigmoid", "single_label_classification": "softmax"}
    return Described(
        architecture=config.get("architecture") or timm.get("architecture"),
        labels=tuple(labels) if labels else None,
        size=size,
        mean=timm.get("mean") or processor.get("image_mean"),
        std=timm.get("std") or processor.get("image_std"),
        crop=crop,
        resize="stretch" if stretch else None,
        interpolation=timm.get("interpolation") or PILLOW.get(processor.get("resample")),
        activation=activation.get(config.get("problem_type")))


def side(told):
    """One side of a size as processors state it: a number, or height and width, or the shortest edge."""
    if isinstance(told, dict):
        return told.get("height") or told.get("shortest_edge")
    return told if isinstance(told, int) else None


def names_of(by_number):
    if not isinstance(by_number, dict) or not by_number:
        return None
    return [by_number[key] for key in sorted(by_number, key=int)]
