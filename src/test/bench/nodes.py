# SPDX-License-Identifier: Apache-2.0
"""One process that evaluates alone, against three that share a PostgreSQL, in alternation, with as many threads in all. Two
more arms tell what of the difference is the distribution: one process on PostgreSQL, and three that know nothing of each
other, each with an evaluation of its own. See the script nodes."""
import statistics
import sys
from concurrent.futures import ThreadPoolExecutor

from evaluating import evaluate
from running import NIH, WORK, call, kill, pictures, run, running, start, start_database, wait

DATABASE, PORT = 15434, 18090
IMAGES = WORK / "images"
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
THREADS, WARM_UPS, RUNS = 3, 4, 4


def collect_images():
    IMAGES.mkdir()
    for image in pictures():
        (IMAGES / image.name).symlink_to(image)


def start_nodes(kind, roles, database):
    threads = THREADS // len(roles)
    for number, role in enumerate(roles):
        start(f"{kind}{number}", ["java", "-jar", "target/cxr-localizer.jar", f"--server.port={PORT + number}",
                                  f"--roles={role}", f"--evaluation.threads={threads}",
                                  f"--inference.workers={threads}", f"--evaluation.datasets.all.images={IMAGES}",
                                  f"--evaluation.roots={NIH}",
                                  "--logging.threshold.console=WARN"],
              OMP_WAIT_POLICY="PASSIVE", STATE_DIRECTORY=str(WORK / f"{kind}{number}"), INFERENCE_VARIANT="reference", **database)
    for number in range(len(roles)):
        wait("it is ready", lambda: call(f"http://127.0.0.1:{PORT + number}/actuator/health/readiness"))


def evaluate_at_once(services):
    """All images once by each; rates add up, and each prints the processor time of all for its own images."""
    with ThreadPoolExecutor(len(services)) as threads:
        rates, costs, scorings = zip(*threads.map(lambda service: evaluate(service, "all"), services))
    return sum(rates), 1 / sum(1 / cost for cost in costs), statistics.mean(scorings)


def measure(kind, roles, database):
    start_nodes(kind, roles, database)
    services = [f"http://127.0.0.1:{PORT + number}" for number, role in enumerate(roles) if "api" in role]
    each = len(roles) // len(services)
    for _ in range(WARM_UPS * each):
        evaluate_at_once(services)  # each process has its own compiled code to make
    rate, cost, scoring = (statistics.median(figures) for figures in zip(*(evaluate_at_once(services) for _ in range(RUNS))))
    for name in [name for name in running if name.startswith(kind)]:
        kill(name)
    print(f"{kind}: {rate:.1f} images/s, {cost * 1000:.1f} ms of processor time each; scoring {scoring * 1000:.1f} ms each", flush=True)
    return rate, cost


def main():
    collect_images()
    start_database(DATABASE)
    shared = dict(DATABASE_URL=f"jdbc:postgresql://127.0.0.1:{DATABASE}/cxr", DATABASE_USER="postgres")
    arms = {"alone": (["api,worker"], {}), "postgres": (["api,worker"], shared),
            "three": (["api,worker", "worker", "worker"], shared), "apart": (["api,worker"] * 3, {})}
    rounds = [{arm: measure(arm, *nodes) for arm, nodes in arms.items()} for _ in range(ROUNDS)]
    for one, many in [("alone", "three"), ("alone", "postgres"), ("alone", "apart"), ("apart", "three")]:
        for name, at in [("rate", 0), ("processor time of an image", 1)]:
            ratios = [figures[many][at] / figures[one][at] for figures in rounds]
            print(f"{many} against {one}, {name}: × {statistics.median(ratios):.3f}"
                  f" (of {', '.join(f'{ratio:.3f}' for ratio in ratios)})")


run(main)
