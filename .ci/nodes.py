"""Three nodes of the service on one PostgreSQL: two workers die while they work, the database too; nothing is lost. See .ci/nodes."""
import json
import os
import signal
import subprocess
import time
import urllib.error
from pathlib import Path

from running import WORK, call, get, kill, run, running, say, start, start_database, wait

DATABASE = 15433
API = 18084
NIH = Path("../shared/nih").resolve()
IMAGES, LABELS = NIH / "boxed", NIH / "Data_Entry_2017_v2020.csv.gz"


def start_node(name, port, roles):
    start(name, ["java", "-jar", "target/cxr-localizer.jar", f"--server.port={port}", f"--roles={roles}",
                 f"--evaluation.datasets.boxed.images={IMAGES}", f"--evaluation.datasets.boxed.labels=file:{LABELS}"],
          OMP_WAIT_POLICY="PASSIVE", STATE_DIRECTORY=str(WORK / "state"), INFERENCE_VARIANT="reference",
          DATABASE_URL=f"jdbc:postgresql://127.0.0.1:{DATABASE}/cxr", DATABASE_USER="postgres")
    wait(f"{name} is ready", lambda: call(f"http://127.0.0.1:{port}/actuator/health/readiness"))


def evaluation(id):
    found = get(f"http://127.0.0.1:{API}/v1/evaluations/{id}")
    assert found["state"] != "FAILED", found
    return found


def working():
    """The worker whose processor time grows most."""
    def spent(name):
        fields = Path(f"/proc/{running[name].pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])
    names = [name for name in running if name.startswith("worker")]
    before = {name: spent(name) for name in names}
    time.sleep(1)
    return max(names, key=lambda name: spent(name) - before[name])


def main():
    start_database(DATABASE)
    start_node("api", API, "api")
    for number in range(1, 3):
        start_node(f"worker{number}", API + number, "worker")

    say("an evaluation of 240 images; the worker that has it is killed")
    body = json.dumps({"dataset": "boxed", "policies": [{"type": "wang"}], "draws": 200}).encode()
    id = json.loads(call(f"http://127.0.0.1:{API}/v1/evaluations", body, **{"Content-Type": "application/json"}))["id"]
    wait("it runs", lambda: evaluation(id)["imagesDone"] > 20)
    name = working()
    kill(name)
    done = evaluation(id)["imagesDone"]
    say(f"{name} is gone after {done} images")
    wait("the other one goes on", lambda: evaluation(id)["imagesDone"] > done + 20)

    say("the database is restarted")
    kill("database", signal.SIGTERM)
    time.sleep(5)
    try:
        evaluation(id)
        raise AssertionError("there is no database")
    except urllib.error.HTTPError as problem:
        assert problem.code == 503 and b"not-ready" in problem.read(), problem.code
    start_database(DATABASE)
    wait("the API answers again", lambda: evaluation(id))

    say("the other worker is killed too, and a new one comes")
    kill(next(name for name in running if name.startswith("worker")))
    start_node("worker3", API + 3, "worker")
    ended = wait("it has ended", lambda: (lambda it: it if it["finished"] else None)(evaluation(id)), seconds=300)
    assert ended["state"] == "SUCCEEDED", ended
    assert ended["imagesDone"] == ended["imagesTotal"] == 240, ended
    distributed = call(f"http://127.0.0.1:{API}/v1/evaluations/{id}/report.json")

    say("the same in one process")
    alone = WORK / "alone"
    subprocess.run(["java", "-jar", "target/cxr-localizer.jar", "evaluate", "--images", IMAGES, "--labels", LABELS,
                    "--policy", "wang", "--draws", "200", "--out", alone], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, env={**os.environ, "INFERENCE_VARIANT": "reference"})
    assert (alone / "report.json").read_bytes() == distributed, "the reports differ"
    say(f"the same report, {len(distributed)} bytes")


run(main)
