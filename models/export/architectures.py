# SPDX-License-Identifier: Apache-2.0
"""Recognizes the architecture of a state dict by its entries, and builds its network.

Every family has one set of names, timm's, and reads those of torchvision besides (ConvNeXt's authors', too). The head is the
one linear layer that is no part of the trunk, whatever its name.
"""
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import convnext  # noqa: E402
import densenet  # noqa: E402
import mbconv  # noqa: E402
import resnet  # noqa: E402
import vit  # noqa: E402
from cam import Head, Mapped  # noqa: E402
from checkpoints import Refused, check, faults_of  # noqa: E402
from heads import ClassTokenHead, LinearNetwork, NormHead, SignedNetwork  # noqa: E402

# Wrappers that training code puts around a network: DataParallel, Lightning, attributes of a classifier, CheXNet.
PREFIXES = ("module.", "model.", "backbone.", "encoder.", "net.", "network.", "_orig_mod.", "densenet121.")
TRANSITION = "transition.weight"


@dataclass(frozen=True)
class Family:
    sign: str  # a pattern of entries that no other family has
    names: tuple  # of its architectures
    trunk: object  # (name, state, size) -> module
    renames: tuple = ()  # (pattern, replacement), on each entry, one after the other
    entry: str = ""  # of the first convolution, whose second dimension is the number of channels


def torchvision_efficientnet():
    separable, inverted = r"^features\.1\.(\d+)\.block\.", r"^features\.([2-7])\.(\d+)\.block\."
    stage = {str(i): str(i - 1) for i in range(2, 8)}
    renames = [(r"^features\.0\.0\.", "conv_stem."), (r"^features\.0\.1\.", "bn1."), (r"^features\.8\.0\.", "conv_head."),
               (r"^features\.8\.1\.", "bn2.")]
    for old, new in (("0.0", "conv_dw"), ("0.1", "bn1"), ("1.fc1", "se.conv_reduce"), ("1.fc2", "se.conv_expand"),
                     ("2.0", "conv_pw"), ("2.1", "bn2")):
        renames.append((separable + re.escape(old) + r"\.", rf"blocks.0.\1.{new}."))
    for old, new in (("0.0", "conv_pw"), ("0.1", "bn1"), ("1.0", "conv_dw"), ("1.1", "bn2"), ("2.fc1", "se.conv_reduce"),
                     ("2.fc2", "se.conv_expand"), ("3.0", "conv_pwl"), ("3.1", "bn3")):
        renames.append((inverted + re.escape(old) + r"\.",
                        lambda found, new=new: f"blocks.{stage[found[1]]}.{found[2]}.{new}."))
    return tuple(renames)


def torchvision_convnext():
    block = r"^features\.([1357])\.(\d+)\."

    def at(part):
        return lambda found: f"stages.{int(found[1]) // 2}.blocks.{found[2]}.{part}"

    return ((r"^features\.0\.([01])\.", r"stem.\1."), (block + r"layer_scale$", at("gamma")),
            (block + r"block\.0\.", at("conv_dw.")), (block + r"block\.2\.", at("norm.")),
            (block + r"block\.3\.", at("mlp.fc1.")), (block + r"block\.5\.", at("mlp.fc2.")),
            (r"^features\.([246])\.([01])\.", lambda found: f"stages.{int(found[1]) // 2}.downsample.{found[2]}."),
            (r"^classifier\.0\.", "head.norm."),
            # its authors'
            (r"^downsample_layers\.0\.", "stem."), (r"^downsample_layers\.(\d)\.", r"stages.\1.downsample."),
            (r"^stages\.(\d)\.(\d+)\.dwconv\.", r"stages.\1.blocks.\2.conv_dw."),
            (r"^stages\.(\d)\.(\d+)\.pwconv([12])\.", r"stages.\1.blocks.\2.mlp.fc\3."),
            (r"^stages\.(\d)\.(\d+)\.(norm|gamma)", r"stages.\1.blocks.\2.\3"), (r"^norm\.", "head.norm."))


TORCHVISION_VIT = (
    (r"^class_token$", "cls_token"), (r"^encoder\.pos_embedding$", "pos_embed"), (r"^conv_proj\.", "patch_embed.proj."),
    (r"^encoder\.layers\.encoder_layer_(\d+)\.", r"blocks.\1."), (r"^(blocks\.\d+)\.ln_([12])\.", r"\1.norm\2."),
    (r"^(blocks\.\d+)\.self_attention\.in_proj_", r"\1.attn.qkv."),
    (r"^(blocks\.\d+)\.self_attention\.out_proj\.", r"\1.attn.proj."),
    (r"^(blocks\.\d+)\.mlp\.(0|linear_1)\.", r"\1.mlp.fc1."), (r"^(blocks\.\d+)\.mlp\.(3|linear_2)\.", r"\1.mlp.fc2."),
    (r"^encoder\.ln\.", "norm."))


