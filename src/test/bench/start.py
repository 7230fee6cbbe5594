# SPDX-License-Identifier: Apache-2.0
"""Starts the service in turns: from the jar, from the extracted jar, and from that with the archive of the classes that a start
loads. Medians of the time until it is ready, and of the processor time until then. See the script start.

    src/test/bench/start [ROUNDS]
"""
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

from running import WORK, call, kill, run, running, start, wait

PORT = 18091
BASE = f"http://127.0.0.1:{PORT}"
JAVA = os.environ.get("JAVA", "java")
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
JAR = "target/cxr-localizer.jar"
EXTRACTED = WORK / "service"
TICKS = os.sysconf("SC_CLK_TCK")


def ready_after(options):
    """Seconds until the service is ready, and seconds of the processors."""
    shutil.rmtree(WORK / "state", ignore_errors=True)
    began = time.monotonic()
    start("service", [JAVA, "-XX:+ExitOnOutOfMemoryError", *options, f"--server.port={PORT}"], STATE_DIRECTORY=str(WORK / "state"),
          OMP_WAIT_POLICY="PASSIVE")
    wait("it is ready", lambda: call(f"{BASE}/actuator/health/readiness"), 300, 0.02)
    seconds = time.monotonic() - began
    fields = Path(f"/proc/{running['service'].pid}/stat").read_text().rsplit(")", 1)[1].split()
    kill("service", signal.SIGTERM)
    return seconds, (int(fields[11]) + int(fields[12])) / TICKS


def main():
    version = int(re.search(r'version "(\d+)', subprocess.run([JAVA, "-version"], capture_output=True, text=True).stderr).group(1))
    archive = EXTRACTED / "classes"
    write, read = ("AOTCacheOutput", "AOTCache") if version >= 25 else ("ArchiveClassesAtExit", "SharedArchiveFile")
    subprocess.run([JAVA, "-Djarmode=tools", "-jar", JAR, "extract", "--destination", EXTRACTED], check=True, stdout=subprocess.DEVNULL)
    extracted = ["-jar", str(EXTRACTED / "cxr-localizer.jar")]
    ready_after([f"-XX:{write}={archive}", *extracted])
    ways = {"jar": ["-jar", JAR], "extracted": extracted, "archive": [f"-XX:{read}={archive}", *extracted]}
    measured = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, options in ways.items():
            measured[way].append(ready_after(options))
    print(f"JDK {version}, {ROUNDS} rounds, load {os.getloadavg()[0]:.1f}")
    for way, each in measured.items():
        ready, processors = (statistics.median(values) for values in zip(*each))
        print(f"{way:10} ready after {ready:5.1f} s ({', '.join(f'{one[0]:.1f}' for one in each)}), {processors:5.1f} s of processors")


run(main)
