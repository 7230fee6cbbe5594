# SPDX-License-Identifier: Apache-2.0
"""EfficientNet-Lite (Tan and Le 2019; no squeeze and excitation, ReLU6) with the tensor names of its public weights.

x[B,1,S,S] in 0 ... 1 -> features[B,1280,S/16,S/16] >= 0: the last stride is 1, so that class maps keep a grid of S/16.
Padding is TensorFlow's "same". The stem reads one channel; its kernels are the sums over red, green and blue.
"""
from typing import Tuple

import torch
from torch import Tensor, nn
import torch.nn.functional as F

# repeats, kernel, stride, expansion, channels in, channels out; the stride of the sixth is 2 in the paper
BLOCKS = ((1, 3, 1, 1, 32, 16), (2, 3, 2, 6, 16, 24), (2, 5, 2, 6, 24, 40), (3, 3, 2, 6, 40, 80),
          (3, 5, 1, 6, 80, 112), (4, 5, 1, 6, 112, 192), (1, 3, 1, 6, 192, 320))
SCALES = {"lite0": (1.0, 1.0), "lite2": (1.1, 1.2)}  # width, depth
STEM, LAST, EPSILON = 32, 1280, 1e-3


def scaled(channels: int, width: float) -> int:
    """The nearest multiple of 8 that is not below nine tenths."""
    target = channels * width
    rounded = max(8, int(target + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * target else rounded


def border(side: int, kernel: int, stride: int) -> int:
    """The pixels that TensorFlow's padding adds along a side."""
    return max(((side + stride - 1) // stride - 1) * stride + kernel - side, 0)


class SameConv(nn.Conv2d):
    """A convolution with TensorFlow's padding: output of ceil(input / stride), the odd pixel behind."""

    def forward(self, x: Tensor) -> Tensor:
        down = border(x.shape[2], self.kernel_size[0], self.stride[0])
        across = border(x.shape[3], self.kernel_size[0], self.stride[0])
        if down + across > 0:
            x = F.pad(x, [across // 2, across - across // 2, down // 2, down - down // 2])
        return F.conv2d(x, self.weight, self.bias, self.stride, [0, 0], [1, 1], self.groups)


class CellLinear(nn.Linear):
    """
    A 1 x 1 convolution as one product of matrices over the cells of channels-last maps. PyTorch would bring maps and weights into
    another layout for each of them, and oneDNN 3.7 has slow kernels for some numbers of channels.
    """

    def __init__(self, convolution: nn.Conv2d):
        super().__init__(convolution.in_channels, convolution.out_channels)
        self.weight = nn.Parameter(convolution.weight.detach().flatten(1).clone())
        self.bias = nn.Parameter(torch.zeros(convolution.out_channels) if convolution.bias is None
                                 else convolution.bias.detach().clone())

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x.permute(0, 2, 3, 1), self.weight, self.bias).permute(0, 3, 1, 2)


def relu6_(x: Tensor) -> Tensor:
    return F.hardtanh_(x, 0.0, 6.0)


class Block(nn.Module):
    """An inverted residual (Sandler et al. 2018)."""

    def __init__(self, kernel: int, stride: int, expansion: int, inputs: int, outputs: int):
        super().__init__()
        wide = inputs * expansion
        self.expands = expansion > 1
        self._expand_conv = nn.Conv2d(inputs, wide, 1, bias=False) if self.expands else nn.Identity()
        self._bn0 = nn.BatchNorm2d(wide, EPSILON) if self.expands else nn.Identity()
        self._depthwise_conv = SameConv(wide, wide, kernel, stride, groups=wide, bias=False)
        self._bn1 = nn.BatchNorm2d(wide, EPSILON)
        self._project_conv = nn.Conv2d(wide, outputs, 1, bias=False)
        self._bn2 = nn.BatchNorm2d(outputs, EPSILON)
        self.skips = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = x
        if self.expands:
            y = F.relu6(self._bn0(self._expand_conv(y)))
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.skips else y


class CellBlock(nn.Module):
    """
    The same of a block whose batch norms are folded, in place and by products of matrices. Where the kernels need an uneven border, it
    is put around the few channels before they are expanded, and set to zeros behind that.
    """

    def __init__(self, block: Block):
        super().__init__()
        depthwise = block._depthwise_conv
        self.expands, self.skips = block.expands, block.skips
        self.kernel, self.stride = depthwise.kernel_size[0], depthwise.stride[0]
        self._expand_conv = CellLinear(block._expand_conv) if block.expands else nn.Identity()
        self._depthwise_conv = nn.Conv2d(depthwise.in_channels, depthwise.out_channels, self.kernel, self.stride,
                                         self.kernel // 2 if self.stride == 1 else 0, groups=depthwise.groups)
        self._depthwise_conv.weight, self._depthwise_conv.bias = depthwise.weight, depthwise.bias
        self._project_conv = CellLinear(block._project_conv)

    def forward(self, x: Tensor) -> Tensor:
        h, w = x.shape[2], x.shape[3]
        down, across = border(h, self.kernel, self.stride), border(w, self.kernel, self.stride)
        if self.stride > 1:
            x = F.pad(x, [across // 2, across - across // 2, down // 2, down - down // 2])
        y = relu6_(self._expand_conv(x)) if self.expands else x
        if self.expands and self.stride > 1:
            for rows in (y[:, :, :down // 2], y[:, :, down // 2 + h:], y[:, :, :, :across // 2], y[:, :, :, across // 2 + w:]):
                rows.zero_()
        y = self._project_conv(relu6_(self._depthwise_conv(y)))
        return y.add_(x) if self.skips else y


class Lite(nn.Module):
    """The trunk. `both` gives what the cell head reads besides: the outputs of the fifth and the last stage, joined.

    joined: the fifth stage also feeds the last convolution, by weights that start at zero.
    """

    def __init__(self, kind: str = "lite0", joined: bool = False):
        super().__init__()
        width, depth = SCALES[kind]
        self.kind, self.joined, self.multiplies = kind, joined, False
        self._conv_stem = SameConv(1, STEM, 3, 2, bias=False)
        self._bn0 = nn.BatchNorm2d(STEM, EPSILON)
        blocks, ends = [], []
        for stage, (repeats, kernel, stride, expansion, inputs, outputs) in enumerate(BLOCKS):
            inputs = inputs if stage == 0 else scaled(inputs, width)
            outputs = scaled(outputs, width)
            if 0 < stage < len(BLOCKS) - 1:
                repeats = -(-repeats * int(depth * 10) // 10)  # ceil
            for i in range(repeats):
                blocks.append(Block(kernel, stride if i == 0 else 1, expansion, inputs if i == 0 else outputs, outputs))
            ends.append((len(blocks), outputs))
        self.middle = ends[4][0]
        self.middle_channels, narrow = ends[4][1], ends[6][1]
        self.first_blocks, self.last_blocks = nn.Sequential(*blocks[:self.middle]), nn.Sequential(*blocks[self.middle:])
        self._conv_head = nn.Conv2d(narrow, LAST, 1, bias=False)
        self._bn1 = nn.BatchNorm2d(LAST, EPSILON)
        self.lateral = nn.Conv2d(self.middle_channels, LAST, 1, bias=False) if joined else nn.Identity()
        if joined:
            nn.init.zeros_(self.lateral.weight)
        self.channels, self.cell_channels = LAST, self.middle_channels + narrow

    def both(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        """(features for the cell head, last features)."""
        x = F.relu6(self._bn0(self._conv_stem(x * (255.0 / 128.0) - 127.0 / 128.0)))
        if self.multiplies:
            x = x.contiguous(memory_format=torch.channels_last)
        middle = self.first_blocks(x)
        narrow = self.last_blocks(middle)
        last = self._conv_head(narrow)
        if self.joined:
            last = last + self.lateral(middle)
        return torch.cat([middle, narrow], 1), F.relu6(self._bn1(last))

    def forward(self, x: Tensor) -> Tensor:
        return self.both(x)[1]

    def load_imagenet(self, path) -> None:
        """Loads the public weights (float16 convolutions of three input channels)."""
        state = {}
        for name, value in torch.load(path, map_location="cpu", weights_only=True).items():
            if name.startswith("_blocks."):
                _, number, rest = name.split(".", 2)
                number = int(number)
                name = (f"first_blocks.{number}.{rest}" if number < self.middle
                        else f"last_blocks.{number - self.middle}.{rest}")
            state[name] = value.float() if value.is_floating_point() else value
        state["_conv_stem.weight"] = state["_conv_stem.weight"].sum(1, keepdim=True)
        missing, unexpected = self.load_state_dict(state, strict=False)
        absent = [name for name in missing if not name.startswith("lateral.") and not name.endswith("num_batches_tracked")]
        if absent or unexpected:
            raise ValueError(f"{path} does not fit {self.kind}: missing {absent[:3]}, unexpected {unexpected[:3]}")

    def fold(self) -> None:
        """Puts the batch norms into their convolutions; in evaluation mode only."""
        self._conv_stem, self._bn0 = fused(self._conv_stem, self._bn0), nn.Identity()
        for module in self.modules():
            if isinstance(module, Block):
                if module.expands:
                    module._expand_conv, module._bn0 = fused(module._expand_conv, module._bn0), nn.Identity()
                module._depthwise_conv, module._bn1 = fused(module._depthwise_conv, module._bn1), nn.Identity()
                module._project_conv, module._bn2 = fused(module._project_conv, module._bn2), nn.Identity()
        if self.joined:
            norm = self._bn1
            scale = norm.weight / (norm.running_var + norm.eps).sqrt()
            self.lateral.weight = nn.Parameter(self.lateral.weight * scale[:, None, None, None])
        self._conv_head, self._bn1 = fused(self._conv_head, self._bn1), nn.Identity()

    def pad(self) -> None:
        """
        Gives the outputs of blocks channels of zeros up to a multiple of 16, after `fold`; what the network says stays the
        same. oneDNN's convolutions for AVX-512 (in PyTorch 2.7.1) read uninitialized memory for channels that are missing.
        """
        blocks = [*self.first_blocks, *self.last_blocks]
        for block, reader in zip(blocks, blocks[1:]):
            more = -block._project_conv.out_channels % 16
            if more:
                widen(block._project_conv, outputs=more)
                widen(reader._expand_conv, inputs=more)
        if -self.middle_channels % 16 and self.joined:
            widen(self.lateral, inputs=-self.middle_channels % 16)
        self.cell_channels += -self.middle_channels % 16
        self.middle_channels += -self.middle_channels % 16

    def multiply(self) -> None:
        """Does the 1 x 1 convolutions as products of matrices, after `pad`; for inference alone."""
        self.first_blocks = nn.Sequential(*(CellBlock(block) for block in self.first_blocks))
        self.last_blocks = nn.Sequential(*(CellBlock(block) for block in self.last_blocks))
        self._conv_head = CellLinear(self._conv_head)
        if self.joined:
            self.lateral = CellLinear(self.lateral)
        self.multiplies = True


def fused(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> nn.Conv2d:
    return torch.nn.utils.fuse_conv_bn_eval(convolution, norm)


def widen(convolution: nn.Conv2d, outputs: int = 0, inputs: int = 0) -> None:
    """Adds channels of zeros."""
    convolution.weight = nn.Parameter(F.pad(convolution.weight, (0, 0, 0, 0, 0, inputs, 0, outputs)))
    if convolution.bias is not None:
        convolution.bias = nn.Parameter(F.pad(convolution.bias, (0, outputs)))
    convolution.out_channels, convolution.in_channels = convolution.weight.shape[:2]
