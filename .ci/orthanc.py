# SPDX-License-Identifier: Apache-2.0
"""A real Orthanc with docker/orthanc's configuration and hook, and studies to send to it."""
import json
import subprocess
from pathlib import Path

import pydicom
from running import WORK, get, start, wait

ORTHANC = "http://127.0.0.1:8042"
REPORT, STATE, PICTURE = "1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.5.1.4.1.1.7"


def start_orthanc(**environment):
    configuration = json.loads(Path("docker/orthanc/orthanc.json").read_text())
    configuration |= {
        "StorageDirectory": str(WORK / "orthanc"), "IndexDirectory": str(WORK / "orthanc"), "AuthenticationEnabled": False,
        "StableAge": 1, "LuaScripts": [str(Path("docker/orthanc/hook.lua").resolve())],
        "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"]}
    del configuration["RegisteredUsers"]
    (WORK / "orthanc.json").write_text(json.dumps(configuration))
    start("orthanc", ["Orthanc", str(WORK / "orthanc.json")], **environment)
    wait("Orthanc answers", lambda: get(f"{ORTHANC}/system"))


def study(number, images, source="cr_pa_jpeg_baseline.dcm"):
    """Files of a new study, made from a real one."""
    files = []
    for image in range(images):
        dataset = pydicom.dcmread(f"../shared/nih/dicom/{source}")
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"1.2.826.0.1.3680043.8.498.{number}", f"1.2.826.0.1.3680043.8.498.{number}.1"
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"1.2.826.0.1.3680043.8.498.{number}.1.{image + 1}"
        dataset.PatientID = f"P{number}"
        files.append(WORK / f"{number}-{image}.dcm")
        dataset.save_as(files[-1])
    return f"1.2.826.0.1.3680043.8.498.{number}", files


def send(files):
    subprocess.run(["storescu", "-xy", "127.0.0.1", "4242", *map(str, files)], check=True, capture_output=True)


def instances(uid):
    return get(f"{ORTHANC}/dicom-web/studies/{uid}/instances?includefield=00080016")
