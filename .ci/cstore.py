# SPDX-License-Identifier: Apache-2.0
"""Scenarios with Orthanc as a gateway, the packaged service, and DCMTK as modality and PACS; run by .ci/cstore."""
import hashlib
import json
import secrets
import signal
import time

import pydicom
from orthanc import ORTHANC, PICTURE, REPORT, STATE, instances, send, start_orthanc, study
from running import JAR, WORK, call, get, kill, run, say, start, wait

SERVICE = "http://127.0.0.1:18082"
KEY = secrets.token_urlsafe()
ARCHIVE = WORK / "archive"
KEEP_SECONDS = 10


def start_gateway(**environment):
    start_orthanc(CXR_LOCALIZER_URL=SERVICE, CXR_LOCALIZER_KEY=KEY, RESULTS_HOST="127.0.0.1", RESULTS_PORT="11112",
                  RESULTS_AET="ARCHIVE", **environment)


def start_service():
    keys = WORK / "keys.json"
    keys.write_text(json.dumps([{"name": "hook", "scopes": ["pacs"], "sha256": hashlib.sha256(KEY.encode()).hexdigest()}]))
    start("service", [*JAR, "--server.port=18082"], OMP_WAIT_POLICY="PASSIVE", STATE_DIRECTORY=str(WORK / "state"),
          SECURITY_MODE="api-key", SECURITY_API_KEYS=str(keys), PACS_NODES_ORTHANC_BASEURL=f"{ORTHANC}/dicom-web")


def start_archive():
    ARCHIVE.mkdir(exist_ok=True)
    # Each arrival is a file of its own.
    start("archive", ["storescp", "--aetitle", "ARCHIVE", "--output-directory", str(ARCHIVE), "--unique-filenames", "11112"])


def received():
    found = []
    for file in ARCHIVE.iterdir():
        try:
            found.append(pydicom.dcmread(file, stop_before_pixels=True))
        except (pydicom.errors.InvalidDicomError, EOFError):
            pass  # it is being written
    return found


def judge(*studies):
    """The archive has one report, state and picture of each study's image, and nothing else."""
    wait("the results arrive", lambda: len(received()) >= 3 * len(studies))
    found = received()
    expected = sorted((uid, kind) for uid, _ in studies for kind in (REPORT, STATE, PICTURE))
    assert sorted((result.StudyInstanceUID, result.SOPClassUID) for result in found) == expected, found
    for result in found:
        references = {element.value for element in result.iterall() if element.keyword == "ReferencedSOPInstanceUID"}
        assert result.SOPClassUID == PICTURE or f"{result.StudyInstanceUID}.1.1" in references, result
        assert result.Manufacturer == "cxr-localizer", result
    say(f"{len(found)} results of {len(studies)} images")


def judge_second():
    """A result that comes in the second of its image arrives, though Orthanc's times are in seconds and it has just been killed."""
    uid, (image,) = study(4, 1, "not_a_chest_skull_dx.dcm")  # which gets no result of the service
    result = pydicom.dcmread(image)
    result.SeriesInstanceUID, result.Manufacturer = f"{uid}.2", "cxr-localizer"
    result.SOPInstanceUID = result.file_meta.MediaStorageSOPInstanceUID = f"{uid}.2.1"
    result.save_as(WORK / "result.dcm")
    time.sleep(1.02 - time.time() % 1)  # a second begins
    send([image])
    kill("orthanc")
    start_gateway()
    wait("the hook has requested it", lambda: any(
        get(f"{ORTHANC}/studies/{found['ID']}/metadata?expand").get("9101") for found in json.loads(call(f"{ORTHANC}/tools/lookup", uid.encode()))))
    call(f"{ORTHANC}/instances", (WORK / "result.dcm").read_bytes())
    wait("it arrives", lambda: any(found.SOPInstanceUID == result.SOPInstanceUID for found in received()))
    for file in ARCHIVE.iterdir():
        if pydicom.dcmread(file, stop_before_pixels=True).StudyInstanceUID == uid:
            file.unlink()
    return uid


def failures():
    return [job for job in get(f"{ORTHANC}/jobs?expand") if job["State"] == "Failure"]


def main():
    say("an image comes before the service answers")
    first = study(1, 1)
    start_gateway()
    send(first[1])
    wait("the hook calls in vain", lambda: "did not accept study" in (WORK / "orthanc.log").read_text())
    start_archive()
    start_service()
    wait("the service is ready", lambda: call(f"{SERVICE}/actuator/health/readiness"))
    judge(first)

    say("a result comes in the second of its image")
    fourth = judge_second()

    say("the archive goes away, an image comes")
    kill("archive")
    second = study(2, 1, "cr_pa_jpeg_baseline_rsna.dcm")
    send(second[1])
    wait("Orthanc has the results", lambda: len(instances(second[0])) == 4)
    wait("Orthanc tries to send them", lambda: len(failures()) >= 2)

    say("Orthanc is killed as soon as it has another image")
    third = study(3, 1)
    send(third[1])
    kill("orthanc")
    start_gateway()
    wait("Orthanc has the results", lambda: len(instances(third[0])) == 4)
    complete = time.monotonic()

    say("Orthanc is stopped, and started with a retention that is short")
    kill("orthanc", signal.SIGTERM)
    start_gateway(KEEP_DAYS=str(KEEP_SECONDS / 86400))
    wait("what was sent is removed", lambda: not instances(first[0]))
    wait("the rest has aged", lambda: time.monotonic() > complete + KEEP_SECONDS + 2)
    assert [len(instances(uid)) for uid, _ in (second, third)] == [4, 4]

    say("the archive comes back")
    judged = len(received())
    assert judged == 3, judged
    start_archive()
    judge(first, second, third)

    say("Orthanc is started again: it sends nothing more, and removes what was sent")
    kill("orthanc", signal.SIGTERM)
    start_gateway(KEEP_DAYS=str(KEEP_SECONDS / 86400))
    wait("all is removed", lambda: get(f"{ORTHANC}/studies") == [])
    judge(first, second, third)

    jobs = json.loads(call(f"{SERVICE}/v1/pacs/jobs", **{"X-API-Key": KEY}))["jobs"]
    assert sorted(job["studyUid"] for job in jobs) == [*(uid for uid, _ in (first, second, third)), fourth], jobs
    say("all of it holds")


run(main)
