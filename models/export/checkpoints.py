"""Reads checkpoint files without running anything that is in them."""
import pickle
import re
import types

import torch


class Refused(Exception):
    """The file is not what it should be; the message says what differs."""


class Inert:
    """Stands for a module's class: keeps the state that a pickle gives it, and does nothing."""

    dump_patches = False  # torch.load asks this of a module's class

    def __new__(cls, *_args, **_kwargs):
        return super().__new__(cls)

    def __setstate__(self, state):
        self.__dict__.update(state)


MODULE_CLASSES = re.compile(r"(torch\.nn\.modules\.[a-z]+|torchvision\.models\.densenet|torchxrayvision\.models)$")
HARMLESS = {("collections", "OrderedDict"), ("builtins", "set"), ("__builtin__", "set"),
            ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"),
            ("torch._utils", "_rebuild_parameter"), ("torch.nn.parameter", "Parameter"),
            ("torch", "FloatStorage"), ("torch", "LongStorage"), ("torch", "ByteStorage")}


class ListedOnly(pickle.Unpickler):
    def find_class(self, module, name):
        if MODULE_CLASSES.match(module):
            return Inert
        if (module, name) in HARMLESS:
            return super().find_class(module, name)
        raise Refused(f"its pickle asks for {module}.{name}, which is not needed for weights")


def load(path, whole_module):
    """What torch.save wrote: tensors in plain containers; with whole_module, also modules, as Inert objects.

    Some published files are pickles of whole Python modules. torch.load would run code that such a file names, so it is
    refused unless asked for; then only classes of modules (as inert stand-ins) and the functions that rebuild tensors
    are allowed.
    """
    if whole_module:
        listed = types.ModuleType("listed_only")
        listed.Unpickler, listed.load = ListedOnly, lambda file, **options: ListedOnly(file, **options).load()
        listed.UnpicklingError = pickle.UnpicklingError
        return torch.load(path, map_location="cpu", weights_only=False, pickle_module=listed)
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as e:
        wanted = re.search(r"(GLOBAL|global) (\S+)", str(e))
        raise Refused("it is a pickle of more than tensors" + (f" ({wanted.group(2)})" if wanted else "")
                      + "; if it is a published file of a whole module, --whole-module reads its tensors with inert "
                        "stand-ins for its classes") from None


def state_of(module, prefix=""):
    """The parameters and buffers of an Inert module, by name, as state_dict() would give them."""
    found = {}
    for part in ("_parameters", "_buffers"):
        for name, value in getattr(module, part, {}).items():
            if isinstance(value, torch.Tensor):
                found[prefix + name] = value.detach()
    for name, child in getattr(module, "_modules", {}).items():
        if isinstance(child, Inert):
            found.update(state_of(child, f"{prefix}{name}."))
    return found


def tensors(checkpoint):
    """The state dict in a checkpoint: itself, its entry 'state_dict', or that of its entry 'model'."""
    for key in ("state_dict", "model"):
        if isinstance(checkpoint, dict) and key in checkpoint:
            checkpoint = checkpoint[key]
    if isinstance(checkpoint, Inert):
        checkpoint = state_of(checkpoint)
    if not isinstance(checkpoint, dict) or not all(isinstance(v, torch.Tensor) for v in checkpoint.values()):
        raise Refused("it holds no state dict, neither itself nor as 'state_dict' or 'model'")
    return dict(checkpoint)


def torchvision_names(state, prefix):
    """Drops a prefix and Sequential's index of the classifier, and turns the names of torchvision before 0.2.1
    (norm.1, conv.2) into today's. A key without the prefix keeps its name, and so is refused as unexpected."""
    renamed = {}
    for key, value in state.items():
        if prefix and not key.startswith(prefix):
            renamed[key] = value
            continue
        name = re.sub(r"(\.denselayer\d+\.)(norm|conv)\.([12])\.", r"\1\2\3.", key[len(prefix):])
        renamed[re.sub(r"^classifier\.0\.", "classifier.", name)] = value
    return renamed


def check(state, expected):
    """Refuses a state dict whose keys, shapes or values are not those of the architecture.

    num_batches_tracked, which files from before PyTorch 0.4.1 lack, is no weight and may be there or not.
    """
    def weights(of):
        return {k: v for k, v in of.items() if not k.endswith("num_batches_tracked")}

    given, wanted = weights(state), weights(expected)
    faults = [f"{k} is missing" for k in wanted if k not in given]
    faults += [f"{k} is unexpected" for k in given if k not in wanted]
    faults += [f"{k} has the shape {tuple(given[k].shape)}, not {tuple(v.shape)}"
               for k, v in wanted.items() if k in given and given[k].shape != v.shape]
    faults += [f"{k} has values that are not finite" for k in wanted
               if k in given and not torch.isfinite(given[k].float()).all()]
    if faults:
        more = f", and {len(faults) - 8} more" if len(faults) > 8 else ""
        raise Refused(f"{len(faults)} entries differ: " + "; ".join(faults[:8]) + more)
    return {k: v.float() for k, v in given.items()}
