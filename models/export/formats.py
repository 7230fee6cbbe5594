# SPDX-License-Identifier: Apache-2.0
"""The public checkpoints that export.py reads: what is in their files, and how their authors fed images to them."""
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from nih import LABELS  # noqa: E402

IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}

# torchxrayvision's default_pathologies, the order of its 18 outputs.
XRV_LABELS = ("Atelectasis", "Consolidation", "Infiltration", "Pneumothorax", "Edema", "Emphysema", "Fibrosis",
              "Effusion", "Pneumonia", "Pleural_Thickening", "Cardiomegaly", "Nodule", "Mass", "Hernia", "Lung Lesion",
              "Fracture", "Lung Opacity", "Enlarged Cardiomediastinum")
# The operating points that torchxrayvision publishes with each of its weights (its models.py); None: the weights were
# not trained for that label, so it is blank.
_ = None
XRV_OPERATING_POINTS = {
    "all": (0.07422872, 0.038290843, 0.09814756, 0.0098118475, 0.023601074, 0.0022490358, 0.010060724, 0.103246614,
            0.056810737, 0.026791653, 0.050318155, 0.023985857, 0.01939503, 0.042889766, 0.053369623, 0.035975814,
            0.20204692, 0.05015312),
    "nih": (0.039117552, 0.0034529066, 0.11396341, 0.0057298196, 0.00045666535, 0.0018880932, 0.012037827, 0.038744126,
            0.0037213727, 0.014730946, 0.016149804, 0.054241467, 0.037198864, 0.0004403434, _, _, _, _),
    "pc": (0.031012505, 0.013347598, 0.081435576, 0.001262615, 0.002587246, 0.0035944257, 0.0023071, 0.055412333,
           0.044385884, 0.042766232, 0.043258056, 0.037629247, 0.005658899, 0.0091741895, _, 0.026507627, _, _),
    "chex": (0.1988969, 0.05710573, _, 0.0531293, 0.1435217, _, _, 0.27212676, 0.07749717, _, 0.19712369, _, _, _,
             0.09932402, 0.09273402, 0.3270967, 0.10888247),
    "rsna": (_, _, _, _, _, _, _, _, 0.13486601, _, _, _, _, _, _, _, 0.13511065, _),
    "mimic_nb": (0.08558747, 0.011884617, _, 0.0040595434, 0.010733786, _, _, 0.118761964, 0.022924708, _, 0.06358637,
                 _, _, _, 0.022143636, 0.017476924, 0.1258702, 0.014020768),
    "mimic_ch": (0.09121389, 0.010573786, _, 0.005023008, 0.003698257, _, _, 0.08001232, 0.037242252, _, 0.05006329,
                 _, _, _, 0.019866971, 0.03823637, 0.11303808, 0.0069147074),
}


@dataclass(frozen=True)
class Format:
    """What is known of a network besides its weights."""

    source: str
    licence: str
    architecture: str = None  # None: as its entries tell
    labels: tuple = LABELS  # of the outputs; None for a blank one
    lse: float = 0.0
    transition: bool = False
    size: int = None  # None: 224, or as the weights of a transformer tell
    crop: float = 1.0  # the part of the resized image's shorter side that the input covers
    input: dict = field(default_factory=lambda: {"channels": 3, "resize": "centreCrop", **IMAGENET})
    cutoffs: dict = None
    activation: str = "sigmoid"


def torchxrayvision(weights):
    points = XRV_OPERATING_POINTS[weights]
    labels = tuple(label if point is not None else None for label, point in zip(XRV_LABELS, points))
    return xrv_format("densenet121", f"densenet121-res224-{weights}", labels, points)


def xrv_format(architecture, name, labels, points, size=None):
    return Format(
        f"torchxrayvision {name}, https://github.com/mlmed/torchxrayvision",
        "Apache-2.0 (code); see the data sets for the weights", architecture, labels, size=size,
        input={"channels": 1, "resize": "centreCrop", "range": [-1024.0, 1024.0]},
        cutoffs={"chosenOn": "operating points published with the weights",
                 "probabilities": {label: point for label, point in zip(labels, points) if label}})


RES512, RES512_POINTS = "torchxrayvision-resnet50-res512-all", (
    0.51570356, 0.50444704, 0.53787947, 0.50723547, 0.5025118, 0.5035252, 0.5038076, 0.51862943, 0.5078151, 0.50724894,
    0.5056339, 0.510706, 0.5053923, 0.5020846, _, 0.5080557, 0.5138526, _)
NIH14 = {"channels": 3, "resize": "centreCrop", "interpolation": "bicubic", "mean": [0.5056] * 3, "std": [0.252] * 3}


def fine_tuned(architecture, name, address):
    """Networks of Medical MAE and of EVA-X, fine-tuned on ChestX-ray14: 256 px bicubic, the middle 224 px."""
    return Format(f"{name}, fine-tuned on ChestX-ray14, {address}", "see its authors", architecture, crop=224 / 256,
                  input=NIH14)


EVA_X, MEDICAL_MAE = ("EVA-X", "https://github.com/hustvl/EVA-X"), ("Medical MAE", "https://github.com/lambert-x/medical_mae")
FORMATS = {
    "arnoweng": Format("CheXNet, https://github.com/arnoweng/CheXNet", "not stated by its author", "densenet121"),
    "zoogzog": Format("CheXNet, https://github.com/zoogzog/chexnet", "not stated by its author", "densenet121"),
    "jrzech": Format("CheXNet, https://github.com/jrzech/reproduce-chexnet", "MIT (code)", "densenet121"),
    "resnet50": Format("ResNet-50 with average pooling, a state dict of torchvision's names", "as its trainer says",
                       "resnet50"),
    "resnet50-wang": Format("ResNet-50 with the transition layer and log-sum-exp pooling of Wang et al. 2017",
                            "as its trainer says", "resnet50", lse=10.0, transition=True),
    **{f"torchxrayvision-{weights}": torchxrayvision(weights) for weights in XRV_OPERATING_POINTS},
    RES512: xrv_format("resnet50", "resnet50-res512-all",
                       tuple(label if point else None for label, point in zip(XRV_LABELS, RES512_POINTS)), RES512_POINTS, 512),
    "eva-x-densenet121": fine_tuned("densenet121", *EVA_X),
    "eva-x-resnet50": fine_tuned("resnet50", *EVA_X),
    "medical-mae-densenet121": fine_tuned("densenet121", *MEDICAL_MAE),
    "medical-mae-resnet50": fine_tuned("resnet50", *MEDICAL_MAE),
    "medical-mae-vit-small": fine_tuned("vit_small", *MEDICAL_MAE),
    "medical-mae-vit-base": fine_tuned("vit_base", *MEDICAL_MAE),
}


def torchxrayvision_weights(thresholds):
    """The format of the weights that have these operating points (the buffer op_threshs of torchxrayvision's networks, NaN
    where there is none), or None."""
    given = [None if value != value else value for value in thresholds]
    known = {f"torchxrayvision-{weights}": points for weights, points in XRV_OPERATING_POINTS.items()}
    for name, points in {**known, RES512: RES512_POINTS}.items():
        if len(given) == len(points) and all(
                (a is None) == (b is None) and (a is None or abs(a - b) <= 1e-5 * b) for a, b in zip(given, points)):
            return name
    return None
