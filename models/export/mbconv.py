# SPDX-License-Identifier: Apache-2.0
"""EfficientNet-B0 to B4 and Lite0 to Lite4 (Tan and Le 2019) with timm's module names.

x[B,C,S,S] -> features[B,channels,S/32,S/32]: after SiLU, or after ReLU6 (>= 0) in Lite, which has no squeeze and excitation.
Networks that were ported from TensorFlow (timm: tf_) pad asymmetrically and have another epsilon; their tensors have the
same names and shapes.
"""
import torch
from torch import Tensor, nn
import torch.nn.functional as F

# repeats, kernel, stride, expansion, channels out
STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
          (1, 3, 1, 6, 320))
SCALES = {0: (1.0, 1.0), 1: (1.0, 1.1), 2: (1.1, 1.2), 3: (1.2, 1.4), 4: (1.4, 1.8)}  # width, depth
STEM, LAST = 32, 1280
TF = "tf_"
NAMES = tuple(f"efficientnet_{kind}{n}" for kind in ("b", "lite") for n in SCALES)
LANES = 16  # oneDNN's convolutions for AVX-512 (in PyTorch 2.7.1) read uninitialized memory beside other numbers of channels


def scaled(channels: int, width: float) -> int:
    """The nearest multiple of 8 that is not below nine tenths."""
    target = channels * width
    rounded = max(8, int(target + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * target else rounded


class Conv(nn.Conv2d):
    """A convolution that pads by half of its kernel, or as TensorFlow does: ceil(input / stride), the odd pixel behind."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, groups: int, same: bool):
        super().__init__(inputs, outputs, kernel, stride, 0 if same else kernel // 2, 1, groups, bias=False)
        self.same = same

    def forward(self, x: Tensor) -> Tensor:
        if self.same:
            kernel, stride = self.kernel_size[0], self.stride[0]
            h, w = x.shape[2], x.shape[3]
            down = max(((h + stride - 1) // stride - 1) * stride + kernel - h, 0)
            across = max(((w + stride - 1) // stride - 1) * stride + kernel - w, 0)
            x = F.pad(x, [across // 2, across - across // 2, down // 2, down - down // 2])
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class SqueezeExcite(nn.Module):
    """Products of matrices and no convolutions, see LANES."""

    def __init__(self, wide: int, narrow: int):
        super().__init__()
        self.conv_reduce, self.conv_expand = nn.Conv2d(wide, narrow, 1), nn.Conv2d(narrow, wide, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = F.silu(F.linear(x.mean((2, 3)), self.conv_reduce.weight.flatten(1), self.conv_reduce.bias))
        return x * torch.sigmoid(F.linear(y, self.conv_expand.weight.flatten(1), self.conv_expand.bias))[:, :, None, None]


class Shape:
    """What all blocks of a network share."""

    def __init__(self, lite: bool, same: bool, epsilon: float):
        self.lite, self.same, self.epsilon = lite, same, epsilon

    def norm(self, channels: int) -> nn.BatchNorm2d:
        return nn.BatchNorm2d(channels, self.epsilon)

    def activation(self) -> nn.Module:
        return nn.ReLU6() if self.lite else nn.SiLU()

    def squeeze(self, wide: int, inputs: int) -> nn.Module:
        return nn.Identity() if self.lite else SqueezeExcite(wide, max(1, inputs // 4))


class Separable(nn.Module):
    """The blocks of the first stage, which do not expand."""

    def __init__(self, shape: Shape, kernel: int, stride: int, inputs: int, outputs: int):
        super().__init__()
        self.conv_dw, self.bn1 = Conv(inputs, inputs, kernel, stride, inputs, shape.same), shape.norm(inputs)
        self.se = shape.squeeze(inputs, inputs)
        self.conv_pw, self.bn2 = Conv(inputs, outputs, 1, 1, 1, shape.same), shape.norm(outputs)
        self.act = shape.activation()
        self.skips = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv_pw(self.se(self.act(self.bn1(self.conv_dw(x))))))
        return x + y if self.skips else y

    def fold(self) -> None:
        self.conv_dw, self.bn1 = fuse(self.conv_dw, self.bn1), nn.Identity()
        self.conv_pw, self.bn2 = fuse(self.conv_pw, self.bn2), nn.Identity()


class Inverted(nn.Module):
    """An inverted residual (Sandler et al. 2018)."""

    def __init__(self, shape: Shape, kernel: int, stride: int, expansion: int, inputs: int, outputs: int):
        super().__init__()
        wide = inputs * expansion
        self.conv_pw, self.bn1 = Conv(inputs, wide, 1, 1, 1, shape.same), shape.norm(wide)
        self.conv_dw, self.bn2 = Conv(wide, wide, kernel, stride, wide, shape.same), shape.norm(wide)
        self.se = shape.squeeze(wide, inputs)
        self.conv_pwl, self.bn3 = Conv(wide, outputs, 1, 1, 1, shape.same), shape.norm(outputs)
        self.act = shape.activation()
        self.skips = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = self.act(self.bn2(self.conv_dw(self.act(self.bn1(self.conv_pw(x))))))
        y = self.bn3(self.conv_pwl(self.se(y)))
        return x + y if self.skips else y

    def fold(self) -> None:
        self.conv_pw, self.bn1 = fuse(self.conv_pw, self.bn1), nn.Identity()
        self.conv_dw, self.bn2 = fuse(self.conv_dw, self.bn2), nn.Identity()
        self.conv_pwl, self.bn3 = fuse(self.conv_pwl, self.bn3), nn.Identity()


class EfficientNet(nn.Module):
    def __init__(self, name: str, channels: int):
        super().__init__()
        plain, same = name.removeprefix(TF), name.startswith(TF)
        lite = "lite" in plain
        width, depth = SCALES[int(plain[-1])]
        shape = Shape(lite, same, 1e-3 if same else 1e-5)
        stem = STEM if lite else scaled(STEM, width)
        self.conv_stem, self.bn1 = Conv(channels, stem, 3, 2, 1, same), shape.norm(stem)
        stages, inputs = [], stem
        for i, (repeats, kernel, stride, expansion, outputs) in enumerate(STAGES):
            outputs = scaled(outputs, width)
            if not lite or 0 < i < len(STAGES) - 1:
                repeats = -(-repeats * int(depth * 10) // 10)  # ceil
            blocks = []
            for n in range(repeats):
                step = stride if n == 0 else 1
                blocks.append(Separable(shape, kernel, step, inputs, outputs) if expansion == 1 else
                              Inverted(shape, kernel, step, expansion, inputs, outputs))
                inputs = outputs
            stages.append(nn.Sequential(*blocks))
        self.blocks = nn.Sequential(*stages)
        self.channels = LAST if lite else scaled(LAST, width)
        self.conv_head, self.bn2 = Conv(inputs, self.channels, 1, 1, 1, same), shape.norm(self.channels)
        self.act = shape.activation()

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(self.act(self.bn1(self.conv_stem(x))))
        return self.act(self.bn2(self.conv_head(x)))

    def fold(self) -> None:
        """Puts the batch norms into the convolutions, and gives these channels of zeros up to a multiple of LANES."""
        self.conv_stem, self.bn1 = fuse(self.conv_stem, self.bn1), nn.Identity()
        self.conv_head, self.bn2 = fuse(self.conv_head, self.bn2), nn.Identity()
        for stage in self.blocks:
            for block in stage:
                block.fold()
        for module in self.modules():
            if isinstance(module, Conv):
                widen(module, read=module is not self.conv_stem)
            elif isinstance(module, SqueezeExcite):
                widen_squeeze(module)


def fuse(convolution: Conv, norm: nn.BatchNorm2d) -> Conv:
    return torch.nn.utils.fuse_conv_bn_eval(convolution, norm)


def missing(channels: int) -> int:
    return -channels % LANES


def widen(convolution: Conv, read: bool) -> None:
    """Channels of zeros stay zeros: SiLU and ReLU6 of 0 are 0."""
    weight = convolution.weight
    inputs = missing(weight.shape[1]) if convolution.groups == 1 and read else 0
    convolution.weight = nn.Parameter(F.pad(weight, (0, 0, 0, 0, 0, inputs, 0, missing(weight.shape[0]))))
    convolution.bias = nn.Parameter(F.pad(convolution.bias, (0, missing(weight.shape[0]))))
    if convolution.groups > 1:
        convolution.groups = convolution.weight.shape[0]


def widen_squeeze(squeeze: SqueezeExcite) -> None:
    more = missing(squeeze.conv_reduce.weight.shape[1])
    squeeze.conv_reduce.weight = nn.Parameter(F.pad(squeeze.conv_reduce.weight, (0, 0, 0, 0, 0, more)))
    squeeze.conv_expand.weight = nn.Parameter(F.pad(squeeze.conv_expand.weight, (0, 0, 0, 0, 0, 0, 0, more)))
    squeeze.conv_expand.bias = nn.Parameter(F.pad(squeeze.conv_expand.bias, (0, more)))
