"""One process that evaluates alone, against three that share a PostgreSQL, in alternation, with as many threads in all. See
the script nodes."""
import statistics
import sys
from pathlib import Path

from evaluating import evaluate
from running import WORK, call, kill, run, running, start, start_database, wait

DATABASE, PORT = 15434, 18090
NIH = Path("../shared/nih").resolve()
IMAGES = WORK / "images"
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
THREADS, WARM_UPS, RUNS = 3, 4, 4


def collect_images():
    IMAGES.mkdir()
    for folder in ["boxed", "test_unboxed"]:
        for image in sorted((NIH / folder).rglob("*.*g")):
            (IMAGES / image.name).symlink_to(image)


def start_nodes(kind, roles, database):
    threads = THREADS // len(roles)
    for number, role in enumerate(roles):
        start(f"{kind}{number}", ["java", "-jar", "target/cxr-localizer.jar", f"--server.port={PORT + number}",
                                  f"--roles={role}", f"--evaluation.threads={threads}",
                                  f"--inference.workers={threads}", f"--evaluation.datasets.all.images={IMAGES}",
                                  f"--evaluation.roots={NIH}",
                                  "--logging.threshold.console=WARN"],
              OMP_WAIT_POLICY="PASSIVE", STATE_DIRECTORY=str(WORK / kind), INFERENCE_VARIANT="reference", **database)
    for number in range(len(roles)):
        wait("it is ready", lambda: call(f"http://127.0.0.1:{PORT + number}/actuator/health/readiness"))


def measure(kind, roles, database):
    start_nodes(kind, roles, database)
    service = f"http://127.0.0.1:{PORT}"
    for _ in range(WARM_UPS * len(roles)):
        evaluate(service, "all")  # each node has its own compiled code to make
    rate, cost, scoring = (statistics.median(figures) for figures in zip(*(evaluate(service, "all") for _ in range(RUNS))))
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
