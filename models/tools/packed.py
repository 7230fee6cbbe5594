# SPDX-License-Identifier: Apache-2.0
"""Convolutions whose weights are brought into oneDNN's own layout when their file is loaded, for CPUs.

A file of such a network holds plain weights, so it depends on no processor. What they give is channels-last, and ReLU and
the sum of a residual block are done inside of them. Batch norms must have been folded into them.

Some 1 x 1 convolutions are done as products of matrices instead. oneDNN 3.7.1, which PyTorch 2.7.1 has, divides by 0 for
their numbers of channels where it takes blocks that are larger than a row of the map: the process ends with SIGFPE. Seen
on an AMD EPYC whose virtual machine reports no caches, at 224 and 512 px, with and without AVX-512; 3.12 does not.
"""
from typing import Optional, Tuple

import torch
from torch import Tensor, nn
import torch.nn.functional as F

DIVIDES_BY_ZERO = ((256, 1024), (512, 1024), (512, 2048), (1024, 512), (1024, 2048))  # channels in, channels out


class PackedConv(nn.Module):
    """A convolution with its bias, then ReLU if `relu`; what is `added` comes before the ReLU."""

    __constants__ = ["stride", "padding", "unary", "bfloat16", "product"]  # attributes are not there yet in __setstate__

    def __init__(self, conv: nn.Conv2d, relu: bool = False, dtype: torch.dtype = torch.float32):
        super().__init__()
        bias = conv.bias if conv.bias is not None else torch.zeros(conv.out_channels)
        self.stride, self.padding = conv.stride[0], conv.padding[0]
        self.unary = "relu" if relu else "none"
        self.bfloat16 = dtype == torch.bfloat16
        self.product = conv.kernel_size == (1, 1) and (conv.in_channels, conv.out_channels) in DIVIDES_BY_ZERO
        self.register_buffer("weight", conv.weight.detach().to(dtype))
        self.register_buffer("bias", bias.detach().to(dtype))

    def forward(self, x: Tensor, added: Optional[Tensor] = None) -> Tensor:
        padding, stride = [self.padding, self.padding], [self.stride, self.stride]
        if self.product:
            cells = x[:, :, ::self.stride, ::self.stride].permute(0, 2, 3, 1).contiguous()  # else a product for each row
            y = F.linear(cells, self.weight.flatten(1), self.bias).permute(0, 3, 1, 2)
            if added is not None:
                y.add_(added)
            return F.relu_(y) if self.unary == "relu" else y
        if not self.weight.is_mkldnn:  # not loaded from a file: the same by plain operators, on any processor
            y = F.conv2d(x, self.weight, self.bias, stride, padding)
            if added is not None:
                y = y + added
            return F.relu(y) if self.unary == "relu" else y
        if added is not None:
            return torch.ops.mkldnn._convolution_pointwise(
                x, added, self.weight, self.bias, padding, stride, [1, 1], 1, "add", 1.0, self.unary, [], "")
        return torch.ops.mkldnn._convolution_pointwise(
            x, self.weight, self.bias, padding, stride, [1, 1], 1, self.unary, [], "")

    @torch.jit.export
    def __getstate__(self) -> Tuple[Tensor, Tensor, bool]:
        weight = self.weight.to_dense() if self.weight.is_mkldnn else self.weight
        return weight, self.bias, self.training

    @torch.jit.export
    def __setstate__(self, state: Tuple[Tensor, Tensor, bool]) -> None:
        if self.bfloat16 and not torch.ops.mkldnn._is_mkldnn_bf16_supported():
            raise RuntimeError("this processor has no instructions for bfloat16")
        self.weight = state[0] if self.product else torch.ops.mkldnn._reorder_convolution_weight(
            state[0], [self.padding, self.padding], [self.stride, self.stride], [1, 1], 1, None)
        self.bias = state[1]
        self.training = state[2]
