# SPDX-License-Identifier: Apache-2.0
"""
One node on PostgreSQL evaluates an image for each of the 112,120 names of the dataset, and then the 880 that have boxes alone. The
pictures are those at hand, over and over, so the figures of its reports say nothing; what is measured is how much an evaluation of
this size keeps, and what is left to do when the last image is done. See the script dataset.
"""
import csv
import gzip
import json
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path

from running import NIH, WORK, call, get, pictures, run, running, start, start_database, wait

DATABASE, PORT = 15435, 18094
LABELS = NIH / "Data_Entry_2017_v2020.csv.gz"
IMAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 112_120
HEAP = sys.argv[2] if len(sys.argv) > 2 else "2g"
SERVICE = f"http://127.0.0.1:{PORT}"


def collect_images():
    with open(NIH / "BBox_List_2017.csv", newline="") as lines:
        boxed = {row["Image Index"] for row in csv.DictReader(lines)}
    with gzip.open(LABELS, "rt", newline="") as lines:
        names = sorted((row["Image Index"] for row in csv.DictReader(lines)), key=lambda name: name not in boxed)
    own = {picture.name: picture for picture in pictures()}
    for directory in ["whole", "boxed"]:
        (WORK / directory).mkdir()
    for name, picture in zip(names[:IMAGES], cycle(own.values())):
        for directory in ["whole", "boxed"] if name in boxed else ["whole"]:
            (WORK / directory / name).symlink_to(own.get(name, picture))


def memory(field):
    """MiB."""
    status = Path(f"/proc/{running['node'].pid}/status").read_text()
    return int(next(line for line in status.split("\n") if line.startswith(field)).split()[1]) / 1024


def in_database():
    """MiB of predictions."""
    query = "select coalesce(sum(octet_length(predictions)), 0) from evaluation_chunk"
    answer = subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(DATABASE), "-U", "postgres", "-At", "-c", query, "cxr"],
                            capture_output=True, text=True, check=True).stdout
    return int(answer) / 2**20


def evaluate(dataset):
    began = time.monotonic()
    body = json.dumps({"dataset": dataset, "methods": ["layercam"], "policies": [{"type": "wang"}]}).encode()
    id = json.loads(call(f"{SERVICE}/v1/evaluations", body, **{"Content-Type": "application/json"}))["id"]
    found = kept = None
    while True:
        job = get(f"{SERVICE}/v1/evaluations/{id}")
        assert job["state"] in ("QUEUED", "RUNNING", "SUCCEEDED"), job
        if found is None and job["imagesDone"] == job["imagesTotal"] > 0:
            found, kept, before = time.monotonic(), in_database(), memory("VmRSS")
        if job["finished"]:
            break
        time.sleep(0.2)
    ended = time.monotonic()
    report = sum(path.stat().st_size for path in (WORK / "state").rglob(f"*{id}*/**/*") if path.is_file()) / 2**20
    print(f"{dataset}: {job['imagesTotal']} images in {found - began:.0f} s, {job['imagesTotal'] / (found - began):.0f} a second;"
          f" {kept:.1f} MiB of predictions in the database, {kept * 2**20 / job['imagesTotal']:.0f} bytes an image", flush=True)
    print(f"  then {ended - found:.1f} s to the report of {report:.0f} MiB; {before:.0f} MiB were resident before,"
          f" {memory('VmHWM'):.0f} MiB at the most", flush=True)


def main():
    collect_images()
    start_database(DATABASE)
    start("node", ["java", f"-Xmx{HEAP}", "-XX:+ExitOnOutOfMemoryError", "-jar", "target/cxr-localizer.jar", f"--server.port={PORT}", "--evaluation.threads=2", "--evaluation.memory=2GB",
                   f"--evaluation.roots={NIH}", "--logging.threshold.console=WARN",
                   *(f"--evaluation.datasets.{name}.{what}" for name in ["whole", "boxed"]
                     for what in [f"images={WORK / name}", f"labels=file:{LABELS}"])],
          OMP_WAIT_POLICY="PASSIVE", STATE_DIRECTORY=str(WORK / "state"),
          DATABASE_URL=f"jdbc:postgresql://127.0.0.1:{DATABASE}/cxr", DATABASE_USER="postgres")
    wait("it is ready", lambda: call(f"{SERVICE}/actuator/health/readiness"))
    for dataset in ["boxed", "boxed", "whole", "boxed"]:
        evaluate(dataset)


run(main)
