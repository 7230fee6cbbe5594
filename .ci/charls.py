# SPDX-License-Identifier: Apache-2.0
"""JPEG-LS images by CharLS (Debian's libcharls2), through its C interface: what DCMTK and GDCM do not let one choose."""

import ctypes
import itertools

import numpy as np

LIBRARY = ctypes.CDLL("libcharls.so.2")
for name in ("charls_jpegls_encoder_create", "charls_jpegls_decoder_create"):
    getattr(LIBRARY, name).restype = ctypes.c_void_p
    getattr(LIBRARY, name).argtypes = []
NONE, LINE, SAMPLE = range(3)


class Frame(ctypes.Structure):
    _fields_ = [("width", ctypes.c_uint32), ("height", ctypes.c_uint32), ("bits", ctypes.c_int32), ("components", ctypes.c_int32)]


class Preset(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int32) for name in ("maximum", "first", "second", "third", "reset")]


def call(name, handle, *arguments):
    code = getattr(LIBRARY, "charls_jpegls_" + name)(ctypes.c_void_p(handle), *arguments)
    if code != 0:
        raise ValueError(f"{name}: CharLS error {code}")


def encoded(samples, bits, near=0, interleave=NONE, preset=None):
    """samples: rows, columns and, of colours, components."""
    height, width = samples.shape[:2]
    components = 1 if samples.ndim == 2 else samples.shape[2]
    stored = samples.transpose(2, 0, 1) if components > 1 and interleave == NONE else samples
    source = np.ascontiguousarray(stored, "<u2" if bits > 8 else "u1").tobytes()
    handle = LIBRARY.charls_jpegls_encoder_create()
    call("encoder_set_frame_info", handle, ctypes.byref(Frame(width, height, bits, components)))
    call("encoder_set_near_lossless", handle, near)
    if components > 1:
        call("encoder_set_interleave_mode", handle, interleave)
    if preset:
        call("encoder_set_preset_coding_parameters", handle, ctypes.byref(Preset(*preset)))
    target = ctypes.create_string_buffer(4 * len(source) + 4096)
    call("encoder_set_destination_buffer", handle, target, ctypes.c_size_t(len(target)))
    call("encoder_encode_from_buffer", handle, source, ctypes.c_size_t(len(source)), 0)
    written = ctypes.c_size_t()
    call("encoder_get_bytes_written", handle, ctypes.byref(written))
    LIBRARY.charls_jpegls_encoder_destroy(ctypes.c_void_p(handle))
    return target.raw[: written.value]


def decoded(image, shape, bits, interleave=NONE):
    handle = LIBRARY.charls_jpegls_decoder_create()
    call("decoder_set_source_buffer", handle, image, ctypes.c_size_t(len(image)))
    call("decoder_read_header", handle)
    size = ctypes.c_size_t()
    call("decoder_get_destination_size", handle, 0, ctypes.byref(size))
    target = ctypes.create_string_buffer(size.value)
    call("decoder_decode_to_buffer", handle, target, size, 0)
    LIBRARY.charls_jpegls_decoder_destroy(ctypes.c_void_p(handle))
    samples = np.frombuffer(target.raw, "<u2" if bits > 8 else "u1").astype(np.int64)
    if len(shape) == 3 and interleave == NONE:
        return samples.reshape(shape[2], *shape[:2]).transpose(1, 2, 0)
    return samples.reshape(shape)


def pictures(height, width, bits, components, random):
    """What scans are made of: noise, edges and slopes, runs, and one value."""
    shape = (height, width) if components == 1 else (height, width, components)
    largest = (1 << bits) - 1
    noise = random.integers(0, largest + 1, shape)
    y, x = np.mgrid[0:height, 0:width]
    slope = (x * 3 + y * 5 + (x // 7 + y // 5) % 2 * largest // 3) & largest
    runs = np.where((x // 9 + y // 4) % 3 == 0, largest, np.where(x < width // 2, largest // 2, 0))
    sparse = np.where(random.random((height, width)) < 0.03, largest // 4, largest // 2)
    yield "noise", noise
    for name, plane in (("slope", slope), ("runs", runs), ("sparse", sparse), ("flat", np.full((height, width), largest))):
        yield name, plane if components == 1 else np.stack([(plane + i * (x % 5 == 0)) & largest for i in range(components)], -1)


def matrix():
    """Yields a name, an image, its bits, and the samples that CharLS decodes."""
    random = np.random.default_rng(5)
    for bits, (height, width) in itertools.product(range(2, 17), ((1, 1), (1, 20), (20, 1), (2, 37), (37, 53))):
        nears = {0, 1, 3, min(255, ((1 << bits) - 1) // 2)} if (height, width) in ((37, 53), (1, 1)) else {0, 1}
        for near in sorted(each for each in nears if each <= ((1 << bits) - 1) // 2):
            for name, samples in pictures(height, width, bits, 1, random):
                image = encoded(samples, bits, near)
                yield f"grey-{bits}-{height}x{width}-near{near}-{name}", image, bits, decoded(image, samples.shape, bits)
    for bits, interleave, near in itertools.product((2, 8, 12, 16), (NONE, LINE, SAMPLE), (0, 1)):
        for name, samples in pictures(19, 31, bits, 3, random):
            image = encoded(samples, bits, near, interleave)
            yield f"colour-{bits}-{interleave}-near{near}-{name}", image, bits, decoded(image, samples.shape, bits, interleave)
    presets = ((0, 0, 0, 0, 3), (0, 0, 0, 0, 255), (200, 0, 0, 0, 0), (255, 2, 9, 40, 16), (0, 1, 1, 1, 0), (0, 255, 255, 255, 0), (129, 5, 5, 90, 0))
    for preset, near in itertools.product(presets, (0, 1)):
        if near and preset[1] == 1:
            continue
        yield from with_preset(preset, 8, near, random)
    for preset in ((4000, 0, 0, 0, 0), (65535, 30, 700, 9000, 100), (33333, 0, 0, 0, 0), (0, 0, 0, 0, 65535)):
        yield from with_preset(preset, 16, 0, random)


def with_preset(preset, bits, near, random):
    """Without pictures of one value where CharLS and the standard read the largest sample differently: both readings are whole."""
    largest = (1 << bits) - 1
    for name, samples in pictures(37, 53, bits, 1, random):
        if name == "flat" and preset[0] not in (0, largest):
            continue
        samples = np.minimum(samples, preset[0] or largest)
        image = encoded(samples, bits, near, preset=preset)
        yield f"preset-{'-'.join(map(str, preset))}-near{near}-{name}", image, bits, decoded(image, samples.shape, bits)