def transformer(name, state, size):
    patch = state["patch_embed.proj.weight"].shape[2]
    if size % patch:
        raise Refused(f"the input of {size} px is not a multiple of its patches of {patch} px")
    depth = 1 + max((int(key.split(".")[1]) for key in state if re.match(r"blocks\.\d+\.", key)), default=0)
    kind = vit.PatchMean if "fc_norm.weight" in state else vit.ClassToken
    return kind(name, state["patch_embed.proj.weight"].shape[1], depth, patch, (size // patch) ** 2)


def resnet_trunk(name, state, _):
    transition = state[TRANSITION].shape[0] if TRANSITION in state else 0
    return resnet.ResNet(name, state["conv1.weight"].shape[1], transition)


FAMILIES = {
    "densenet": Family(r"features\.denseblock1\.denselayer1\.", tuple(densenet.BLOCKS),
                       lambda name, state, _: densenet.DenseNet(name, state["features.conv0.weight"].shape[1]),
                       ((r"(\.denselayer\d+\.)(norm|conv)\.([12])\.", r"\1\2\3."),), "features.conv0.weight"),
    "resnet": Family(r"layer1\.0\.conv1\.weight$", tuple(resnet.BLOCKS), resnet_trunk, (), "conv1.weight"),
    "efficientnet": Family(r"(conv_stem\.weight|blocks\.0\.0\.conv_dw\.weight|features\.1\.0\.block\.0\.0\.weight)$",
                           mbconv.NAMES, lambda name, state, _: mbconv.EfficientNet(name, state["conv_stem.weight"].shape[1]),
                           torchvision_efficientnet(), "conv_stem.weight"),
    "convnext": Family(r"(stages\.0\.blocks\.0\.gamma|features\.1\.0\.layer_scale|stages\.0\.0\.gamma)$",
                       tuple(convnext.DEPTHS), lambda name, state, _: convnext.ConvNeXt(name, state["stem.0.weight"].shape[1]),
                       torchvision_convnext(), "stem.0.weight"),
    "vit": Family(r"(cls_token|class_token)$", tuple(vit.WIDTHS), transformer, TORCHVISION_VIT, "patch_embed.proj.weight"),
}
NAMES = sorted({name for family in FAMILIES.values() for name in family.names}
               | {mbconv.TF + name for name in mbconv.NAMES})


def family_of(name):
    return next(family for family in FAMILIES.values() if name.removeprefix(mbconv.TF) in family.names)


def without_prefixes(state):
    """The state dict without the prefixes that most of its entries have; entries without them keep their names, and are
    returned by name as left out if they are no part of a network's head."""
    left = []
    while True:
        found = Counter(prefix for key in state for prefix in PREFIXES if key.startswith(prefix))
        if not found or any(key.startswith("encoder.layers.") for key in state):  # torchvision's ViT has that name itself
            return state, left
        prefix, count = found.most_common(1)[0]
        if 2 * count <= len(state):
            return state, left
        renamed = {}
        for key, value in state.items():
            if key.startswith(prefix):
                renamed[key[len(prefix):]] = value
            elif re.match(r"(classifier|fc|head|heads)\b", key):
                renamed[key] = value
            else:
                left.append(key)
        state = renamed


def recognised(state):
    """The family of a state dict, and the state dict with the family's names; raises Refused."""
    for key, family in FAMILIES.items():
        if any(re.match(family.sign, name) for name in state):
            renamed = {}
            for name, value in state.items():
                for pattern, replacement in family.renames:
                    name = re.sub(pattern, replacement, name)
                renamed[name] = value
            if family.entry not in renamed:
                raise Refused(f"it looks like a {key}, but {family.entry} is missing")
            return family, renamed
    some = ", ".join(list(state)[:3])
    raise Refused(f"it is of no architecture that is known here ({', '.join(FAMILIES)}); its entries are {some} …")


def head_of(state, trunk):
    """The name of the head: a linear layer that the trunk does not have."""
    layers = [name[:-len(".weight")] for name, value in state.items()
              if name.endswith(".weight") and name not in trunk and value.dim() == 2]
    if len(layers) > 1:
        raise Refused(f"its head has {len(layers)} linear layers ({', '.join(layers)}); class maps need a single one")
    return layers[0] if layers else None


def norm_of(trunk, state):
    """The name of the norm between the pooled features and the head, or None."""
    if isinstance(trunk, convnext.ConvNeXt):
        return "head.norm"
    return "fc_norm" if isinstance(trunk, vit.PatchMean) else None


def placed(state, trunk):
    """Entries whose values are another view of the trunk's: torchvision's layer scales, position embeddings of another grid."""
    result = dict(state)
    for name, value in state.items():
        if name.endswith(".gamma") and value.dim() == 3:
            result[name] = value.flatten()
    if isinstance(trunk, vit.Transformer):
        have, cells = result.get("pos_embed"), trunk.pos_embed.shape[1] - 1
        if have is not None and have.dim() == 3 and have.shape[1] != cells + 1 and have.shape[2] == trunk.channels:
            if int((have.shape[1] - 1) ** 0.5) ** 2 != have.shape[1] - 1:
                raise Refused(f"its {have.shape[1]} position embeddings are not of a class token and a square of patches")
            result["pos_embed"] = vit.resized_positions(have.float(), cells)
    return result


def expectation(name, family, state, size):
    """An empty trunk of a name, the state dict brought to its form, and what is expected of it, with the head if found."""
    with torch.device("meta"):
        trunk = family.trunk(name, state, size)
    state = placed(state, trunk)
    expected = dict(trunk.state_dict())
    norm, head = norm_of(trunk, state), head_of(state, expected)
    if norm:
        expected.update({f"{norm}.{part}": torch.empty(trunk.channels) for part in ("weight", "bias")})
    outputs = state[f"{head}.weight"].shape[0] if head else 0
    if head:
        expected.update({f"{head}.weight": torch.empty(outputs, trunk.channels), f"{head}.bias": torch.empty(outputs)})
    return trunk, state, expected, norm, head


@dataclass(frozen=True)
class Found:
    """A state dict that was recognised."""

    name: str
    outputs: int
    channels: int
    weights: dict
    norm: str
    head: str
    size: int

    def network(self, kept, lse=0.0):
        """The network with the outputs `kept` alone."""
        family = family_of(self.name)
        with torch.device("meta"):  # spares initial weights
            trunk = family.trunk(self.name, self.weights, self.size)
        trunk.load_state_dict({name: self.weights.get(name, torch.tensor(0)).clone() for name in trunk.state_dict()}, assign=True)
        if isinstance(trunk, vit.ClassToken):
            head = ClassTokenHead(trunk.channels, len(kept))
        elif self.norm:
            head = NormHead(trunk.channels, len(kept))
        else:
            head = Head(trunk.channels, len(kept), lse)
        with torch.no_grad():
            head.linear.weight.copy_(self.weights[f"{self.head}.weight"][kept])
            head.linear.bias.copy_(self.weights[f"{self.head}.bias"][kept])
            if self.norm:
                head.norm.weight.copy_(self.weights[f"{self.norm}.weight"])
                head.norm.bias.copy_(self.weights[f"{self.norm}.bias"])
        if type(head) is not Head:
            return LinearNetwork(trunk, head).eval()
        kind = SignedNetwork if isinstance(trunk, mbconv.EfficientNet) and "lite" not in self.name else Mapped
        return kind(trunk, head).eval()


def own_size(state):
    """The side of the input that a transformer's position embeddings are of, or None."""
    if "pos_embed" in state and "patch_embed.proj.weight" in state:
        return int((state["pos_embed"].shape[1] - 1) ** 0.5) * state["patch_embed.proj.weight"].shape[2]
    return None


def identify(state, architecture=None, size=None):
    """Found in a state dict, and the entries that were left out; raises Refused."""
    torchvision = any(key.endswith("features.1.0.block.0.0.weight") for key in state)
    state, left = without_prefixes(state)
    family, state = recognised(state)
    names = family.names
    if architecture:
        if architecture.removeprefix(mbconv.TF) not in names:
            kind = next(key for key, each in FAMILIES.items() if each is family)
            raise Refused(f"its entries are those of the family {kind}, and not of {architecture}")
        names = (architecture,)
    size = size or own_size(state) or 224
    best = None
    for name in names:
        tried = expectation(name, family, state, size)
        faults = faults_of(tried[1], tried[2])
        if best is None or len(faults) < len(best[1]):
            best = name, faults, tried
        if not faults:
            break
    name, _, (trunk, state, expected, norm, head) = best
    if head is None:
        raise Refused(f"it has no head: the entries of {name} are there, but no linear layer that gives labels")
    try:
        weights = check(state, expected)
    except Refused as e:
        raise Refused(f"of {name}, which is nearest, {e}") from None
    if family is FAMILIES["efficientnet"] and not architecture and not torchvision:
        raise Refused(f"{name} and {mbconv.TF}{name} have the same entries, but pad and normalise differently; name one with "
                      "--architecture")
    channels = weights[family.entry].shape[1]
    if channels not in (1, 3):
        raise Refused(f"its input has {channels} channels; 1 or 3 are supported")
    return Found(name, expected[f"{head}.bias"].shape[0], channels, weights, norm, head, size), left
