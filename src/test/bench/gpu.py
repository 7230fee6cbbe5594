# SPDX-License-Identifier: Apache-2.0
"""
What a GPU is held to: answers as PyTorch's on the CPU, its memory after reloads, its loss, and how fast evaluations run on it.
See the script gpu.
"""
import csv
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import zlib
from hashlib import sha256
from pathlib import Path
from struct import pack

import torch
import yaml

from evaluating import evaluate
from running import WORK, call, get, kill, run, say, start, wait

PACKAGE = Path(sys.argv[1]).resolve()
NIH = Path(os.environ.get("NIH", "../shared/nih")).resolve()
SAMPLE = Path("src/main/resources/samples/00022215_012.png").read_bytes()
SERVICE = "http://127.0.0.1:18080"
EXACT = {"NVIDIA_TF32_OVERRIDE": "0"}


def serve(name, package, *settings, device="gpu:0", **environment):
    start(name, ["java", "-jar", "target/cxr-localizer.jar", "--server.port=18080", f"--inference.device={device}",
                 f"--evaluation.directory={WORK / name}", f"--model.directory={package.parent}", f"--model.name={package.name}",
                 "--management.endpoints.web.exposure.include=*", "--logging.threshold.console=INFO", *settings],
          OMP_WAIT_POLICY="PASSIVE", **environment)
    wait("the service is ready", lambda: call(f"{SERVICE}/actuator/health/readiness"))
    say(name, get(f"{SERVICE}/v1/models/{package.name}")["execution"]["devices"])


def status(path, body=None, **headers):
    """Of an answer, and what it says."""
    try:
        return 200, json.loads(call(f"{SERVICE}{path}", body, **headers))
    except urllib.error.HTTPError as e:
        return e.code, json.loads(e.read())


def localize(image):
    return status("/v1/localizations", image, **{"Content-Type": "image/png"})


def device_memory():
    """In use on the device, in MB, by the service's metric."""
    lines = call(f"{SERVICE}/actuator/prometheus").decode().splitlines()
    return float(next(line for line in lines if line.startswith("cxr_device_memory_bytes") and '"used"' in line).split()[-1]) / 1e6


def parity(images):
    """With TensorFloat-32, which PyTorch lets convolutions use where there is one, and without."""
    subprocess.run([sys.executable, "models/tools/decode.py", NIH / "boxed", WORK / "boxed"], check=True)
    for name, environment in [("TF32", {}), ("without TF32", EXACT)]:
        serve(f"parity {name}", PACKAGE, **environment)
        done = subprocess.run([sys.executable, "models/tools/parity.py", PACKAGE, "--nih", NIH, "--cache", WORK, "--url", SERVICE,
                               "--report", WORK / "parity.md", "--images", str(images)])
        say(name, "parity", "holds" if done.returncode == 0 else "FAILS")
        kill(f"parity {name}")


def reloads():
    serve("reloads", PACKAGE, **EXACT)
    localize(SAMPLE)
    used = [device_memory()]
    for _ in range(5):
        call(f"{SERVICE}/actuator/model", b"", **{"Content-Type": "application/json"})
        assert localize(SAMPLE)[0] == 200
        time.sleep(1)
        used.append(device_memory())
    say("MB on the device at the start and after each of five reloads:", [round(each) for each in used])
    kill("reloads")


