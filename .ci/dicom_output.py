# SPDX-License-Identifier: Apache-2.0
"""Has a running service make DICOM objects of real and synthetic images, and judges them by dciodvfy, pydicom and DCMTK.

Each object must be free of errors by dciodvfy, refer to its source, and hold the boxes that the service answers as JSON. DCMTK
must read each report, and show an image through its presentation state as it is meant to look. Errors are let pass in the
identity of patient and study, if the image has the same: the documents must repeat it byte for byte, or a PACS would file them
under another patient.
"""
import argparse
import json
import re
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

# The reports refer to the captures, which are made first.
KINDS = {"secondary-captures": "1.2.840.10008.5.1.4.1.1.7",
         "structured-reports": "1.2.840.10008.5.1.4.1.1.88.33",
         "presentation-states": "1.2.840.10008.5.1.4.1.1.11.1"}
IDENTITY = ("SpecificCharacterSet", "AccessionNumber", "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate",
            "StudyInstanceUID", "StudyID")
# What dciodvfy calls them in its errors.
REPEATED = ("(0x0010,", "(0x0008,0x0050)", "(0x0020,0x000d)", "(0x0020,0x0010)", "<PatientName>", "<PatientID>", "<StudyID>",
            "<AccessionNumber>", "<StudyInstanceUID>", "SpecificCharacterSet")
# Synthetic images, and whether larger stored values look brighter.
SHOWN = {"window": 1, "voi-table": 1, "names": 1, "monochrome1": -1}
# Of a picture's pixels: its transfer syntax, DCMTK's decoder, and the most that a sample may differ in the mean.
FORMATS = {"rle": ("1.2.840.10008.1.2.5", "dcmdrle", 0), "jpeg": ("1.2.840.10008.1.2.4.50", "dcmdjpeg", 3)}
PARAMETERS = "force=true&onlyPositive=false&maxFindings=14&minProbability=0.2"
OF_KIND = {"structured-reports": PARAMETERS + "&pictureReferenced=true"}
SAMPLE = Path("src/main/resources/samples/00022215_012.png")
problems = []


def check(holds, *what):
    if not holds:
        problems.append(" ".join(map(str, what)))


def post(url, path, body, media_type):
    request = urllib.request.Request(f"{url}/v1/{path}", body, {"Content-Type": media_type})
    with urllib.request.urlopen(request) as response:
        return response.read()


def synthetic():
    """By name, files that differ in what documents take over from their source."""
    from PIL import Image
    pixels = np.array(Image.open(SAMPLE))

    def image(**values):
        dataset = Dataset()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
        dataset.is_little_endian, dataset.is_implicit_VR = True, False
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.2", "1.2.826.0.1.3680043.8.498.3"
        dataset.Modality, dataset.BodyPartExamined, dataset.ViewPosition = "DX", "CHEST", "PA"
        dataset.PatientName, dataset.PatientID, dataset.StudyID, dataset.StudyDate = "Doe^Jane", "17", "S1", "20260102"
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.Rows, dataset.Columns = pixels.shape
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
        dataset.PixelData = (pixels.astype(np.uint16) * 16).tobytes()
        for name, value in values.items():
            setattr(dataset, name, value)
        return dataset

    def undeclared(terms, patient_id):
        """Bytes that its character set does not allow, as real files have them."""
        dataset = image()
        if terms is not None:
            dataset[0x00080005] = pydicom.dataelem.RawDataElement(pydicom.tag.Tag(0x00080005), "CS", len(terms), terms, 0, False, True)
        for tag, vr in ((0x00100020, "LO"), (0x00100010, "PN"), (0x00200010, "SH"), (0x00080050, "SH")):
            dataset[tag] = pydicom.dataelem.RawDataElement(pydicom.tag.Tag(tag), vr, len(patient_id), patient_id, 0, False, True)
        return dataset

    lut = Dataset()
    lut.LUTDescriptor, lut.LUTData = [4096, 0, 16], np.linspace(0, 65535, 4096).astype("<u2").tobytes()
    lut["LUTDescriptor"].VR, lut["LUTData"].VR = "US", "OW"
    eight = dict(BitsAllocated=8, BitsStored=8, HighBit=7)
    return {
        "window": image(WindowCenter=[2000, 1000], WindowWidth=[4000, 500], RescaleIntercept="-5", RescaleSlope="1.5",
                        RescaleType="US"),
        "monochrome1": image(PhotometricInterpretation="MONOCHROME1", PixelSpacing=[0.2, 0.2], Laterality="U"),
        "voi-table": image(VOILUTSequence=[lut], ImagerPixelSpacing=[0.1, 0.2]),
        "names": image(SpecificCharacterSet=["", "ISO 2022 IR 87"], PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう",
                       ReferringPhysicianName="Doe^John", StudyDescription="Chest"),
        "identity-undeclared": undeclared(None, b"\xd6-1234"),
        "identity-misspelt": undeclared(b"ISO_IR_100", b"M\xdc-17 "),
        "identity-not-utf-8": undeclared(b"ISO_IR 192", b"M\xdc-17 "),
        "identity-gbk": undeclared(b"GBK ", b"\x95\\-17\x95\\ "),
        "unsaid": image(ViewPosition="", BodyPartExamined="", BurnedInAnnotation="YES"),
        "cyrillic": image(SpecificCharacterSet="ISO_IR 144", PatientName="Люкceмбypг", PatientSex="F", PatientBirthDate="19600101"),
        "frames": image(SOPClassUID="1.2.840.10008.5.1.4.1.1.7.2", NumberOfFrames=2, PixelData=np.stack([pixels, pixels]).tobytes(), **eight),
    }


