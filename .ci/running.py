# SPDX-License-Identifier: Apache-2.0
"""What scripts need that start servers and kill them: processes by name, waiting, a PostgreSQL of Debian's package."""
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

# As .ci/application prints them; elsewhere the jar without the second compiler, which takes half of a start's processor time.
JAR = ["java", *os.environ.get("CXR_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -jar target/cxr-localizer.jar").split()]
NIH = Path("../shared/nih").resolve()
WORK = Path(tempfile.mkdtemp(prefix="cxr"))
running = {}
began = time.monotonic()


def say(*what):
    print(f"== {time.monotonic() - began:.0f} s:", *what, flush=True)


def call(url, body=None, **headers):
    request = urllib.request.Request(url, body, headers, method="POST" if body is not None else "GET")
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read()


def get(url):
    return json.loads(call(url))


def wait(what, condition, seconds=120, pause=0.2):
    end = time.monotonic() + seconds
    while time.monotonic() < end and all(process.poll() is None for process in running.values()):
        try:
            result = condition()
            if result:
                return result
        except (urllib.error.URLError, ConnectionError, OSError):
            pass
        time.sleep(pause)
    raise AssertionError(f"it never came that {what}")


def start(name, command, user=None, **environment):
    log = open(WORK / f"{name}.log", "ab")
    running[name] = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **environment}, start_new_session=True,
                                     user=user, group=user)


def kill(name, how=signal.SIGKILL):
    process = running.pop(name)
    if process.poll() is None:
        os.killpg(process.pid, how)
    process.wait()


def family(pid):
    """A process, and all that it started."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []  # it has ended meanwhile
    return [pid] + [each for child in children for each in family(child)]


def pictures():
    """The images with boxes, and those without: more than the 880 of the box list."""
    return [image for folder in ["boxed", "test_unboxed"] for image in sorted((NIH / folder).rglob("*.*g"))]


def start_database(port=5432):
    """Starts a new one, or again what was stopped."""
    tools = Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
    data = WORK / "database"
    is_new = not data.exists()
    if is_new:
        data.mkdir()
        os.chmod(WORK, 0o755)
        shutil.chown(data, "postgres", "postgres")
        subprocess.run([tools / "initdb", "-D", data, "-A", "trust"], check=True, stdout=subprocess.DEVNULL, cwd="/",
                       user="postgres", group="postgres")
    start("database", [tools / "postgres", "-D", data, "-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c",
                       "unix_socket_directories="], user="postgres")
    wait("PostgreSQL answers", lambda: subprocess.run(
        [tools / "psql", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-c",
         "create database cxr" if is_new else "select 1"], capture_output=True).returncode == 0)


def stop_database():
    """As a crash does, but for what it leaves behind: its processes have all ended then, and it can be started again."""
    kill("database", signal.SIGQUIT)


def run(main):
    """Runs a script, and ends what it started however it ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))
    try:
        main()
    except BaseException:
        for log in WORK.glob("*.log"):
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-6000:]}")
        raise
    finally:
        if "database" in running:
            stop_database()
        for name in list(running):
            kill(name)
        shutil.rmtree(WORK, ignore_errors=True)
