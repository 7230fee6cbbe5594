# SPDX-License-Identifier: Apache-2.0
"""Vision transformers with patches and a class token (Dosovitskiy et al. 2021), with timm's module names."""
import math
from collections import OrderedDict

import torch
from torch import Tensor, nn
import torch.nn.functional as F

WIDTHS = {"vit_tiny": 192, "vit_small": 384, "vit_base": 768}  # each head is 64 wide
EPSILON = 1e-6


class Attention(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.heads = width // 64
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        shares = torch.softmax(torch.matmul(q * (c // self.heads) ** -0.5, k.transpose(2, 3)), -1)
        return self.proj(torch.matmul(shares, v).transpose(1, 2).reshape(b, n, c))


class Mlp(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width, EPSILON), Attention(width)
        self.norm2, self.mlp = nn.LayerNorm(width, EPSILON), Mlp(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Transformer(nn.Module):
    """x[B,C,S,S] -> tokens[B,width,1 + cells]: the class token, then those of the patches, row by row."""

    def __init__(self, name: str, channels: int, depth: int, patch: int, cells: int):
        super().__init__()
        width = WIDTHS[name]
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + cells, width))
        self.patch_embed = nn.Sequential(OrderedDict(proj=nn.Conv2d(channels, width, patch, patch)))
        self.blocks = nn.Sequential(*(Block(width) for _ in range(depth)))
        self.channels = width

    def tokens(self, x: Tensor) -> Tensor:
        patches = self.patch_embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), patches], 1) + self.pos_embed
        return self.blocks(x)

    def fold(self) -> None:
        """There are no batch norms."""


class ClassToken(Transformer):
    """-> tokens[B,width,1 + cells] after the last norm; the head reads the first."""

    def __init__(self, name: str, channels: int, depth: int, patch: int, cells: int):
        super().__init__(name, channels, depth, patch, cells)
        self.norm = nn.LayerNorm(self.channels, EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.tokens(x)).transpose(1, 2)


class PatchMean(Transformer):
    """-> features[B,width,h,w]: the patches' tokens, whose mean the head reads after a norm."""

    def forward(self, x: Tensor) -> Tensor:
        tokens = self.tokens(x)[:, 1:].transpose(1, 2)
        side = int(math.sqrt(tokens.shape[2]))
        return tokens.reshape(tokens.shape[0], tokens.shape[1], side, side)


def resized_positions(positions: Tensor, cells: int) -> Tensor:
    """Position embeddings of another grid: antialiased bicubic, as timm's, the class token's kept."""
    old, new = math.isqrt(positions.shape[1] - 1), math.isqrt(cells)
    grid = positions[:, 1:].reshape(1, old, old, -1).permute(0, 3, 1, 2)
    grid = F.interpolate(grid, size=(new, new), mode="bicubic", antialias=True)
    return torch.cat([positions[:, :1], grid.permute(0, 2, 3, 1).reshape(1, cells, -1)], 1)
