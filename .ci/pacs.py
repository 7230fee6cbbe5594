# SPDX-License-Identifier: Apache-2.0
"""Scenarios with a real Orthanc, PostgreSQL and the packaged service; run by .ci/pacs in a network namespace."""
import json
import time
from io import BytesIO

import pydicom
from orthanc import ORTHANC, PICTURE, REPORT, STATE, instances, send, start_orthanc, study
from running import JAR, WORK, call, get, kill, run, say, start, start_database, wait

SERVICE = "http://127.0.0.1:18082"
KINDS = [REPORT, STATE, PICTURE]


def start_service():
    start("service", [*JAR, "--server.port=18082", "--jobrunr.jobs.retry-back-off-time-seed=1"],
          OMP_WAIT_POLICY="PASSIVE", STATE_DIRECTORY=str(WORK / "state"), DATABASE_URL="jdbc:postgresql://127.0.0.1/cxr",
          DATABASE_USER="postgres", PACS_NODES_ORTHANC_BASEURL=f"{ORTHANC}/dicom-web", PACS_NODES_ORTHANC_TIMEOUT="20s")
    wait("the service is ready", lambda: call(f"{SERVICE}/actuator/health/readiness"))


def stow(files):
    body = b"".join(b"--b\r\nContent-Type: application/dicom\r\n\r\n" + file.read_bytes() + b"\r\n" for file in files) + b"--b--\r\n"
    call(f"{ORTHANC}/dicom-web/studies", body, **{"Content-Type": 'multipart/related; type="application/dicom"; boundary=b'})


def localize(uid):
    return json.loads(call(f"{SERVICE}/v1/pacs/orthanc/studies/{uid}", b""))


def jobs(uid):
    return [job for job in get(f"{SERVICE}/v1/pacs/jobs")["jobs"] if job["studyUid"] == uid]


def settled(uid, images):
    """Whether all jobs of a study have ended, well, and the study has its results."""
    states = [job["state"] for job in jobs(uid)]
    return states and set(states) == {"SUCCEEDED"} and len(instances(uid)) >= images * (1 + len(KINDS))


def judge(uid, images):
    """Exactly one set of results for each image, each referring to it."""
    wait("the results are in the study", lambda: settled(uid, images))
    time.sleep(3)  # for what must not come: the hook's answer to our own results
    wait("the jobs ended", lambda: settled(uid, images))
    found = instances(uid)
    count = {kind: 0 for kind in KINDS}
    for instance in found:
        if instance["00080018"]["Value"][0].startswith(uid):
            continue  # the real images are secondary captures too
        kind = instance["00080016"]["Value"][0]
        if kind in count:
            count[kind] += 1
    assert len(found) == images * (1 + len(KINDS)), f"{len(found)} objects in the study of {images} images: {count}"
    assert set(count.values()) == {images}, count
    references, results = {}, {}
    for series in get(f"{ORTHANC}/series"):
        about = get(f"{ORTHANC}/series/{series}")
        if about["MainDicomTags"].get("Manufacturer") != "cxr-localizer":
            continue
        for instance in about["Instances"]:
            dataset = pydicom.dcmread(BytesIO(call(f"{ORTHANC}/instances/{instance}/file")))
            if dataset.StudyInstanceUID == uid:
                results[dataset.SOPInstanceUID] = dataset.SOPClassUID
                for element in dataset.iterall():
                    if element.keyword == "ReferencedSOPInstanceUID":
                        references.setdefault(element.value, set()).add(dataset.SOPClassUID)
    # A report refers to its picture besides.
    pictures = {result for result, kind in results.items() if kind == PICTURE}
    assert {it: references.pop(it, None) for it in pictures} == dict.fromkeys(pictures, {REPORT}), references
    assert len(references) == images and all(kinds == set(KINDS) for kinds in references.values()), references
    say(f"{images} images, {len(found) - images} results: one set each; {len(jobs(uid))} jobs")


def main():
    start_database()
    start_orthanc(CXR_LOCALIZER_URL=SERVICE)
    start_service()

    say("storescu: the hook calls, the results come back")
    uid, files = study(1, 2)
    send(files)
    judge(uid, 2)

    say("STOW: the same")
    uid, files = study(2, 1, "cr_pa_15bit_monochrome1_jpeg2000.dcm")
    stow(files)
    judge(uid, 1)

    say("the same event ten times")
    ids = {localize(uid)["id"] for _ in range(10)}
    judge(uid, 1)
    say(f"they were {len(ids)} jobs")

    say("an image comes later")
    uid, files = study(1, 3)
    send(files[2:])
    judge(uid, 3)

    say("Orthanc is killed while a job runs, and comes back")
    uid, files = study(3, 6)
    send(files)
    wait("results come", lambda: len(instances(uid)) > 6)
    kill("orthanc")
    time.sleep(2)
    start_orthanc(CXR_LOCALIZER_URL=SERVICE)
    judge(uid, 6)

    say("the service is killed while a job runs, and comes back")
    uid, files = study(4, 6)
    send(files)
    wait("results come", lambda: len(instances(uid)) > 6)
    kill("service")
    start_service()
    judge(uid, 6)

    say("what cannot be localized ends with a reason")
    job = localize("1.2.3.4.5")
    job = wait("the job ended", lambda: next((j for j in jobs("1.2.3.4.5") if j["state"] == "FAILED"), None))
    assert "no such study" in job["failure"], job
    uid, files = study(5, 1, "not_a_chest_skull_dx.dcm")
    send(files)
    job = wait("the job ended", lambda: next((j for j in jobs(uid) if j["state"] == "FAILED"), None))
    assert "frontal" in job["failure"] and len(instances(uid)) == 1, job
    say("all of it holds")


run(main)
