# SPDX-License-Identifier: Apache-2.0
"""Compares stored samples and grey levels of DICOM files as Java reads them with pydicom's and with the standard's formulas.

Called by .ci/dicom. Synthetic files are encoded by DCMTK and GDCM, so that no encoder of ours is needed; where the encoding
is lossless, samples must be equal to what was encoded; where DCMTK or CharLS decode what is lossy, to what they decode.
"""

import argparse
import glob
import os
import subprocess
import sys
import warnings

import charls
import numpy as np
import pydicom
from pydicom.data import get_testdata_files
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate

DEPTHS = [  # bits allocated, bits stored, high bit, signed
    (8, 8, 7, 0), (8, 8, 7, 1), (16, 10, 9, 0), (16, 12, 11, 0), (16, 12, 11, 1), (16, 15, 14, 0), (16, 16, 15, 0),
    (16, 16, 15, 1), (16, 12, 13, 0),
]
WIDTH, HEIGHT = 64, 48
EXPLICIT = "1.2.840.10008.1.2.1"
ENCODERS = {  # a lossless one each
    "implicit": ["dcmconv", "+ti"],
    "big-endian": ["dcmconv", "+tb"],
    "deflated": ["dcmconv", "+td"],
    "undefined-lengths": ["dcmconv", "-e"],
    "rle-dcmtk": ["dcmcrle"],
    "rle-gdcm": ["gdcmconv", "--rle"],
    "jpeg-sv1": ["dcmcjpeg", "+e1"],
    "jpeg-57": ["dcmcjpeg", "+el", "+sv", "4"],
    "jpeg-gdcm": ["gdcmconv", "--jpeg"],
    "j2k": ["gdcmconv", "--j2k"],
    "jpeg-ls-dcmtk": ["dcmcjpls"],
    "jpeg-ls-cooked": ["dcmcjpls", "+pc"],
    "jpeg-ls-fragments": ["dcmcjpls", "+fs", "1"],
    "jpeg-ls-parameters": ["dcmcjpls", "+t1", "5", "+t2", "17", "+t3", "40", "+rs", "31"],
    "jpeg-ls-gdcm": ["gdcmconv", "--jpegls"],
}
DECODED = {  # lossy, by an encoder and the decoder whose samples are the right ones
    "jpeg-ls-near-1": (["dcmcjpls", "+en", "+md", "1"], "dcmdjpls"),
    "jpeg-ls-near-7": (["dcmcjpls", "+en", "+md", "7"], "dcmdjpls"),
    "jpeg-extended": (["dcmcjpeg", "+ee"], "dcmdjpeg"),
    "jpeg-12": (["dcmcjpeg", "+ee", "+bt"], "dcmdjpeg"),
    "jpeg-12-good": (["dcmcjpeg", "+ee", "+bt", "+q", "100"], "dcmdjpeg"),
    "jpeg-12-bad": (["dcmcjpeg", "+ee", "+bt", "+q", "10"], "dcmdjpeg"),
    "jpeg-12-fragments": (["dcmcjpeg", "+ee", "+bt", "+fs", "1"], "dcmdjpeg"),
}
COLOURS = {  # of 8 bits, with the options of a decoder that leaves YCbCr as it is
    "jpeg-ls-planes": (["dcmcjpls", "+in"], ["dcmdjpls"]),
    "jpeg-ls-lines": (["dcmcjpls", "+il"], ["dcmdjpls"]),
    "jpeg-ls-samples": (["dcmcjpls", "+is"], ["dcmdjpls"]),
    "jpeg-ls-samples-near-2": (["dcmcjpls", "+is", "+en", "+md", "2"], ["dcmdjpls"]),
    "jpeg-ls-lines-near-2": (["dcmcjpls", "+il", "+en", "+md", "2"], ["dcmdjpls"]),
    "jpeg-ls-gdcm": (["gdcmconv", "--jpegls"], ["gdcmconv", "--raw"]),
    "jpeg-12-rgb": (["dcmcjpeg", "+ee", "+bt", "+cr"], ["dcmdjpeg", "+cn"]),
    "jpeg-12-ybr": (["dcmcjpeg", "+ee", "+bt", "+s4"], ["dcmdjpeg", "+cn"]),
    "jpeg-12-ybr-422": (["dcmcjpeg", "+ee", "+bt"], ["dcmdjpeg", "+cn"]),
}
NEEDS_TOP_BIT = "gdcmconv"  # GDCM asserts that the high bit lies below the bits stored, and alters such samples where it does not abort
UNSIGNED_ONLY = {"jpeg-ls-cooked", "jpeg-ls-near-1", "jpeg-ls-near-7"}  # DCMTK asserts it, or says so
LOSSY = {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.91"}
# Its DICOM header and its JPEG 2000 header contradict each other on the sign, so that no grey level is the right one.
CONTRADICTS_ITSELF = {"J2K_pixelrep_mismatch.dcm"}
# Labelled RGB, its red bar is 76, 85, 255: YCbCr, as its subsampled components are, which pydicom takes for RGB.
MISLABELLED = {"SC_rgb_jpeg_lossy_gdcm.dcm"}
LUMA = np.array([19595, 38470, 7471])


def blank(path, uid=EXPLICIT):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = uid
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1"
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    file = FileDataset(path, {}, file_meta=meta, preamble=bytes(128), is_little_endian=True, is_implicit_VR=False)
    file.SOPClassUID, file.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    file.StudyInstanceUID, file.SeriesInstanceUID = "1.2.4", "1.2.5"
    file.Modality, file.BodyPartExamined, file.ViewPosition = "CR", "CHEST", "PA"
    file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
    return file


def synthetic(path, allocated, stored, high, signed, values=None, **elements):
    file = blank(path)
    file.Rows, file.Columns = HEIGHT, WIDTH
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = allocated, stored, high, signed
    if values is None:
        values = np.arange(WIDTH * HEIGHT) * 1237 % (1 << stored)
        values[-1] = (1 << stored) - 1
        if signed:  # the lowest value first, in two's complement
            values = (values - (1 << (stored - 1))) & ((1 << stored) - 1)
    cells = values << (high - stored + 1)
    file.PixelData = cells.astype("<u2" if allocated == 16 else "u1").tobytes()
    file["PixelData"].VR = "OW"
    for name, value in elements.items():
        setattr(file, name, value)
    file.save_as(path, write_like_original=False)
    return values


def compressed(path, uid, image, shape, bits):
    """A file of one frame, of colours if the shape has three sides."""
    file = blank(path, uid)
    file.Rows, file.Columns = shape[:2]
    if len(shape) == 3:
        file.SamplesPerPixel, file.PhotometricInterpretation, file.PlanarConfiguration = 3, "RGB", 0
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 8 if bits <= 8 else 16, bits, bits - 1, 0
    file.PixelData = encapsulate([image])
    file["PixelData"].VR = "OB"
    file["PixelData"].is_undefined_length = True
    file.save_as(path, write_like_original=False)


def done(command, source, target):
    run = subprocess.run([*command, source, target], capture_output=True, text=True)
    if run.returncode == 0 and os.path.exists(target):
        return True
    print(f"{os.path.basename(target)}: not made ({(run.stderr or run.stdout).strip()[:100]})")
    return False


def grey(file):
    """The samples of an uncompressed file, of colours the luma."""
    pixels = file.pixel_array.astype(np.int64)
    if file.SamplesPerPixel == 3:
        pixels = pixels[..., 0] if file.PhotometricInterpretation.startswith("YBR") else (pixels @ LUMA + 0x8000) >> 16
    return pixels.ravel() & ((1 << file.BitsStored) - 1)


def lossy_ones(work, sources):
    """Files whose right samples are those of another decoder."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    waves = (np.sin(x / 5) * np.cos(y / 7) + 1) / 2 + (x * y % 97) / 400
    waves.flat[:50], waves.flat[50:90] = 1.5, -0.5
    for allocated, stored, high, signed in DEPTHS:
        if high >= stored:
            continue
        top = (1 << stored) - 1
        values = np.clip(waves * top, 0, top).astype(np.int64).ravel()
        source = os.path.join(work, f"waves{allocated}-{stored}-{'signed' if signed else 'unsigned'}.dcm")
        synthetic(source, allocated, stored, high, signed, (values - (top + 1) // 2) & top if signed else values)
        for name, (encoder, decoder) in DECODED.items():
            if signed and name in UNSIGNED_ONLY:
                continue
            target = source[:-4] + "-" + name + ".dcm"
            if done(encoder, source, target) and done([decoder], target, source[:-4] + ".decoded"):
                sources[target] = grey(pydicom.dcmread(source[:-4] + ".decoded"))
                yield target
    source = os.path.join(work, "colours.dcm")
    file = blank(source)
    file.Rows, file.Columns, file.SamplesPerPixel, file.PhotometricInterpretation = HEIGHT, WIDTH, 3, "RGB"
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation, file.PlanarConfiguration = 8, 8, 7, 0, 0
    file.PixelData = np.clip(np.stack([waves, waves[:, ::-1], waves[::-1]], -1) * 255, 0, 255).astype("u1").tobytes()
    file.save_as(source, write_like_original=False)
    for name, (encoder, decoder) in COLOURS.items():
        target = source[:-4] + "-" + name + ".dcm"
        if done(encoder, source, target) and done(decoder, target, source[:-4] + ".decoded"):
            sources[target] = grey(pydicom.dcmread(source[:-4] + ".decoded"))
            yield target


def charls_ones(work, sources):
    """What CharLS encodes of each depth, size, deviation, interleaving and set of coding parameters."""
    for name, image, bits, samples in charls.matrix():
        path = os.path.join(work, f"charls-{name}.dcm")
        lossless = "near0" in name or "near" not in name
        compressed(path, "1.2.840.10008.1.2.4." + ("80" if lossless else "81"), image, samples.shape, bits)
        sources[path] = (samples if samples.ndim == 2 else (samples @ LUMA + 0x8000) >> 16).ravel()
        yield path


def read_by_charls(classpath, work):
    """How many images of our own encoder, which has restart intervals, CharLS decodes as we do, and how many not."""
    directory = os.path.join(work, "jpeg-ls")
    os.makedirs(directory)
    subprocess.run(["java", "-cp", classpath, "org.cxrlocalizer.radiograph.jpegls.JpegLsSamples", directory], check=True)
    same = different = 0
    for path in sorted(glob.glob(os.path.join(directory, "*.jls"))):
        bits, _, interleave = (int(number) for number in os.path.basename(path).split("-")[:3])
        samples = np.fromfile(path[:-4] + ".samples", "<u2")
        with open(path, "rb") as file:
            equal = np.array_equal(charls.decoded(file.read(), samples.shape, bits, interleave), samples)
        same, different = same + equal, different + (not equal)
        if not equal:
            print(f"FAILED {os.path.basename(path)}: CharLS decodes other samples")
    print(f"{same} JPEG-LS images of our encoder equal to the sample by CharLS, {different} failures")
    return different


def levels(file, stored):
    """PS3.3, C.11.1 and C.11.2, and what our Javadoc promises where the standard leaves it open."""
    values = stored.astype(np.int64)
    if file.PixelRepresentation == 1:
        values = np.where(values >= 1 << (file.BitsStored - 1), values - (1 << file.BitsStored), values)
    x = values * float(file.get("RescaleSlope", 1)) + float(file.get("RescaleIntercept", 0))
    first = lambda value: float(value[0] if isinstance(value, pydicom.multival.MultiValue) else value)
    if file.get("WindowWidth") and first(file.WindowWidth) > 0:
        c, w = first(file.WindowCenter), first(file.WindowWidth)
        function = file.get("VOILUTFunction", "LINEAR")
        if function == "SIGMOID":
            y = 1 / (1 + np.exp(-4 * (x - c) / w))
        elif function == "LINEAR_EXACT":
            y = np.clip((x - c) / w + 0.5, 0, 1)
        else:
            y = np.clip((x - (c - 0.5)) / (w - 1) + 0.5, 0, 1)
    elif file.get("VOILUTSequence"):
        table = file.VOILUTSequence[0]
        count, start, bits = (int(number) for number in table.LUTDescriptor)
        data = table.LUTData
        data = np.frombuffer(data, "<u2") if isinstance(data, bytes) else np.array(data)
        y = data[np.clip(np.round(x).astype(int) - start, 0, count - 1)] / ((1 << bits) - 1)
    elif file.BitsStored <= 8:
        ends = np.array([-128, 127] if file.PixelRepresentation else [0, (1 << file.BitsStored) - 1])
        ends = np.sort(ends * float(file.get("RescaleSlope", 1)) + float(file.get("RescaleIntercept", 0)))
        y = (x - ends[0]) / (ends[1] - ends[0])
    else:
        y = (x - x.min()) / (x.max() - x.min())
    if file.PhotometricInterpretation == "MONOCHROME1":
        y = 1 - y
    return y * 65535


def by_dcmtk(path, work):
    """Stored samples by DCMTK, made grey as ours are, or None."""
    target = os.path.join(work, "by-dcmtk.dcm")
    for command in (["dcmdjpeg", "+cn"], ["dcmdjpls"]):
        if subprocess.run([*command, path, target], capture_output=True).returncode == 0:
            return grey(pydicom.dcmread(target))
    return None


def expected(path, known, work):
    """Stored samples as they are known, or else by pydicom, or by DCMTK where pydicom has no decoder, made grey as ours are."""
    file = pydicom.dcmread(path, force=True)
    if known is not None:
        return file, known, ""
    if "TransferSyntaxUID" not in file.file_meta:
        file.file_meta.TransferSyntaxUID = EXPLICIT
    try:
        pixels = file.pixel_array
    except (NotImplementedError, RuntimeError, AttributeError, ValueError, OSError) as e:
        return file, by_dcmtk(path, work), str(e)
    if int(file.get("NumberOfFrames", 1) or 1) > 1:
        pixels = pixels[0]
    pixels = pixels.astype(np.int64)
    if file.SamplesPerPixel == 3:
        if file.PhotometricInterpretation in ("YBR_FULL", "YBR_FULL_422") or os.path.basename(path) in MISLABELLED:
            pixels = pixels[..., 0]
        else:
            pixels = (pixels @ LUMA + 0x8000) >> 16
    return file, pixels.ravel() & ((1 << file.BitsStored) - 1), ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--work", "--classpath", "--real"):
        parser.add_argument(name, required=True)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    sources, made = {}, []
    for allocated, stored, high, signed in DEPTHS:
        source = os.path.join(arguments.work, f"s{allocated}-{stored}-{high}-{'signed' if signed else 'unsigned'}.dcm")
        sources[source] = synthetic(source, allocated, stored, high, signed)
        made.append(source)
        for name, command in ENCODERS.items():
            if (command[0] == NEEDS_TOP_BIT and high >= stored) or (name in UNSIGNED_ONLY and signed):
                continue
            target = source[:-4] + "-" + name + ".dcm"
            if done(command, source, target):
                sources[target] = sources[source]
                made.append(target)
    graded = {
        "window": dict(WindowCenter=["1000", "1"], WindowWidth=["700", "1"], RescaleSlope="1.5", RescaleIntercept="-1024"),
        "sigmoid": dict(WindowCenter="1000", WindowWidth="700", VOILUTFunction="SIGMOID"),
        "exact": dict(WindowCenter="1000", WindowWidth="700", VOILUTFunction="LINEAR_EXACT"),
        "negative-slope": dict(RescaleSlope="-1", RescaleIntercept="4095"),
        "monochrome1": dict(PhotometricInterpretation="MONOCHROME1"),
    }
    for name, elements in graded.items():
        path = os.path.join(arguments.work, name + ".dcm")
        sources[path] = synthetic(path, 16, 12, 11, 0, **elements)
        made.append(path)
    made += lossy_ones(arguments.work, sources)
    made += charls_ones(arguments.work, sources)
    others = sorted(set(get_testdata_files("*.dcm"))) + sorted(glob.glob(os.path.join(arguments.real, "*.dcm")))
    out = os.path.join(arguments.work, "out")
    os.makedirs(out)
    run = subprocess.run(
        ["java", "-Xmx1g", "-Djava.awt.headless=true", "-cp", arguments.classpath,
         "org.cxrlocalizer.radiograph.DicomSamples", out, *made, *others],
        stdout=subprocess.PIPE, text=True, check=True)
    said = {line.split("\t")[0]: line.split("\t")[1:] for line in run.stdout.splitlines()}
    failures = read_by_charls(arguments.classpath, arguments.work)
    same = lossy = refused = 0
    for path in made + others:
        name = os.path.basename(path)
        state, text = said[name]
        if state != "read":
            refused += 1
            bad = path in sources
            failures += bad
            print(f"{'FAILED ' if bad else ''}{name}: {state}: {text}")
            continue
        stored = np.fromfile(os.path.join(out, name + ".stored"), "<u2").astype(np.int64)
        level = np.fromfile(os.path.join(out, name + ".levels"), "<u2").astype(np.int64)
        file, pixels, why = expected(path, sources.get(path), arguments.work)
        if pixels is None:
            print(f"{name}: pydicom: {why[:100]}")
            continue
        worst = np.abs(stored - pixels).max()
        allowed = 3 if file.file_meta.TransferSyntaxUID in LOSSY and path not in sources else 0
        if worst > allowed:
            failures += 1
            print(f"FAILED {name}: stored samples differ by up to {worst}")
        elif allowed:
            lossy += 1
        else:
            same += 1
        comparable = "PixelPaddingValue" not in file and name not in CONTRADICTS_ITSELF
        if comparable and file.PhotometricInterpretation in ("MONOCHROME1", "MONOCHROME2"):
            worst = np.abs(level - levels(file, stored)).max()
            if worst > 1:
                failures += 1
                print(f"FAILED {name}: grey levels differ by up to {worst}")
    print(f"{same} files equal to the sample, {lossy} lossy ones close, {refused} refused, {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
