# SPDX-License-Identifier: Apache-2.0
"""Reads checkpoint files without running anything that is in them."""
import pickle
import re
import types
import zipfile
import zlib

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file


class Refused(Exception):
    """The file is not what it should be; the message says what differs."""


class Inert:
    """Stands for anything that a pickle names: keeps the state that the pickle gives it, and does nothing."""

    dump_patches = False  # torch.load reads this from a module's class

    def __new__(cls, *_args, **_kwargs):
        made = super().__new__(cls)
        made.entries = {}
        return made

    def __init__(self, *_args, **_kwargs):
        pass

    def __setstate__(self, state):
        for part in state if isinstance(state, tuple) else (state,):  # (attributes, slots)
            if isinstance(part, dict):
                self.__dict__.update((str(key), value) for key, value in part.items())

    def __setitem__(self, key, value):
        self.entries[key] = value

    def append(self, _):
        pass

    def extend(self, _):
        pass

    def add(self, _):
        pass


# What rebuilds tensors, and plain containers. Everything else is stood for by Inert.
HARMLESS = {("collections", "OrderedDict"), ("builtins", "set"), ("__builtin__", "set"),
            ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"),
            ("torch._utils", "_rebuild_parameter"), ("torch.nn.parameter", "Parameter"),
            *(("torch", f"{kind}Storage") for kind in ("Float", "Double", "Half", "BFloat16", "Long", "Int", "Short",
                                                       "Char", "Byte", "Bool"))}
# What runs commands or code. Inert would stand for it, too, but such a file is no checkpoint.
RUNS = re.compile(r"(os|posix|nt|subprocess|sys|shutil|socket|importlib|runpy|pty|ctypes|code|webbrowser|commands)(\..*)?$")
RUNS_BUILTIN = {"eval", "exec", "execfile", "compile", "open", "__import__", "input", "breakpoint"}


class ListedOnly(pickle.Unpickler):
    """Finds what is in HARMLESS, refuses what runs code, and takes stand-ins for the rest; `stood_for` has their names."""

    stood_for = set()

    def find_class(self, module, name):
        if (module, name) in HARMLESS:
            return super().find_class(module, name)
        if RUNS.match(module) or (module in ("builtins", "__builtin__") and name in RUNS_BUILTIN):
            raise Refused(f"its pickle refers to {module}.{name}, which runs code and is not needed for weights")
        self.stood_for.add(f"{module}.{name}")
        return type(name, (Inert,), {"__module__": module})


AGAIN = "download it again"


STARTS = (  # the first bytes of what people give in place of a checkpoint
    (b"version https://git-lfs", "it is a Git LFS pointer and not the file itself; `git lfs pull` fetches that"),
    (b"\x1f\x8b", "it is packed with gzip; unpack it"),
    (b"7z\xbc\xaf", "it is a 7-Zip archive; unpack it"),
    (b"Rar!", "it is a RAR archive; unpack it"),
    (b"\x89HDF", "it is an HDF5 file, as Keras writes; a file of torch.save is needed"),
    (b"\x93NUMPY", "it is a NumPy array; a file of torch.save is needed"),
    (b"GGUF", "it is a GGUF file of a language model; a file of torch.save is needed"),
    (b"\x89PNG", "it is an image; name the checkpoint"),
    (b"\xff\xd8\xff", "it is an image; name the checkpoint"),
    (b"%PDF", "it is a PDF document; name the checkpoint"),
    (b"\x08", "it is an ONNX model by its first bytes, a graph without its modules' names; a file of torch.save "
              "is needed"),
)


def what_it_is(path):
    """Why a file cannot be a checkpoint, and what to do, by its first bytes; None if it may be one."""
    if not path.exists():
        return "there is no such file"
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        return f"it is empty; {AGAIN}"
    for bytes_, reason in STARTS:
        if start.startswith(bytes_):
            return reason
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "it is a web page (HTML or XML) and not the file itself; download it by its direct address"
    if start[4:8] == b"TFL3":
        return "it is a TensorFlow Lite model; a file of torch.save is needed"
    if start[128:132] == b"DICM":
        return "it is a DICOM object; name the checkpoint"
    if start.startswith(b"PK"):
        return what_archive_it_is(path)
    if not start.startswith(b"\x80") and b"ustar" not in start and not is_safetensors(start):
        return f"it is not a file of torch.save or safetensors; {AGAIN}, or write a state dict with torch.save"
    return None


def is_safetensors(start):
    return start[8:9] == b"{" and int.from_bytes(start[:8], "little") < 1 << 30


