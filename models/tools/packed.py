"""Convolutions whose weights are brought into oneDNN's own layout when their file is loaded, for CPUs.

A file of such a network holds plain weights, so it depends on no processor. What they give is channels-last, and ReLU and
the sum of a residual block are done inside of them. Batch norms must have been folded into them.
"""
from typing import Optional, Tuple

import torch
from torch import Tensor, nn
import torch.nn.functional as F


class PackedConv(nn.Module):
    """A convolution with its bias, then ReLU if `relu`; what is `added` comes before the ReLU."""

    __constants__ = ["stride", "padding", "unary", "bfloat16"]  # attributes are not there yet in __setstate__

    def __init__(self, conv: nn.Conv2d, relu: bool = False, dtype: torch.dtype = torch.float32):
        super().__init__()
        bias = conv.bias if conv.bias is not None else torch.zeros(conv.out_channels)
        self.stride, self.padding = conv.stride[0], conv.padding[0]
        self.unary = "relu" if relu else "none"
        self.bfloat16 = dtype == torch.bfloat16
        self.register_buffer("weight", conv.weight.detach().to(dtype))
        self.register_buffer("bias", bias.detach().to(dtype))

    def forward(self, x: Tensor, added: Optional[Tensor] = None) -> Tensor:
        padding, stride = [self.padding, self.padding], [self.stride, self.stride]
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
        self.weight = torch.ops.mkldnn._reorder_convolution_weight(
            state[0], [self.padding, self.padding], [self.stride, self.stride], [1, 1], 1, None)
        self.bias = state[1]
        self.training = state[2]
