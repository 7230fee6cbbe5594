# SPDX-License-Identifier: Apache-2.0
"""Gives a package's frozen TorchScript random weights, for the sanity check of Adebayo et al. 2018: a map that stays the same
is no picture of what the network learnt.

A frozen file holds the head's weights, and what its methods make of them (cam.py), as constants of each method's graph. All
of them are replaced in place, before the first call.
"""
import torch
import torch.nn.functional as F

from cam import Head


def finer(weight):
    head = Head(weight.shape[1], weight.shape[0])
    head.linear.weight.copy_(weight)
    return head.finer_weights()


def norms(weight):
    return weight.norm(dim=1, keepdim=True)


# In which a head's weights stand in the graphs; how far Finer-CAM's is computed beforehand depends on the rest of the graph.
FORMS = (lambda weight: weight, F.relu, finer, norms)


def graph(module, function):
    return getattr(module, function).graph


def weights(module, *kinds):
    """The constant weights of the nodes of some kinds in `forward`, in their order."""
    nodes = [list(node.inputs())[1].node() for node in graph(module, "forward").nodes() if node.kind() in kinds]
    return [node.t("value") for node in nodes if is_tensor(node)]


def is_tensor(node):
    return node.kind() == "prim::Constant" and node.hasAttribute("value") and node.kindOf("value") == "t"


def heads(module, labels):
    """Weights [labels, C] of the linear heads, one of each network."""
    return [weight for weight in weights(module, "aten::linear") if weight.dim() == 2 and weight.shape[0] == labels]


def kernels(module, labels):
    """Weights of the convolutions, and of products in place of them, but for the heads and what class maps read of these."""
    maps = [form(weight) for weight in heads(module, labels) for form in FORMS]
    return [weight for weight in weights(module, "aten::conv2d", "aten::linear") if not any(same(weight, each) for each in maps)]


def same(constant, weight):
    """Whether a constant holds these weights, whatever its dimensions of size 1; folding may round otherwise."""
    constant, weight = constant.squeeze(), weight.squeeze()
    return constant.dtype == weight.dtype and constant.shape == weight.shape and torch.allclose(constant, weight, 1e-5, 1e-7)


def drawn(weight, generator):
    """Normal numbers with the mean and deviation of the weights."""
    return weight.mean() + weight.std() * torch.randn(weight.shape, generator=generator)


@torch.no_grad()
def randomize(module, functions, labels, seed, everything=False):
    """
    Replaces the weights of each linear head of `labels` outputs, or of each convolution too, and returns the module.

    Biases stay. What a method has of its own, as a cell head, stays too. A package without such a head is refused.
    """
    generator = torch.Generator().manual_seed(seed)
    replaced = []
    for weight in heads(module, labels):
        new = drawn(weight, generator)
        replaced += [(form(weight).clone(), form(new)) for form in FORMS]
    if not replaced:
        raise ValueError("forward has no linear head with constant weights")
    if everything:
        replaced += [(weight.clone(), drawn(weight, generator)) for weight in kernels(module, labels)]
    for function in functions:
        for node in filter(is_tensor, graph(module, function).findAllNodes("prim::Constant")):
            constant = node.t("value")
            new = next((new for old, new in replaced if same(constant, old)), None)
            if new is not None:
                constant.copy_(new.reshape(constant.shape))
    return module