def what_archive_it_is(path):
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if archive.testzip() is not None:
                return f"it is damaged; {AGAIN}"
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError):
        return f"it is cut short or damaged; {AGAIN}"
    if any(name.endswith("/constants.pkl") or "/code/" in name for name in names):
        return ("it is TorchScript, a network without its modules' names; write the state_dict() of the network that it "
                "was made of with torch.save")
    if any(name.endswith("model.yaml") for name in names):
        return "it is a model package already; `models add` installs it"
    if any(name.endswith("model.weights.h5") for name in names):
        return "it is a Keras model; a file of torch.save is needed"
    if any(name.endswith(".npy") for name in names):
        return "it is a NumPy archive; a file of torch.save is needed"
    if not any(name.endswith("/data.pkl") for name in names):
        return "it is a ZIP archive of something else; unpack it and name the checkpoint in it"
    return None


def load(path):
    """What a file of torch.save or safetensors holds; raises Refused. Nothing in the file is run."""
    reason = what_it_is(path)
    if reason:
        raise Refused(reason)
    try:
        with path.open("rb") as file:
            safe = is_safetensors(file.read(512))
        return load_file(str(path)) if safe else unpickled(path)
    except Refused:
        raise
    except SafetensorError:
        raise Refused(f"it is a safetensors file that is cut short or damaged; {AGAIN}") from None
    except (EOFError, RuntimeError, OSError, ValueError, KeyError, IndexError, AttributeError, TypeError,
            pickle.UnpicklingError) as e:
        raise Refused(f"it is cut short, damaged, or not a file of torch.save; {AGAIN} ({type(e).__name__})") from None


def unpickled(path):
    """What torch.save wrote: tensors in plain containers, and Inert objects for everything else.

    torch.load(weights_only=True) refuses files that hold more than tensors: the arguments of a training, an optimizer's
    schedule, whole modules. Such files are read by ListedOnly.
    """
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as e:
        wanted = re.search(r"(GLOBAL|global|[Uu]nsupported|[Tt]rying to)", str(e))
        if not wanted and re.search(r"EOF|truncated|[Ii]nvalid|corrupt|ran out of", str(e).split("weights_only")[0]):
            raise
    listed = types.ModuleType("listed_only")
    reader = type("Reader", (ListedOnly,), {"stood_for": set()})
    listed.Unpickler, listed.load = reader, lambda file, **options: reader(file, **options).load()
    listed.UnpicklingError = pickle.UnpicklingError
    result = torch.load(path, map_location="cpu", weights_only=False, pickle_module=listed)
    if reader.stood_for:
        some = sorted(reader.stood_for)
        print(f"Its pickle names {', '.join(some[:4])}{' and others' if len(some) > 4 else ''}; stand-ins were read, nothing "
              "was run.", flush=True)
    return result


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


NESTED = ("state_dict", "model", "model_state", "model_state_dict", "net")


def tensors(checkpoint):
    """The state dict in a checkpoint: itself, or what one of NESTED holds."""
    for _ in range(4):
        if isinstance(checkpoint, Inert):
            checkpoint = checkpoint.entries or state_of(checkpoint)
        if not isinstance(checkpoint, dict) or all(isinstance(value, torch.Tensor) for value in checkpoint.values()):
            break
        inner = [key for key in NESTED if key in checkpoint]
        if not inner:
            break
        checkpoint = checkpoint[inner[0]]
    if (not isinstance(checkpoint, dict) or not checkpoint
            or not all(isinstance(name, str) and isinstance(value, torch.Tensor) for name, value in checkpoint.items())):
        raise Refused(f"it holds no state dict, neither itself nor as {', '.join(NESTED)}")
    return dict(checkpoint)


def is_weight(name):
    """num_batches_tracked, which files from before PyTorch 0.4.1 lack, is no weight and may be there or not."""
    return not name.endswith("num_batches_tracked")


def faults_of(state, expected):
    """How the keys and shapes of a state dict differ from those of an architecture."""
    given, wanted = ({name: value for name, value in of.items() if is_weight(name)} for of in (state, expected))
    return ([f"{name} is missing" for name in wanted if name not in given]
            + [f"{name} is unexpected" for name in given if name not in wanted]
            + [f"{name} has the shape {tuple(given[name].shape)}, not {tuple(value.shape)}"
               for name, value in wanted.items() if name in given and given[name].shape != value.shape])


def check(state, expected):
    """The weights as float32; raises Refused if keys, shapes or values are not those of the architecture."""
    faults = faults_of(state, expected)
    weights = {name: value for name, value in state.items() if is_weight(name)}
    faults += [f"{name} is not dense" for name, value in weights.items() if value.layout != torch.strided]
    faults += [f"{name} has values that are not finite" for name, value in weights.items()
               if name in expected and value.layout == torch.strided and not torch.isfinite(value.float()).all()]
    if faults:
        more = f", and {len(faults) - 8} more" if len(faults) > 8 else ""
        differ = "1 entry differs" if len(faults) == 1 else f"{len(faults)} entries differ"
        raise Refused(f"{differ}: " + "; ".join(faults[:8]) + more)
    return {name: value.float() for name, value in weights.items()}
