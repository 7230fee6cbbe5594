# SPDX-License-Identifier: Apache-2.0
"""One caller localizes, in turns, an image that the service has seen and one that it has not: the same picture with another grey
value in one pixel, so that both cost the same to decode. See the script again."""
import io
import statistics
import sys
import time
from pathlib import Path

from PIL import Image

from running import WORK, call, kill, run, start, wait

PORT = 18092
BASE = f"http://127.0.0.1:{PORT}"
PAIRS = int(sys.argv[1]) if len(sys.argv) > 1 else 100
WARM_UPS = 100
SAMPLE = Image.open(sorted(Path("src/main/resources/samples").glob("*.png"))[0])


def picture(number):
    """Encoded before it is timed."""
    changed = SAMPLE.copy()
    changed.putpixel((512 + number // 200, 512), number % 200)
    encoded = io.BytesIO()
    changed.save(encoded, "PNG")
    return encoded.getvalue()


def seconds(image):
    began = time.monotonic()
    call(f"{BASE}/v1/localizations", image, **{"Content-Type": "image/png"})
    return time.monotonic() - began


def main():
    start("service", ["java", "-Xmx1g", "-XX:G1HeapRegionSize=16m", "-jar", "target/cxr-localizer.jar", f"--server.port={PORT}"],
          STATE_DIRECTORY=str(WORK / "state"))
    wait("it is ready", lambda: call(f"{BASE}/actuator/health/readiness"))
    for number in range(WARM_UPS):
        seconds(picture(number))
    known = picture(0)
    seconds(known)
    pairs = [(seconds(known), seconds(picture(WARM_UPS + number))) for number in range(PAIRS)]
    metrics = call(f"{BASE}/actuator/prometheus").decode().splitlines()
    print("\n".join(line for line in metrics if line.startswith("cache_gets_total")))
    print(f"an image that came again took {statistics.median(again / new for again, new in pairs):.2f} of the time of a new one "
          f"(median of {PAIRS} pairs)")
    kill("service")


run(main)
