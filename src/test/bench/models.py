# SPDX-License-Identifier: Apache-2.0
"""The bundled model three times, under three names: as the default, as a further one, and as the shadow. Callers ask for one, for
the other, and for both at once. See the script models."""
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from running import WORK, call, kill, run, running, start, wait

PORT = 18091
BASE = f"http://127.0.0.1:{PORT}"
BUNDLED = Path("models/cxr14-cells")
MODELS = WORK / "models"
SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 60
CALLERS = 16
IMAGES = [image.read_bytes() for image in sorted(Path("src/main/resources/samples").glob("*.png"))]


def copy_model(name):
    shutil.copytree(BUNDLED, MODELS / name)
    manifest = MODELS / name / "model.yaml"
    lines = [line for line in manifest.read_text().splitlines() if not line.startswith("manifestSha256: ")]
    manifest.write_text("\n".join(f"name: {name}" if line.startswith("name: ") else line for line in lines) + "\n")


def resident(key):
    lines = Path(f"/proc/{running['service'].pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(key)).split()[1]) / 1024


def call_until(end, caller):
    answers = 0
    while time.monotonic() < end:
        names = ["a", "b", "a,b"][answers % 3]
        call(f"{BASE}/v1/localizations?model={names}", IMAGES[(caller + answers) % len(IMAGES)], **{"Content-Type": "image/png"})
        answers += 1
    return answers


def main():
    for name in "a", "b", "tried":
        copy_model(name)
    start("service", ["java", "-Xmx1g", "-XX:MaxDirectMemorySize=256m", "-XX:G1HeapRegionSize=16m", "-jar", "target/cxr-localizer.jar",
                      f"--server.port={PORT}", f"--model.directory={MODELS}", "--model.name=a", "--model.others=b",
                      "--model.shadow=tried", "--prediction-cache.size=0B"], STATE_DIRECTORY=str(WORK / "state"))
    wait("it is ready", lambda: call(f"{BASE}/actuator/health/readiness"))
    print(f"ready with {resident('VmRSS'):.0f} MB resident", flush=True)
    end = time.monotonic() + SECONDS
    with ThreadPoolExecutor(CALLERS) as callers:
        answers = sum(callers.map(lambda caller: call_until(end, caller), range(CALLERS)))
    metrics = call(f"{BASE}/actuator/prometheus").decode().splitlines()
    print(f"{answers} answers in {SECONDS} s, {resident('VmHWM'):.0f} MB resident at the most")
    print("\n".join(line for line in metrics if line.startswith(("cxr_batch_size_count", "cxr_shadow_images_total"))))
    kill("service")


run(main)
