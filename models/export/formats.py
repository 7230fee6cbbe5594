"""The public checkpoints that export.py knows: what is in their files, and how their authors fed images to them."""
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
    architecture: str  # densenet121 or resnet50
    source: str
    licence: str
    prefix: str = ""  # of every key of the state dict
    labels: tuple = LABELS  # of the outputs; None for a blank one
    head: str = "classifier"
    lse: float = 0.0
    transition: bool = False
    input: dict = field(default_factory=lambda: {"channels": 3, "resize": "centreCrop", **IMAGENET})
    cutoffs: dict = None


def torchxrayvision(weights):
    points = XRV_OPERATING_POINTS[weights]
    labels = tuple(label if point is not None else None for label, point in zip(XRV_LABELS, points))
    return Format(
        "densenet121", f"torchxrayvision densenet121-res224-{weights}, https://github.com/mlmed/torchxrayvision",
        "Apache-2.0 (code); see the data sets for the weights", labels=labels,
        input={"channels": 1, "resize": "centreCrop", "range": [-1024.0, 1024.0]},
        cutoffs={"chosenOn": "operating points published with the weights",
                 "probabilities": {label: point for label, point in zip(labels, points) if label}})


FORMATS = {
    "arnoweng": Format("densenet121", "CheXNet, https://github.com/arnoweng/CheXNet", "not stated by its author",
                       prefix="module.densenet121."),
    "zoogzog": Format("densenet121", "CheXNet, https://github.com/zoogzog/chexnet", "not stated by its author",
                      prefix="module.densenet121."),
    "jrzech": Format("densenet121", "CheXNet, https://github.com/jrzech/reproduce-chexnet", "MIT (code)"),
    "resnet50": Format("resnet50", "ResNet-50 with average pooling, a state dict of torchvision's names",
                       "as its trainer says", head="fc"),
    "resnet50-wang": Format("resnet50", "ResNet-50 with the transition layer and log-sum-exp pooling of Wang et al. "
                            "2017", "as its trainer says", lse=10.0, transition=True),
    **{f"torchxrayvision-{weights}": torchxrayvision(weights) for weights in XRV_OPERATING_POINTS},
}