def written(dataset):
    file = BytesIO()
    pydicom.dcmwrite(file, dataset, write_like_original=False)
    return file.getvalue()


def errors(path):
    output = subprocess.run(["dciodvfy", path], capture_output=True, text=True, errors="replace")
    return [line for line in (output.stdout + output.stderr).splitlines() if line.startswith("Error")]


def outlines(points):
    return [(points[0], points[1], points[4] - points[0], points[5] - points[1])]


def boxes(kind, document):
    """The boxes in a document, x, y, width, height."""
    found = []
    if kind == "structured-reports":
        for item in document.ContentSequence:
            if item.ConceptNameCodeSequence[0].CodeMeaning == "Imaging Measurements":
                for group in item.ContentSequence:
                    found += [box for child in group.ContentSequence if child.ValueType == "SCOORD"
                              for box in outlines(child.GraphicData)]
    else:
        for annotation in document.GraphicAnnotationSequence:
            for graphic in annotation.get("GraphicObjectSequence", []):
                found += outlines(graphic.GraphicData)
    return found


def rendered(work, name, body, state):
    """The image as DCMTK shows it through a presentation state."""
    from PIL import Image
    image, picture = work / f"{name}.image.dcm", work / f"{name}.pgm"
    image.write_bytes(body)
    subprocess.run(["dcmp2pgm", "-q", "-p", state, image, picture], check=True, capture_output=True)
    return np.array(Image.open(picture), float)


def references(document):
    return {element.value for element in document.iterall() if element.keyword == "ReferencedSOPInstanceUID"}


def identity(file):
    """The bytes of what says whose an object is."""
    dataset = pydicom.dcmread(file)
    items = [dataset.get_item(keyword) for keyword in IDENTITY]
    return [(keyword, (item.value or b"") if item is not None else b"") for keyword, item in zip(IDENTITY, items)]


def texts(item):
    """All text of a content item and of those below it."""
    return [item.get("TextValue", "")] + [text for child in item.get("ContentSequence", []) for text in texts(child)]


def judge_formats(name, body, media_type, plain, args):
    """The picture compressed, as DCMTK and pydicom decode it."""
    for pixels, (syntax, decoder, most) in FORMATS.items():
        file, decoded = args.work / f"{name}.{pixels}.dcm", args.work / f"{name}.{pixels}.plain.dcm"
        what = f"{name}, {pixels}:"
        file.write_bytes(post(args.url, f"secondary-captures?{PARAMETERS}&pixels={pixels}", body, media_type))
        for error in set(errors(file)) - set(errors(args.work / f"{name}.secondary-captures.dcm")):
            check(False, what, error)
        picture = pydicom.dcmread(file)
        check(picture.file_meta.TransferSyntaxUID == syntax, what, "has", picture.file_meta.TransferSyntaxUID)
        subprocess.run([decoder, file, decoded], check=True, capture_output=True)
        arrays = [pydicom.dcmread(decoded).pixel_array]
        if pixels == "rle":
            arrays.append(picture.pixel_array)
            check(picture.SOPInstanceUID == plain.SOPInstanceUID, what, "is another object")
        else:
            check(picture.LossyImageCompression == "01" and "ISO_10918_1" in str(picture.LossyImageCompressionMethod)
                  and picture.SOPInstanceUID != plain.SOPInstanceUID, what, "does not state its loss")
            check(file.stat().st_size < 0.25 * len(plain.PixelData), what, "takes", file.stat().st_size, "bytes")
        for array in arrays:
            difference = np.abs(array.astype(int) - plain.pixel_array).mean()
            check(difference <= most, what, "differs by", difference)


