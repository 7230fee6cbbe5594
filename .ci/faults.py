# SPDX-License-Identifier: Apache-2.0
"""The service on a disk that fills up, and with a clock that jumps, while images and an evaluation come. See .ci/faults."""
import glob
import json
import signal
import subprocess
import sys
import time
import urllib.error
from pathlib import Path

from running import JAR, WORK, call, get, kill, run, say, start, wait

PORT = 18096
BASE = f"http://127.0.0.1:{PORT}"
SAMPLES = Path("src/main/resources/samples").resolve()
IMAGE = (SAMPLES / "00022215_012.png").read_bytes()
# With a slow clock few images take as long as many without.
DATASETS = {"many": 240, "few": 60}


def start_service(name, seconds=120, **environment):
    start(name, [*JAR, f"--server.port={PORT}", "--evaluation.chunk-size=4",
                 *(f"--evaluation.datasets.{it}.images={WORK / it}" for it in DATASETS)],
          OMP_WAIT_POLICY="PASSIVE", INFERENCE_VARIANT="reference", **environment)
    wait("it is ready", lambda: call(f"{BASE}/actuator/health/readiness"), seconds)


def localize():
    return json.loads(call(f"{BASE}/v1/localizations", IMAGE, **{"Content-Type": "image/png"}))


def submit(dataset="many"):
    body = json.dumps({"dataset": dataset, "methods": ["layercam"], "policies": [{"type": "wang"}], "draws": 50}).encode()
    return json.loads(call(f"{BASE}/v1/evaluations", body, **{"Content-Type": "application/json"}))["id"]


def evaluation(id):
    return get(f"{BASE}/v1/evaluations/{id}")


def succeeded(id, seconds=90):
    job = wait("it has ended", lambda: (lambda it: it if it["finished"] else None)(evaluation(id)), seconds)
    assert job["state"] == "SUCCEEDED", job
    return call(f"{BASE}/v1/evaluations/{id}/report.json")


def full_disk(expected):
    disk = WORK / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "none", str(disk)], check=True)
    start_service("full", STATE_DIRECTORY=str(disk))
    id = submit()
    wait("it runs", lambda: evaluation(id)["imagesDone"] > 20)
    filler = disk / "filler"
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            pass
    time.sleep(2)
    say("the disk is full")
    answer = localize()
    for _ in range(20):
        assert localize() == answer, "images are answered as before"
    def upload():
        header = b"Image Index,Finding Label,x,y,w,h,Score\n"
        call(f"{BASE}/v1/evaluations", header + b"00022215_012.png,Effusion,1,2,3,4,0.5\n" * 4000, **{"Content-Type": "text/csv"})

    for request in (submit, upload):
        try:
            request()
            raise AssertionError("there is no room for an evaluation")
        except urllib.error.HTTPError as problem:
            assert problem.code == 503 and b"not-ready" in problem.read(), problem.code
    filler.unlink()
    say("there is room again")
    assert succeeded(id, 150) == expected, "the report differs"
    say("the evaluation has ended with the same report")
    assert succeeded(submit()) == expected, "the report of another one differs"
    kill("full", signal.SIGTERM)
    subprocess.run(["umount", "-l", str(disk)], check=True)


def jumping_clock(expected):
    now = WORK / "now"
    now.write_text("+0")
    library = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")[0]
    # Each look at the clock goes through the library, which makes a start ten times as long.
    start_service("clock", 480, STATE_DIRECTORY=str(WORK / "clock"), LD_PRELOAD=library, FAKETIME_TIMESTAMP_FILE=str(now),
                  FAKETIME_CACHE_DURATION="1", DONT_FAKE_MONOTONIC="1", FAKETIME_DONT_FAKE_MONOTONIC="1")
    answer = localize()
    id = submit("few")
    wait("it runs", lambda: evaluation(id)["imagesDone"] > 4)
    for jump in ["+3600", "-3600", "+0"]:
        now.write_text(jump)
        began = time.monotonic()
        time.sleep(2)
        for _ in range(10):
            assert localize() == answer
        call(f"{BASE}/actuator/health/readiness")
        say(f"after a jump to {jump} s: {evaluation(id)['imagesDone']} images, answers within {time.monotonic() - began - 2:.1f} s")
    assert succeeded(id, 600) == expected, "the report differs"
    assert succeeded(submit("few"), 600), "jobs go on after the jumps"
    say("evaluations end with the same report")
    kill("clock")


def main():
    for dataset, images in DATASETS.items():
        (WORK / dataset).mkdir()
        for number in range(images):
            (WORK / dataset / f"{90_000_000 + number}_000.png").write_bytes(IMAGE)
    start_service("plain", STATE_DIRECTORY=str(WORK / "plain"))
    expected = {dataset: succeeded(submit(dataset)) for dataset in DATASETS}
    kill("plain")
    full_disk(expected["many"])
    if "clock" in sys.argv:
        jumping_clock(expected["few"])


run(main)
