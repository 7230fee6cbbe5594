# SPDX-License-Identifier: Apache-2.0
"""The recipes of models/train/train.py. Each may be changed in parts from the command line."""
import dataclasses


@dataclasses.dataclass
class Recipe:
    kind: str = "lite0"  # or lite2
    seed: int = 20261129
    stages: tuple = ((160, 5), (224, 2))  # side in pixels, epochs
    batch: int = 32
    rate: float = 6e-4  # of the trunk, which starts from ImageNet weights
    head_rate: float = 2e-3
    decay: float = 0.02
    warm_up: int = 300  # steps
    ema: float = 0.998
    joined: bool = False  # the features of the fifth stage also feed the last convolution
    lse: float = 0.0  # sharpness of log-sum-exp pooling; 0: average pooling, whose maps sum to the logit
    dropout: float = 0.0  # of channels before pooling
    source_bias: bool = True
    auxiliary: float = 0.05  # weight of age, sex and view as further targets
    mixup: float = 0.0  # share of batches
    flip: float = 0.0
    strong: float = 1.0  # scale of the geometric augmentation
    blur: float = 0.35  # share of images that are brought to the detail of 64 px
    borders: float = 0.2  # share of images whose borders are erased
    markers: float = 0.2  # share of images with a hidden patch where side markers and text stand
    equivariance: float = 0.0  # weight: maps of a mirrored and shifted image are the mirrored and shifted maps
    soft: float = 0.0  # part of the teachers in the targets
    maps: float = 0.0  # weight of the teachers' class maps


RECIPES = {
    "a": Recipe(),
    "b": Recipe(stages=((128, 9),), rate=1e-3, mixup=0.5, blur=0.5, decay=0.05, dropout=0.3),
    "student": Recipe(stages=((160, 6), (224, 3)), mixup=0.5, blur=0.5, decay=0.05, dropout=0.2, soft=0.7, maps=0.1),
}
