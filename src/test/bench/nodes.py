"""One process that evaluates alone, against three that share a PostgreSQL, in alternation. See the script nodes."""
import json
import os
import statistics
import sys
import time
from pathlib import Path

from running import WORK, call, get, kill, run, running, start, start_database, wait

DATABASE, PORT = 15434, 18090
NIH = Path("../shared/nih").resolve()
IMAGES = WORK / "images"
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3


def collect_images():
    IMAGES.mkdir()
    for folder in ["boxed", "test_unboxed"]:
        for image in sorted((NIH / folder).rglob("*.*g")):
            (IMAGES / image.name).symlink_to(image)


def start_nodes(kind, roles, database):
    for number, role in enumerate(roles):
        start(f"{kind}{number}", ["java", "-jar", "target/cxr-localizer.jar", f"--server.port={PORT + number}",
                                  f"--roles={role}", "--evaluation.threads=2", f"--evaluation.datasets.all.images={IMAGES}",
                                  f"--evaluation.roots={NIH}",
                                  "--logging.threshold.console=WARN"],
              OMP_WAIT_POLICY="PASSIVE", STATE_DIRECTORY=str(WORK / kind), INFERENCE_VARIANT="reference", **database)
    for number in range(len(roles)):
        wait("it is ready", lambda: call(f"http://127.0.0.1:{PORT + number}/actuator/health/readiness"))


def processor_seconds():
    total = 0
    for process in list(running.values()):
        for thread in [process.pid, *children(process.pid)]:
            try:
                fields = Path(f"/proc/{thread}/stat").read_text().rsplit(")", 1)[1].split()
            except FileNotFoundError:
                continue  # it has ended meanwhile
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def children(pid):
    try:
        direct = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return direct + [grandchild for child in direct for grandchild in children(child)]


def evaluate():
    """
    Images a second, and processor time of all processes for each, between a tenth and nine tenths of the images; and the
    seconds that scoring takes for each.
    """
    body = json.dumps({"dataset": "all", "policies": [{"type": "wang"}], "draws": 1}).encode()
    base = f"http://127.0.0.1:{PORT}/v1/evaluations"
    id = json.loads(call(base, body, **{"Content-Type": "application/json"}))["id"]
    marks = []
    while True:
        job = get(f"{base}/{id}")
        assert job["state"] in ("QUEUED", "RUNNING", "SUCCEEDED"), job
        marks.append((job["imagesDone"] / max(1, job["imagesTotal"]), time.monotonic(), processor_seconds(), job["imagesDone"]))
        if job["finished"]:
            break
        time.sleep(0.1)
    first = next(mark for mark in marks if mark[0] >= 0.1)
    last = next(mark for mark in marks if mark[0] >= 0.9)
    images = last[3] - first[3]
    found = next(mark for mark in marks if mark[0] == 1)
    return images / (last[1] - first[1]), (last[2] - first[2]) / images, (marks[-1][1] - found[1]) / job["imagesTotal"]


def measure(kind, roles, database):
    start_nodes(kind, roles, database)
    for _ in range(2 * len(roles)):
        evaluate()  # each node has its own compiled code to make
    rate, cost, scoring = evaluate()
    for name in [name for name in running if name.startswith(kind)]:
        kill(name)
    print(f"{kind}: {rate:.1f} images/s, {cost * 1000:.1f} ms of processor time each; scoring {scoring * 1000:.1f} ms each", flush=True)
    return rate, cost


def main():
    collect_images()
    start_database(DATABASE)
    shared = dict(DATABASE_URL=f"jdbc:postgresql://127.0.0.1:{DATABASE}/cxr", DATABASE_USER="postgres")
    alone, three = [], []
    for _ in range(ROUNDS):
        alone.append(measure("alone", ["api,worker"], {}))
        three.append(measure("three", ["api,worker", "worker", "worker"], shared))
    for name, at in [("rate", 0), ("processor time of an image", 1)]:
        ratios = [many[at] / one[at] for one, many in zip(alone, three)]
        print(f"three nodes against one, {name}: × {statistics.median(ratios):.3f}"
              f" (of {', '.join(f'{ratio:.3f}' for ratio in ratios)})")


run(main)
