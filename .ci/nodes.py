# SPDX-License-Identifier: Apache-2.0
"""An API node and three workers on one PostgreSQL: two workers die while they work, the database too; nothing is lost. See .ci/nodes."""
import json
import os
import re
import signal
import subprocess
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from running import JAR, NIH, WORK, call, family, get, kill, pictures, run, running, say, start, start_database, stop_database, wait

DATABASE = 15433
API = 18084
LABELS = NIH / "Data_Entry_2017_v2020.csv.gz"
IMAGES = WORK / "images"
SAMPLE = Path("src/main/resources/samples/00022215_012.png")


def collect_images():
    """Those with boxes and some of the others; CXR_ALL=yes takes all."""
    IMAGES.mkdir()
    for image in list(pictures())[:None if os.environ.get("CXR_ALL") == "yes" else 600]:
        (IMAGES / image.name).symlink_to(image)
    return len(list(IMAGES.iterdir()))


def start_node(name, port, roles, *settings):
    start(name, [*JAR, f"--server.port={port}", f"--roles={roles}",
                 f"--evaluation.datasets.all.images={IMAGES}", f"--evaluation.roots={NIH}", f"--evaluation.datasets.all.labels=file:{LABELS}",
                 *settings],
          OMP_WAIT_POLICY="PASSIVE", STATE_DIRECTORY=str(WORK / "state"), INFERENCE_VARIANT="reference",
          DATABASE_URL=f"jdbc:postgresql://127.0.0.1:{DATABASE}/cxr", DATABASE_USER="postgres")


def await_node(name, port):
    wait(f"{name} is ready", lambda: call(f"http://127.0.0.1:{port}/actuator/health/readiness"))


def evaluation(id):
    found = get(f"http://127.0.0.1:{API}/v1/evaluations/{id}")
    assert found["state"] != "FAILED", found
    return found


