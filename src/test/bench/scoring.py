# SPDX-License-Identifier: Apache-2.0
"""
Scores predictions of as many images as the whole dataset has, with evaluate --resume on a run that lacks its report alone. The
predictions are random under the dataset's names, so the figures mean nothing; what is measured is time, memory and the size of the
files. A flight recording divides the processor's time among the parts of the work. See the script scoring.
"""
import argparse
import csv
import gzip
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

from running import NIH, WORK, run

OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--images", type=int, default=112_120)
OPTIONS.add_argument("--heap", default="1g")
OPTIONS.add_argument("--rounds", type=int, default=1)
OPTIONS.add_argument("--unrecorded", action="store_true", help="makes no flight recording, which costs some seconds")
OPTIONS.add_argument("--draws", type=int, default=1000)
OPTIONS.add_argument("--profile", action="store_true", help="prints where the processor was, too")
OPTIONS.add_argument("--no-compare", action="store_true", help="does not compare the figures of two programs")
OPTIONS.add_argument("--jar", action="append", help="may be repeated: measured in alternation, and their figures compared")
OPTIONS.add_argument("--predictions", type=Path, help="keeps the random predictions here, or takes those that are there")
OPTIONS.add_argument("--keep", type=Path, help="keeps the last report of each program here")
ARGUMENTS = OPTIONS.parse_args()
LABELS = NIH / "Data_Entry_2017_v2020.csv.gz"
METHOD = ["--method", "layercam", "--policy", "wang"]

# The first part that a stack has one of the frames of is the sample's part.
PARTS = [
    ("report files", ["ReportFiles.", "CocoFiles.", "HtmlReport.", "Gallery.", "CaseFiles."]),
    ("predictions read back", ["PredictionLog", "LineLog", "PackedPredictions", "Evaluator.byImage"]),
    ("figures", ["Bootstrap.", "Scoring.", "ScoringSize.", "Subgroups."]),
    ("image files", ["ImageFolder", "ImageFiles", "ScoredImages"]),
]


def names():
    with open(NIH / "BBox_List_2017.csv", newline="") as lines:
        boxed = {}
        for row in csv.DictReader(lines):
            boxed.setdefault(row["Image Index"], []).append(row["Finding Label"].replace("Infiltrate", "Infiltration"))
    with gzip.open(LABELS, "rt", newline="") as lines:
        entries = {row["Image Index"]: set(row["Finding Labels"].split("|")) for row in csv.DictReader(lines)}
    return boxed, dict(sorted(sorted(entries.items()), key=lambda entry: entry[0] not in boxed)[:ARGUMENTS.images])


def command(jar, images, out, *java):
    return ["java", f"-Xmx{ARGUMENTS.heap}", *java, "-jar", jar, "evaluate", "--images", images, "--labels", LABELS, *METHOD,
            "--draws", str(ARGUMENTS.draws), "--resume", "--out", out]


def line(random, name, labels, true, of, system, boxes, maps):
    """A prediction in the form of one that was made."""
    found, probabilities, positive = {}, {}, {}
    for label in of["probabilities"]:
        share = random.random()
        p = share ** (1.2 if label in labels else 6)
        probabilities[label] = p
        positive[label] = p > 0.4
        found[label] = [f'{{"box":{random.choice(boxes)},"score":{p * peak!r}}}'
                        for peak in (1, 1, 0.5 + share / 2, 0.3 + share / 2)[:random.choice((2, 2, 3, 3, 4))]]
    method = next(iter(of["maps"]))
    start = json.dumps({"image": name, "sha256": of["sha256"], "failure": None, "frame": of["frame"], "probabilities": probabilities,
                        "positive": positive, "maps": {method: {label: random.choice(maps) for label in true}}})
    return start[:-1] + f',"boxes":{{{json.dumps(system)}:{{' + ",".join(
        f"{json.dumps(label)}:[{','.join(each)}]" for label, each in found.items()) + "}}}\n"


def make_predictions(folder):
    """A folder of links to one small picture under all names, and a log of predictions of it, in the form of one of a real picture."""
    boxed, entries = names()
    picture = sorted((NIH / "test_unboxed" / "64").glob("*.*g"))[0]
    small = folder / "one"
    (folder / "images").mkdir(parents=True)
    small.mkdir()
    for name in entries:
        (folder / "images" / name).symlink_to(picture)
    first = next(real.name for real in sorted((NIH / "boxed").glob("*.png")) if real.name in boxed)
    (small / first).symlink_to(NIH / "boxed" / first)
    subprocess.run(list(map(str, command(ARGUMENTS.jar[0], small, folder / "first"))), check=True, capture_output=True)
    with open(folder / "first" / "predictions.jsonl") as lines:
        key, made = next(lines), json.loads(next(lines))
    made["sha256"] = hashlib.sha256(picture.read_bytes()).hexdigest()
    system = next(iter(made["boxes"]))
    source = random.Random(7)
    boxes = [json.dumps({"x": source.random() * 600, "y": source.random() * 600, "width": 50 + source.random() * 300,
                         "height": 50 + source.random() * 300}) for _ in range(20_000)]
    one = next(iter(next(iter(made["maps"].values())).values()))
    maps = [{**one, "values": [round(source.random(), 7) for _ in one["values"]]} for _ in range(50)]
    with open(folder / "predictions.jsonl", "w") as log:
        log.write(key)
        for name, labels in entries.items():
            log.write(line(source, name, labels, boxed.get(name, []), made, system, boxes, maps))
    print(f"{len(entries)} predictions, {(folder / 'predictions.jsonl').stat().st_size / 2**20:.0f} MiB", flush=True)


