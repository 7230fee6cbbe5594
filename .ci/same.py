# SPDX-License-Identifier: Apache-2.0
"""Has two packaged versions answer the same requests and run the same commands, one after the other, and compares byte for byte.

What two runs of one version cannot have in common is replaced, by its form and no wider than this:
- the header Date, and dates and times in DICOM objects that lie between the request and its answer: they are the clock's;
- an evaluation's random id, its times (whose length varies), and its first answer's body: when a job starts is chance;
- the order of the lines of predictions.jsonl: images are localized two at a time;
- the order of members in the answer about the model: its calibrated policies are in a map without order;
- the path of the program in what a command prints.
What depends on the machine's load is set: the network's variant, which is measured otherwise, and batches of one image.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlencode

from running import NIH, WORK, call, kill, run, say, start, wait

SERVICE = "http://127.0.0.1:18089"
SETTINGS = {"INFERENCE_VARIANT": "reference", "INFERENCE_MAXBATCH": "1", "OMP_WAIT_POLICY": "PASSIVE"}
SAMPLES, CASES, BOXED = Path("src/main/resources/samples"), Path("../shared/cases").resolve(), NIH / "boxed"
MODEL = re.search("<model.bundled>(.*)</model.bundled>", Path("pom.xml").read_text())[1]
LABELS, CALIBRATION = NIH / "Data_Entry_2017_v2020.csv.gz", Path(f"models/{MODEL}/calibration-images.txt").resolve()
FEW = WORK / "few.txt"  # the names of every tenth boxed image
TYPES = {".dcm": "application/dicom", ".jpg": "image/jpeg", ".csv": "text/csv"}
WANG, OTSU = {"type": "wang"}, {"type": "otsu"}
FRACTION = {"type": "fraction", "fraction": 0.4, "selection": {"minimumArea": 0.01, "maximumBoxes": 2}}
OTHERS = [{"method": "cam", "policy": json.dumps(WANG), "minProbability": 0.3, "force": "true", "includeMaps": "true"},
          {"method": "gradcam_pp", "policy": json.dumps(FRACTION), "labels": "Mass,Nodule,Effusion"},
          {"policy": json.dumps(OTSU), "frame": 2, "force": "true"}]
SYSTEMS = "--method cam --method layercam --policy wang --policy otsu --draws 200"
WRONG = [{"method": "none"}, {"policy": "{}"}, {"labels": "none"}, {"minProbability": 2}, {"frame": 0}, {"imageIndex": "/"}]
DRAWN = [{"force": "true"}, {"label": "Effusion", "method": "cam", "policy": json.dumps(WANG)}]
RESULTS = [{}, {"force": "true", "onlyPositive": "false", "maxFindings": 14, "minProbability": 0.2}]
COMMANDS = ["", "models", "models list", "models verify", "models add", "keys", "keys make", "statistics", "evaluate", "score",
            "calibrate"]
VERSIONS, ANSWERS = map(Path, sys.argv[1:3]), [Path("target/same/answers-old"), Path("target/same/answers-new")]
UUID, TIME = rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", rb'"\d{4}-\d\d-\d\dT[\d:.]+Z"'


def keep(file, content):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def without_clock(body, sent):
    """Replaces what a DICOM file (explicit little endian) states as date (DA) or time (TM) between the request and now, in UTC."""
    for vr, form in ((b"DA", "%Y%m%d"), (b"TM", "%H%M%S")):
        seconds = range(int(sent), int(time.time()) + 1)
        clock = b"|".join({time.strftime(form, time.gmtime(second)).encode() for second in seconds})
        body = re.sub(rb"(\x00%s.\x00)(%s)[\d.]*" % (vr, clock), rb"\1clock", body, flags=re.DOTALL)
    return body


def answer(method, path, body=None, media_type=None):
    """Status, headers and body as bytes."""
    request = urllib.request.Request(SERVICE + path, body, {"Content-Type": media_type} if media_type else {}, method=method)
    sent = time.time()
    try:
        response = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        content = response.read()
    if response.headers.get_content_type() == "application/dicom":
        content = without_clock(content, sent)
    if path == f"/v1/models/{MODEL}":
        content = json.dumps(json.loads(content), sort_keys=True).encode()
    headers = sorted(f"{name}: {value}\n" for name, value in response.headers.items() if name != "Date")
    return f"{response.status}\n{''.join(headers)}\n".encode() + content


def requests():
    """The name to keep the answer by, and what `answer` takes."""
    for folder in (SAMPLES, CASES, NIH / "dicom", BOXED):
        files = sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix != ".md")
        if not files:
            say(f"{folder} is absent: nothing of it is sent")
        for number, file in enumerate(files):
            body, index = file.read_bytes(), {"imageIndex": file.name} if folder == BOXED else {}
            sets = {"localizations": [{"includeMaps": "true"}]}
            if folder != BOXED or number % 16 == 0:
                sets["localizations"] += OTHERS + (WRONG if folder == SAMPLES else [])
                sets |= {"overlays": DRAWN, "renderings": DRAWN[:1], "structured-reports": RESULTS, "presentation-states": RESULTS,
                         "secondary-captures": [*RESULTS, {"overlay": "false"}]}
            for path, parameters in sets.items():
                for each, query in enumerate(parameters):
                    yield (f"{path}/{folder.name}/{file.relative_to(folder)}/{each}", "POST", f"/v1/{path}?{urlencode(index | query)}",
                           body, TYPES.get(file.suffix, "image/png"))
    part = '--b\r\nContent-Disposition: form-data; name="image"; filename="{}"\r\n\r\n{}\r\n--b--\r\n'
    for image in SAMPLES.glob("*.png"):
        yield (f"localizations/multipart/{image.name}", "POST", "/v1/localizations?method=cam",
               part.format(image.name, image.read_bytes().decode("latin1")).encode("latin1"), "multipart/form-data; boundary=b")
    boxes = b'{"boxes":[{"x":0,"y":0,"width":5,"height":5}],"truths":[{"x":4,"y":4,"width":5,"height":5}]}'
    yield "others/comparisons", "POST", "/v1/comparisons", boxes, "application/json"
    for path in ("models", f"models/{MODEL}", f"models/{MODEL}/card", "models/none", "dataset/statistics", "ground-truth/00022215_012.png",
                 "ground-truth/none.png", "pacs/jobs", "evaluations", "none"):
        yield f"others/{path.replace('/', '-')}", "GET", f"/v1/{path}"
    yield "openapi/document", "GET", "/v3/api-docs"


def evaluations(out):
    """The model over a few images, and each list of boxes."""
    bodies = {file.stem: (file.read_bytes(), "text/csv") for file in CASES.glob("files/boxes-*.csv")}
    systems = {"methods": ["cam", "layercam"], "policies": [WANG, OTSU], "draws": 100}
    for name, body in {"own": {"leaveOutCalibration": True}, "refused": {}, "unknown": {"dataset": "none"}, "systems": systems}.items():
        bodies[name] = json.dumps({"dataset": "few"} | body).encode(), "application/json"
    firsts = {name: answer("POST", "/v1/evaluations", *body) for name, body in bodies.items()}
    for name, first in firsts.items():
        location = re.search(r"Location: (\S+)", first.decode())
        keep(out / name / "submitted", re.sub(UUID, b"ID", first.partition(b"\n\n")[0] if location else first))
        if location:
            wait(f"{name} has ended", lambda: json.loads(call(SERVICE + location[1]))["finished"])
            for file in ("", "/report.json", "/report.html", "/report.csv"):
                content = re.sub(UUID, b"ID", answer("GET", location[1] + file))
                keep(out / name / (file[1:] or "ended"), content if file else re.sub(rb"Content-Length: \d+|" + TIME, b"", content))


def serve(application, out):
    settings = {"server.port": 18089}
    if NIH.exists():
        FEW.write_text("\n".join(sorted(file.name for file in BOXED.rglob("*.png"))[::10]))
        settings |= {"dataset.entries": f"file:{LABELS}", "evaluation.datasets.few.images": BOXED,
                     "evaluation.datasets.few.split": f"file:{FEW}", "evaluation.datasets.few.labels": f"file:{LABELS}"}
    start("service", [*application, *(f"--{name}={value}" for name, value in settings.items())],
          STATE_DIRECTORY=str(WORK / out.name), **SETTINGS)
    wait("the service is ready", lambda: call(f"{SERVICE}/actuator/health/readiness"))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda request: keep(out / request[0], answer(*request[1:])), requests()))
    say("its evaluations")
    evaluations(out / "evaluations")
    kill("service")


def command(application, file, *arguments):
    """Keeps the exit code and what is printed; of a failure also the last line on the other stream that is not its progress."""
    done = subprocess.run([*application, *map(str, arguments)], capture_output=True, env={**os.environ, **SETTINGS}, cwd=WORK)
    said = [line for line in re.sub(rb"Images [^\r\n]*?/s", b"", done.stderr).splitlines() if line.strip()]
    printed = f"exit code {done.returncode}\n".encode() + done.stdout + b"".join(said[-1:] if done.returncode else [])
    keep(file, printed.replace(str(Path(application[-1]).parent).encode(), b"PROGRAM"))


def commands(application, out):
    say("its commands")
    for name in COMMANDS:
        command(application, out / f"help/{name.replace(' ', '-') or 'all'}", *name.split(), "--help")
    runs = {"models-list": ["models", "list"], "models-verify": ["models", "verify", MODEL]}
    runs |= {f"statistics-{file.stem}": ["statistics", "--entries", file, "--json"] for file in CASES.glob("files/entries-*.csv")}
    reports, of_boxed, few = WORK / "reports", ["--images", BOXED, "--labels", LABELS], ["--split", FEW]
    if NIH.exists():
        runs |= {"statistics": ["statistics", "--entries", LABELS, "--test-list", NIH / "test_list.txt.gz"],
                 "own": ["evaluate", *of_boxed, "--leave-out-calibration"],
                 "refused": ["evaluate", *of_boxed],
                 "systems": ["evaluate", *of_boxed, *few, *SYSTEMS.split()],
                 "replayed": ["evaluate", *of_boxed, *few, "--replay", reports / "systems/manifest.json"],
                 "scored": ["score", *few, "--predictions", reports / "systems/boxes-1.csv", "--against", reports / "systems/boxes-4.csv"],
                 "calibrated": ["calibrate", "--images", BOXED, "--split", CALIBRATION]}
    for name, arguments in runs.items():
        writes = arguments[0] in ("evaluate", "score", "calibrate")
        command(application, out / f"commands/{name}", *arguments, *(["--out", reports / name] if writes else []))
        for file in sorted((reports / name).rglob("*")):
            lines = file.read_bytes().splitlines(True)
            keep(out / f"reports/{name}/{file.name}", b"".join(sorted(lines) if file.suffix == ".jsonl" else lines))
    shutil.rmtree(reports, ignore_errors=True)


def words(content):
    """What callers write of what the OpenAPI document (paths, names, types, values) or a help text (options, commands) has."""
    return Counter(re.findall(rb'"[\w./{}#-]+"|--[\w-]+|^  [a-z]+', content, re.MULTILINE))


def shown(old, new):
    """The first place that differs, with JSON of one line as many lines; a length alone would say nothing."""
    if old is None or new is None:
        return [f"    only the {'new' if old is None else 'old'} version has it"]
    old, new = (re.sub(r"([,{\[])|Content-Length: \d+\n", r"\1\n", content.decode("latin1")).split("\n") for content in (old, new))
    a, b = next(((a, b) for a, b in zip([*old, ""], [*new, ""]) if a != b), ("the length alone", "the length alone"))
    at = max(0, len(os.path.commonprefix([a, b])) - 40)
    return [f"    - {ascii(a[at:at + 120])}", f"    + {ascii(b[at:at + 120])}"]


def compare(old, new, exceptions):
    """Prints what differs, and returns how much of it has no reason."""
    trees = [{str(file.relative_to(out)): file.read_bytes() for file in out.rglob("*") if file.is_file()} for out in (old, new)]
    table, printed = {column: Counter() for column in ("compared", "equal", "unexplained")}, Counter()
    for name in sorted(trees[0] | trees[1]):
        kind, (a, b) = name.split("/")[0], (tree.get(name) for tree in trees)
        reason = next((reason for glob, reason in exceptions if fnmatchcase(name, glob)), None)
        if not reason and kind in ("openapi", "help") and a != b and a and b:
            removed = [word.decode() for word in words(a) - words(b)]
            print(f"{name}: removed", *removed[:20]) if removed else None
            reason = None if removed else "nothing was removed"
        for column, holds in zip(table.values(), (True, a == b, a != b and not reason)):
            column.update({kind: holds, "all": holds})
        if a != b:
            printed[kind] += 1
            print(f"{name}: {reason or 'differs'}", *(shown(a, b) if printed[kind] <= 10 else []), sep="\n")
    for kind in ["kind", *sorted(table["compared"].keys() - {"all"}), "all"]:
        print(f"{kind:20}" + "".join(f"{column if kind == 'kind' else counts[kind]:>12}" for column, counts in table.items()))
    return table["unexplained"]["all"]


def main():
    for version, out in zip(VERSIONS, ANSWERS):
        shutil.rmtree(out, ignore_errors=True)
        say("the program of the tree", version.name)
        java = ["java", "-XX:TieredStopAtLevel=1", "-jar", str(version.resolve() / "cxr-localizer.jar")]
        serve(java, out)
        commands(java, out)


run(main)
if compare(*ANSWERS, [line.split(None, 1) for file in sys.argv[3:] for line in Path(file).read_text().splitlines() if line]):
    sys.exit("the versions differ")
say("both versions give the same")