def judge(name, body, media_type, source, args):
    expected = json.loads(post(args.url, "localizations?force=true&minProbability=0.2", body, media_type))
    warnings = expected["warnings"]
    (args.work / f"{name}.expected.json").write_text(json.dumps(expected))
    expected = [tuple(box[key] for key in ("x", "y", "width", "height"))
                for finding in expected["findings"] for box in finding["boxes"]]
    repeated = set()
    if source is not None:
        (args.work / f"{name}.source.dcm").write_bytes(body)
        repeated = {error for error in errors(args.work / f"{name}.source.dcm")
                    if "invalid data values for Value Rep" in error or any(word in error for word in REPEATED)}
    picture = None
    for kind, sop_class in KINDS.items():
        file = args.work / f"{name}.{kind}.dcm"
        file.write_bytes(post(args.url, f"{kind}?{OF_KIND.get(kind, PARAMETERS)}", body, media_type))
        document = pydicom.dcmread(file)
        what = f"{name}, {kind}:"
        for error in errors(file):
            check(error in repeated, what, error)
        check(document.SOPClassUID == sop_class, what, "is a", document.SOPClassUID)
        referred = references(document)
        if kind == "secondary-captures":
            picture = document.SOPInstanceUID
            judge_formats(name, body, media_type, document, args)
        if kind == "structured-reports" and expected:
            check(picture in referred, what, "does not refer to the picture")
            referred.discard(picture)
        if source is None:
            capture = pydicom.dcmread(BytesIO(post(args.url, "secondary-captures?overlay=false", body, media_type)))
            (args.work / f"{name}.capture.dcm").write_bytes(
                post(args.url, "secondary-captures?overlay=false", body, media_type))
            for error in errors(args.work / f"{name}.capture.dcm"):
                check(False, what, error)
            check(referred == {capture.SOPInstanceUID}, what, "does not refer to the capture")
        else:
            check(referred == {source.SOPInstanceUID}, what, "refers to", referred)
            check(identity(file) == identity(BytesIO(body)), what, "has another identity", identity(file))
            for keyword in ("StudyInstanceUID", "PatientID", "PatientName", "AccessionNumber", "StudyDate"):
                theirs = str(source.get(keyword) or "")
                check(str(document.get(keyword) or "") == theirs, what, keyword, "was not taken over")
        if kind == "structured-reports":
            dump = subprocess.run(["dsrdump", "-q", file], capture_output=True, text=True, errors="replace")
            check(set(warnings) <= set(texts(document)), what, "lacks warnings of", warnings)
            check(dump.returncode == 0 and dump.stdout.count("Certainty of Finding") >= 14, what, "DCMTK cannot read it", dump.stderr)
        if kind == "presentation-states" and name in SHOWN:
            shown = rendered(args.work, name, body, file)
            likeness = np.corrcoef(shown.ravel(), source.pixel_array.ravel())[0, 1]
            check(likeness * SHOWN[name] > 0.8, what, "DCMTK shows the image with correlation", likeness)
        if kind == "secondary-captures":
            check(document.get("ImageComments", "") == " ".join(warnings), what, "lacks warnings of", warnings)
            check(document.pixel_array.shape[2] == 3 and document.BurnedInAnnotation == "YES", what, "is no burned-in picture")
            if source is not None:
                check(document.pixel_array.shape[:2] == (source.Rows, source.Columns), what, "has another size")
        else:
            found = boxes(kind, document)
            check(len(found) == len(expected), what, len(found), "boxes for", len(expected))
            close = len(found) == len(expected) and np.allclose(sorted(found), sorted(expected), atol=1e-2)
            check(close, what, "its boxes differ from the answer's")
    return len(expected)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--real", type=Path)
    args = parser.parse_args()
    jobs = [("png", SAMPLE.read_bytes(), "image/png", None)]
    for name, dataset in synthetic().items():
        body = written(dataset)
        jobs.append((name, body, "application/dicom", pydicom.dcmread(BytesIO(body))))
    for path in sorted(args.real.glob("*.dcm")) if args.real else []:
        jobs.append((path.stem, path.read_bytes(), "application/dicom", pydicom.dcmread(path)))
    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda job: judge(*job, args), jobs))
    for problem in problems:
        print(problem)
    print(f"{len(jobs)} images, {(len(KINDS) + len(FORMATS)) * len(jobs)} objects, {sum(counts)} boxes each way: {len(problems)} problems by dciodvfy,"
          " pydicom and DCMTK")
    sys.exit(1 if problems or not sum(counts) else 0)


if __name__ == "__main__":
    main()