def parts(recording):
    """Samples by part and by leaf, and the seconds between the first and last sample of each part."""
    text = subprocess.Popen(["jfr", "print", "--events", "jdk.ExecutionSample", "--stack-depth", "64", recording],
                            stdout=subprocess.PIPE, text=True)
    found, leaves, times = Counter(), Counter(), {}
    at, frames = None, None

    def take():
        part = next((part for part, names in PARTS if any(name in frame for frame in frames for name in names)), "others")
        found[part] += 1
        own = [re.sub(r"\s+line:.*", "", frame) for frame in frames]
        leaves[(part, own[0] if own else "?", next((frame for frame in own if "cxrlocalizer" in frame or "." in frame and "Metric" in frame), ""))] += 1
        first, _ = times.get(part, (at, at))
        times[part] = first, at

    for row in text.stdout:
        row = row.strip()
        if row.startswith("startTime = "):
            hours, minutes, seconds = row.split("=")[1].strip().split(" ")[0].split(":")
            at = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
        elif row.startswith("stackTrace = ["):
            frames = []
        elif row == "]" and frames is not None:
            take()
            frames = None
        elif frames is not None:
            frames.append(row)
    return found, leaves, {part: last - first for part, (first, last) in times.items()}


def reading_began(process, log):
    """Waits until a process reads a file, and returns when that was."""
    while os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        for descriptor in Path(f"/proc/{process}/fd").glob("*"):
            try:
                if descriptor.readlink() == log and int(re.search(r"pos:\s+(\d+)", Path(
                        f"/proc/{process}/fdinfo/{descriptor.name}").read_text())[1]) > 0:
                    return time.monotonic()
            except OSError:
                continue  # it is closed meanwhile
        time.sleep(0.05)
    return time.monotonic()


def measure(jar, folder, number):
    out = WORK / f"out-{number}"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    for log in folder.glob("predictions.jsonl*"):
        shutil.copy(log, out / log.name)
    recording = WORK / "scoring.jfr"
    recording.unlink(missing_ok=True)
    load = os.getloadavg()[0]
    began = time.monotonic()
    recorded = [] if ARGUMENTS.unrecorded else [f"-XX:StartFlightRecording=filename={recording},settings=profile"]
    process = subprocess.Popen(list(map(str, command(jar, folder / "images", out, *recorded))),
                               stdout=open(WORK / "output", "w"), stderr=subprocess.STDOUT)
    read = reading_began(process.pid, out / "predictions.jsonl")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - began
    if process.returncode:
        raise AssertionError((WORK / "output").read_text()[-4000:])
    found, leaves, walls = (Counter(), Counter(), {}) if ARGUMENTS.unrecorded else parts(recording)
    cpu = usage.ru_utime + usage.ru_stime
    sizes = {path.name: path.stat().st_size / 2**20 for path in out.rglob("*") if path.is_file() and not path.name.startswith("predictions")}
    print(f"{jar}: {took:.1f} s, of which {began + took - read:.1f} s after the first prediction was read, {cpu:.0f} s of processors, {usage.ru_maxrss / 1024:.0f} MiB resident; load {load:.1f} before, "
          f"{os.getloadavg()[0]:.1f} after", flush=True)
    samples = sum(found.values())
    for part, count in found.most_common():
        print(f"  {part}: {walls[part]:.1f} s from first to last, {cpu * count / samples:.1f} s of processors")
    print(f"  report of {sum(sizes.values()):.0f} MiB: " + ", ".join(
        f"{name} {size:.1f}" for name, size in sorted(sizes.items(), key=lambda size: -size[1])[:6]), flush=True)
    if ARGUMENTS.profile:
        for (part, leaf, own), count in leaves.most_common(45):
            print(f"    {cpu * count / samples:6.1f} s  {part}: {leaf[:90]}  <- {own[:100]}")
    if ARGUMENTS.keep:
        kept = ARGUMENTS.keep / str(number)
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(out, kept, ignore=shutil.ignore_patterns("predictions*"))
    with open(out / "figures.csv", newline="") as lines:
        figures = list(csv.reader(lines))
    shutil.rmtree(out)
    return figures


def compare(figures, others):
    """The largest distance of two numbers of the same place."""
    assert len(figures) == len(others), "not the same figures"
    largest, same = 0, 0
    for row, other in zip(figures, others):
        assert row[:5] == other[:5] and row[8] == other[8], (row, other)
        for one, another in zip(row[5:8], other[5:8]):
            same += one == another
            if one != another:
                largest = max(largest, abs(float(one) - float(another)))
    print(f"{same} of {3 * len(figures)} numbers are equal; the others differ by at most {largest}")


def main():
    ARGUMENTS.jar = ARGUMENTS.jar or ["target/cxr-localizer.jar"]
    folder = ARGUMENTS.predictions or WORK / "predictions"
    if not folder.exists():
        make_predictions(folder)
    figures = []
    for _ in range(ARGUMENTS.rounds):
        for number, jar in enumerate(ARGUMENTS.jar):
            figures.append(measure(jar, folder, number))
    if len(ARGUMENTS.jar) > 1 and not ARGUMENTS.no_compare:
        compare(figures[0][1:], figures[1][1:])


run(main)