def spent(name):
    """Seconds of processor time."""
    fields = Path(f"/proc/{running[name].pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def waiting(port):
    """What an autoscaler reads of a node."""
    metrics = call(f"http://127.0.0.1:{port}/actuator/prometheus").decode().splitlines()
    return float(next(line for line in metrics if line.startswith("cxr_evaluations_waiting_images")).split()[-1])


def tell_database(what):
    for pid in family(running["database"].pid):
        os.kill(pid, what)


def limits():
    """Both nodes count a key's requests together, and each alone while the database is away or does not answer."""
    say("two nodes that let each key send 30 requests")
    keys = {}
    for name in ["viewer", "flood", "during", "silent"]:
        made = subprocess.run([*JAR, "keys", "make", name, "--scopes", "localize"], check=True, capture_output=True, text=True).stdout
        keys[re.search("cxr_[A-Za-z0-9_-]+", made).group()] = made[made.index("{"):made.rindex("}") + 1]
    (WORK / "keys.json").write_text(f"[{','.join(keys.values())}]")
    viewer, flood, during, silent = keys
    ports = [API, API + 1]
    for port in ports:
        start_node(f"limited{port}", port, "api", "--security.mode=api-key", f"--security.api-keys={WORK / 'keys.json'}",
                   "--security.requests-per-minute=1", "--security.burst=30")
    for port in ports:
        await_node(f"limited{port}", port)

    def ask(key, port):
        """Whether it was answered, and how long that took."""
        start = time.monotonic()
        try:
            call(f"http://127.0.0.1:{port}/v1/models", **{"X-API-Key": key})
            is_answered = True
        except urllib.error.HTTPError as problem:
            assert problem.code == 429 and int(problem.headers["Retry-After"]) <= 60, (problem.code, problem.headers)
            is_answered = False
        return is_answered, time.monotonic() - start

    def answered(key, times, callers=1):
        """How many of so many requests to each node were answered, and how long the longest took."""
        with ThreadPoolExecutor(callers) as threads:
            answers = list(threads.map(lambda port: ask(key, port), ports * times))
        return sum(is_answered for is_answered, _ in answers), max(took for _, took in answers)

    def is_away(port):
        return "The database does not answer" in (WORK / f"limited{port}.log").read_text()

    count, _ = answered(viewer, 40)
    assert count in (30, 31), count
    flooded, _ = answered(flood, 400, callers=64)
    assert flooded in (30, 31), flooded
    assert not any(is_away(port) for port in ports), "a flood is no outage"
    say(f"{count} of 80 were answered, and {flooded} of 800 that 64 callers sent at once")

    stop_database()
    alone, longest = answered(during, 40)
    say(f"{alone} of 80 without the database, the slowest within {longest:.1f} s")
    assert alone in (60, 61, 62) and longest < 2, (alone, longest)
    assert all(is_away(port) for port in ports), "each node has noticed"
    start_database(DATABASE)
    time.sleep(6)
    again, _ = answered(viewer, 10)
    assert again <= 2, again
    say(f"{again} of 20 when the database is back")

    tell_database(signal.SIGSTOP)
    try:
        alone, longest = answered(silent, 40)
    finally:
        tell_database(signal.SIGCONT)
    say(f"{alone} of 80 while the database does not answer, the slowest within {longest:.1f} s")
    assert alone in (60, 61, 62) and longest < 4, (alone, longest)


def main():
    count = collect_images()
    assert count >= 600, count
    start_database(DATABASE)
    say("four nodes come at once to a database without tables")
    workers = [f"worker{number}" for number in range(1, 4)]
    start_node("api", API, "api")
    for number, name in enumerate(workers, 1):
        start_node(name, API + number, "worker")
    for number, name in enumerate(["api", *workers]):
        await_node(name, API + number)

    say(f"an evaluation of {count} images on three workers; two are killed")
    body = json.dumps({"dataset": "all", "methods": ["layercam"], "policies": [{"type": "wang"}], "draws": 200}).encode()
    before = {name: spent(name) for name in workers}
    id = json.loads(call(f"http://127.0.0.1:{API}/v1/evaluations", body, **{"Content-Type": "application/json"}))["id"]
    wait("it runs", lambda: evaluation(id)["imagesDone"] > count / 4)
    wait("all of them work", lambda: min(spent(name) - before[name] for name in workers) > 1)
    assert not evaluation(id)["finished"], "they still do"
    say("processor time of each worker:", ", ".join(f"{spent(name) - before[name]:.1f} s" for name in workers))
    kill(workers[0])
    kill(workers[1])
    done = evaluation(id)["imagesDone"]
    say(f"two are gone after {done} images")
    wait("the other one goes on", lambda: evaluation(id)["imagesDone"] > done + 20)

    for port in [API, API + 3]:
        wait("the node reports what waits", lambda: 0 < waiting(port) < count)

    say("the database is away for a minute; images are answered meanwhile")
    stop_database()
    away, slowest, answered = time.monotonic(), 0, 0
    while time.monotonic() - away < 60:
        start = time.monotonic()
        assert b"findings" in call(f"http://127.0.0.1:{API}/v1/localizations", SAMPLE.read_bytes(), **{"Content-Type": "image/png"})
        slowest, answered = max(slowest, time.monotonic() - start), answered + 1
        time.sleep(1)
    say(f"{answered} images were, the slowest within {slowest:.1f} s")
    try:
        evaluation(id)
        raise AssertionError("there is no database")
    except urllib.error.HTTPError as problem:
        assert problem.code == 503 and b"not-ready" in problem.read(), problem.code
    start_database(DATABASE)
    back = time.monotonic()
    wait("the API answers again", lambda: evaluation(id))
    done = evaluation(id)["imagesDone"]
    wait("the worker that is left goes on", lambda: evaluation(id)["imagesDone"] > done)
    say(f"the worker that is left goes on after {time.monotonic() - back:.0f} s")

    say("a new worker comes")
    start_node("worker4", API + 4, "worker")
    await_node("worker4", API + 4)
    ended = wait("it has ended", lambda: (lambda it: it if it["finished"] else None)(evaluation(id)), seconds=300)
    assert ended["state"] == "SUCCEEDED", ended
    assert ended["imagesDone"] == ended["imagesTotal"] == count, ended
    distributed = call(f"http://127.0.0.1:{API}/v1/evaluations/{id}/report.json")

    for name in [name for name in running if name != "database"]:
        kill(name)
    limits()

    say("the same in one process")
    alone = WORK / "alone"
    subprocess.run([*JAR, "evaluate", "--images", IMAGES, "--labels", LABELS,
                    "--method", "layercam", "--policy", "wang", "--draws", "200", "--out", alone], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, env={**os.environ, "INFERENCE_VARIANT": "reference"})
    assert (alone / "report.json").read_bytes() == distributed, "the reports differ"
    lines = (WORK / "state" / id / "predictions.jsonl").read_text().splitlines()
    assert sorted(lines[1:]) == sorted((alone / "predictions.jsonl").read_text().splitlines()[1:]), "the predictions differ"
    say(f"the same report, {len(distributed)} bytes, of the same {len(lines) - 1} predictions")


run(main)
