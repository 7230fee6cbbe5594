# SPDX-License-Identifier: Apache-2.0
"""Images of which a part is removed, in the order in which a map ranks their pixels; faithfulness.py scores networks on them.

Images are brightness float32[S, S] in 0 to 1, surfaces are maps of the same size, and masks are bool[n, S, S].
check_faithfulness.py holds all of this against definitions and against pytorch-grad-cam.
"""
import torch
import torch.nn.functional as F

SHARES = (0.2, 0.4, 0.6, 0.8)  # of the pixels that are removed; at 0 and 1 an image does not depend on the map
NOISE = 0.01  # the deviation of ROAD's noise, of the range from black to white
BLUR = 1 / 20  # the deviation of the blur, of the image's side
TOLERANCE = 1e-6  # the largest residual of an imputed pixel
ITERATIONS = 200
BETWEEN = torch.tensor([1.0, 3.0, 3.0, 1.0]).outer(torch.tensor([1.0, 3.0, 3.0, 1.0]))[None, None] / 16  # bilinear, to twice the side


def surface(grid, side):
    """float32[h, w] -> float32[side, side]: bilinear between the centres of cells, as the service reads a map."""
    return F.interpolate(grid[None, None], size=[side, side], mode="bilinear", align_corners=False)[0, 0]


def ranks(values, generator):
    """int64[S, S]: 0 is the pixel with the largest value; equal values are in random order."""
    shuffled = torch.randperm(values.numel(), generator=generator)
    order = shuffled[torch.argsort(values.flatten()[shuffled], descending=True, stable=True)]
    rank = torch.empty_like(order)
    rank[order] = torch.arange(len(order))
    return rank.reshape(values.shape)


def highest(rank, shares=SHARES):
    """Masks of the pixels that rank highest, one for each share."""
    return torch.stack([rank < round(share * rank.numel()) for share in shares])


def lowest(rank, shares=SHARES):
    return highest(rank.numel() - 1 - rank, shares)


def area(curve):
    """The area under curve[..., n] over equal steps from 0 to 1, by trapezoids."""
    return (curve.sum(-1) - (curve[..., 0] + curve[..., -1]) / 2) / (curve.shape[-1] - 1)


def blurred(image):
    """Gaussian blur, the edges reflected, the kernel cut at three deviations."""
    deviation = BLUR * image.shape[0]
    reach = round(3 * deviation)
    kernel = torch.exp(-0.5 * (torch.arange(-reach, reach + 1, dtype=image.dtype) / deviation) ** 2)
    kernel = kernel / kernel.sum()
    x = F.pad(image[None, None], [reach] * 4, mode="reflect")
    return F.conv2d(F.conv2d(x, kernel[None, None, :, None]), kernel[None, None, None, :])[0, 0]


def unit(values):
    """The map's positive part over its maximum; zeros where there is none."""
    positive = F.relu(values)
    return positive / positive.max().clamp_min(torch.finfo(values.dtype).tiny)


def neighbours(x):
    """The sum of the eight neighbours in x[n, 1, h, w], weighted 1/6 along the axes and 1/12 across, as in ROAD; 0 outside."""
    down = x.clone()
    down[..., 1:, :].add_(x[..., :-1, :], alpha=0.5)
    down[..., :-1, :].add_(x[..., 1:, :], alpha=0.5)
    both = down.clone()
    both[..., 1:].add_(down[..., :-1], alpha=0.5)
    both[..., :-1].add_(down[..., 1:], alpha=0.5)
    return both.sub_(x).div_(3)


def levels(missing):
    """[(missing, weight of the neighbours in the image)] at the image's side, half of it, and so on."""
    found = []
    while True:
        found.append((missing, neighbours(torch.ones_like(missing[:1]))))
        if min(missing.shape[2:]) <= 8 or missing.shape[2] % 2 or missing.shape[3] % 2:
            return found
        missing = (F.avg_pool2d(missing, 2) == 1).to(missing.dtype)


def approximate(grids, right):
    """One cycle of multigrid, with Jacobi's iteration before and after: close to the solution for these right sides."""
    missing, total = grids[0]

    def smoothed(x):
        return x + missing * (right - total * x + neighbours(x)) / total
    x = right / total
    if len(grids) > 1:
        rest = missing * (right - total * x + neighbours(x))
        coarse = approximate(grids[1:], grids[1][0] * F.conv2d(rest, BETWEEN, stride=2, padding=1))
        x = x + missing * F.conv_transpose2d(coarse, BETWEEN, stride=2, padding=1)
    else:
        for _ in range(8):
            x = smoothed(x)
    return smoothed(x)


def harmonic(image, missing):
    """
    Fills missing pixels so that each is the weighted mean of its neighbours: image and missing (0 or 1) are [n, 1, h, w].

    The linear equations are symmetric and positive definite. Conjugate gradients solve them, preconditioned by multigrid.
    """
    grids, x = levels(missing), image * (1 - missing)
    total = grids[0][1]
    residual = missing * neighbours(x)
    direction = step = approximate(grids, residual)
    product = (residual * step).sum((1, 2, 3), keepdim=True)
    for _ in range(ITERATIONS):
        if residual.abs().max() < TOLERANCE:
            return x
        change = missing * (total * direction - neighbours(direction))
        length = product / (direction * change).sum((1, 2, 3), keepdim=True).clamp_min(1e-30)
        x, residual = x + length * direction, residual - length * change
        step, before = approximate(grids, residual), product
        product = (residual * step).sum((1, 2, 3), keepdim=True)
        direction = step + product / before.clamp_min(1e-30) * direction
    raise ArithmeticError(f"the imputation did not converge: {float(residual.abs().max()):.0e}")


def imputed(image, masks, generator, noise=NOISE):
    """ROAD's noisy linear imputation (Rong et al. 2022) of the masked pixels: float32[n, S, S]."""
    missing = masks[:, None].to(image.dtype)
    filled = harmonic(image.expand(len(masks), 1, -1, -1), missing)
    return (filled + noise * missing * torch.randn(filled.shape, generator=generator, dtype=image.dtype))[:, 0]


def perturbed(image, surfaces, generator, noise=NOISE):
    """
    All images of one image and its surfaces [M, S, S] that faithfulness.py looks at: float32[M, n, S, S], where n is one for each
    share of deletion, of insertion, of ROAD by highest and by lowest, then the product.
    """
    blur, mean, found = blurred(image), image.mean(), []
    for values in surfaces:
        rank = ranks(values, generator)
        high, low = highest(rank), lowest(rank)
        road = imputed(image, torch.cat([high, low]), generator, noise)
        found.append(torch.cat([torch.where(high, mean, image), torch.where(high, image, blur), road,
                                (image * unit(values))[None]]))
    return torch.stack(found)