class Losing(torch.nn.Module):
    """A network that a nearly white image makes a GPU fail on: an index out of bounds ends the process's use of it."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        white = x > x.max() - 0.1 * (x.max() - x.min())
        if x.is_cuda and bool(white.float().mean() > 0.95):
            nothing = torch.zeros([4], device=x.device)
            return nothing[torch.full([1], 100, device=x.device, dtype=torch.long)], nothing
        return self.network(x)


def losing_package():
    package = WORK / "losing"
    shutil.copytree(PACKAGE, package)
    torch.jit.script(Losing(torch.jit.load(str(PACKAGE / "model.pt")))).save(str(package / "model.pt"))
    manifest = yaml.safe_load((package / "model.yaml").read_text())
    cam = next(method for method in manifest["methods"]["available"] if method["function"] == "forward")
    manifest |= {"name": package.name, "sha256": sha256((package / "model.pt").read_bytes()).hexdigest(),
                 "methods": {"default": cam["name"], "available": [cam]}}
    for key in ("variants", "manifestSha256"):
        manifest.pop(key, None)
    (package / "model.yaml").write_text(yaml.safe_dump(manifest))
    return package


def white_png(side=256, dark=16):
    """White but for a dark corner."""
    rows = (b"\0" + b"\x20" * dark + b"\xff" * (side - dark)) * dark + (b"\0" + b"\xff" * side) * (side - dark)
    chunk = lambda kind, data: pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def loss(package, then):
    name = f"lost, then {then}"
    serve(name, package, f"--inference.on-device-loss={then}", **EXACT)
    code, before = localize(SAMPLE)
    assert code == 200, before
    say(name, "the image that breaks it:", localize(white_png())[0])
    after = [localize(SAMPLE) for _ in range(3)]
    say(name, "after it:", [code for code, _ in after], "readiness:", status("/actuator/health/readiness"),
        "liveness:", status("/actuator/health/liveness"), "metrics:", len(call(f"{SERVICE}/actuator/prometheus")), "bytes")
    if then == "cpu":
        for old, new in zip(before["findings"], after[-1][1]["findings"]):
            assert abs(old["logit"] - new["logit"]) < 1e-3, (old, new)
        say(name, "the CPU's logits are the GPU's to 1e-3; the answer names", after[-1][1]["model"])
    else:
        say(name, "problem:", after[-1][1])
    log = (WORK / f"{name}.log").read_text()
    say(name, "log:", "\n   ".join(line[:300] for line in log.splitlines() if " ERROR " in line or " WARN " in line))
    kill(name)


def evaluations(images=880):
    folder = WORK / "images"
    folder.mkdir()
    with open("src/main/resources/nih/BBox_List_2017.csv", newline="") as boxes:
        names = sorted({row[0] for row in csv.reader(boxes)} - {"Image Index"})[:images]
    files = sorted((NIH / "boxed").glob("*.png"))
    for number, name in enumerate(names):  # what they show does not matter: they are timed
        os.link(shutil.copy(files[number], WORK / files[number].name) if number < len(files) else WORK / files[number % len(files)].name,
                folder / name)
    for device, batch in [("gpu:0", 16), ("gpu:0", 64), ("cpu", 1)]:
        name = f"evaluations on {device}, batches of {batch}"
        serve(name, PACKAGE, f"--evaluation.datasets.all.images={folder}", f"--evaluation.threads={2 * os.cpu_count()}",
              f"--inference.max-batch={batch}", "--logging.threshold.console=WARN", device=device, **EXACT)
        for _ in range(4):
            watch = subprocess.Popen(["nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "-lms", "200"],
                                     stdout=subprocess.PIPE, text=True)
            rate, cost, scoring = evaluate(SERVICE, "all")
            watch.terminate()
            busy = [int(line) for line in watch.communicate()[0].split()]
            say(name, f"{rate:.0f} images/s, {cost * 1000:.1f} ms of processor time each, scoring {scoring * 1000:.2f} ms each,"
                      f" GPU busy {sum(busy) / max(1, len(busy)):.0f} %, {os.cpu_count()} processors")
        kill(name)


def main():
    print(torch.__version__, subprocess.run(["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"],
                                            capture_output=True, text=True).stdout, flush=True)
    parity(int(os.environ.get("IMAGES", "240")))
    reloads()
    losing = losing_package()
    for then in ["unready", "cpu"]:
        loss(losing, then)
    evaluations()


run(main)
