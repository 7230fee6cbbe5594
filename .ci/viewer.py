# SPDX-License-Identifier: Apache-2.0
"""Opens results in OHIF over a real Orthanc and compares what is drawn with the answer of the API; run by .ci/viewer."""
import http.server
import json
import mimetypes
import os
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image
from running import JAR, WORK, call, get, run, say, start, wait

ORTHANC, SERVICE, PAGE = "http://127.0.0.1:8042", "http://127.0.0.1:18085", "http://127.0.0.1:18086"
APPLICATION, PACKAGES = Path(os.environ["CXR_OHIF"]), os.environ["CXR_NODE"]
OUT = Path("target/viewer")
IMAGES = ["cr_pa_jpeg_baseline", "nih_dx_implicit_le"]
MOST_FINDINGS, TOLERANCE = 3, 2
CONFIGURATION = """window.config = {
  name: 'ci', routerBasename: '/', extensions: [], modes: [], customizationService: {}, showStudyList: true,
  maxNumberOfWebWorkers: 2, showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false, useCPURendering: false,
  investigationalUseDialog: { option: 'never' }, defaultDataSourceName: 'dicomweb',
  dataSources: [{
    namespace: '@ohif/extension-default.dataSourcesModule.dicomweb', sourceName: 'dicomweb',
    configuration: {
      friendlyName: 'Orthanc', name: 'Orthanc', wadoUriRoot: '/dicom-web', qidoRoot: '/dicom-web', wadoRoot: '/dicom-web',
      qidoSupportsIncludeField: false, imageRendering: 'wadors', thumbnailRendering: 'wadors', enableStudyLazyLoad: true,
      supportsFuzzyMatching: false, supportsWildcard: true, omitQuotationForMultipartRequest: true,
    },
  }],
};
"""


class Page(http.server.BaseHTTPRequestHandler):
    """OHIF's files, and Orthanc's DICOMweb on the same origin."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, media_type, body):
        self.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": len(body), "Cross-Origin-Opener-Policy": "same-origin",
                            "Cross-Origin-Embedder-Policy": "require-corp"}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.startswith("/dicom-web"):
            request = urllib.request.Request(ORTHANC + self.path, headers={"Accept": self.headers.get("Accept", "*/*")})
            try:
                response = urllib.request.urlopen(request, timeout=60)
            except urllib.error.HTTPError as error:
                response = error
            return self.answer(response.status, response.headers.get("Content-Type", "text/plain"), response.read())
        if path == "/app-config.js":
            return self.answer(200, "text/javascript", CONFIGURATION.encode())
        file = APPLICATION / path.lstrip("/")
        if not file.is_file():
            file = APPLICATION / "index.html"
        media_type = "application/wasm" if file.suffix == ".wasm" else mimetypes.guess_type(file.name)[0]
        return self.answer(200, media_type or "application/octet-stream", file.read_bytes())


def start_all():
    (WORK / "orthanc.json").write_text(json.dumps({
        "StorageDirectory": str(WORK / "orthanc"), "IndexDirectory": str(WORK / "orthanc"), "AuthenticationEnabled": False,
        "RemoteAccessAllowed": True, "Plugins": ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"]}))
    start("orthanc", ["Orthanc", str(WORK / "orthanc.json")])
    start("service", [*JAR, "--server.port=18085"], OMP_WAIT_POLICY="PASSIVE", STATE_DIRECTORY=str(WORK / "state"),
          PACS_NODES_ORTHANC_BASEURL=f"{ORTHANC}/dicom-web", PACS_ACCEPTUNSAID="true", PACS_OPERATINGPOINT="balanced")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(PAGE.rsplit(":", 1)[1])), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    wait("Orthanc answers", lambda: get(f"{ORTHANC}/system"))
    wait("the service is ready", lambda: call(f"{SERVICE}/actuator/health/readiness"))


def localized(file):
    """The findings whose boxes the results have."""
    answer = json.loads(call(f"{SERVICE}/v1/localizations?force=true&operatingPoint=balanced", file.read_bytes(), **{"Content-Type": "application/dicom"}))
    return [finding for finding in answer["findings"] if finding["positive"] and finding["boxes"]][:MOST_FINDINGS]


def stored(file):
    """The study of an image whose results a PACS job has stored."""
    call(f"{ORTHANC}/instances", file.read_bytes())
    study = str(pydicom.dcmread(file, stop_before_pixels=True).StudyInstanceUID)
    job = json.loads(call(f"{SERVICE}/v1/pacs/orthanc/studies/{study}", b""))["id"]
    ended = wait("the job ended", lambda: next((j for j in [get(f"{SERVICE}/v1/pacs/jobs/{job}")]
                                                if j["state"] in ("SUCCEEDED", "FAILED")), None))
    assert ended["state"] == "SUCCEEDED", ended
    return study


def boxes(drawing, image):
    """What is drawn, x, y, width, height in pixels of the image, which OHIF fits into its canvas; and the texts beside it."""
    scale = min(drawing["width"] / image.Columns, drawing["height"] / image.Rows)
    left = (drawing["width"] - scale * image.Columns) / 2
    top = (drawing["height"] - scale * image.Rows) / 2
    found = []
    for shape in drawing["shapes"]:
        x, y = (np.array(shape["points"]).reshape(-1, 2) - (left, top)).T / scale
        found.append(((x.min(), y.min(), np.ptp(x), np.ptp(y)), shape))
    return found


def judge(name):
    file = Path("../shared/nih/dicom") / f"{name}.dcm"
    findings, study, image = localized(file), stored(file), pydicom.dcmread(file)
    assert findings, f"nothing is positive on {name}"
    script = subprocess.run(["node", ".ci/viewer.js", f"{PAGE}/viewer?StudyInstanceUIDs={study}", OUT / name],
                            capture_output=True, text=True, env={**os.environ, "NODE_PATH": PACKAGES})
    assert script.returncode == 0, script.stderr
    seen = json.loads(script.stdout)
    assert not seen["errors"], seen["errors"]
    expected = [(finding, box) for finding in findings for box in finding["boxes"]]
    for what in ("report", "tracked"):
        found = boxes(seen[what], image)
        assert len(found) == len(expected), f"{name}, {what}: {len(found)} regions for {len(expected)} boxes"
        for finding, box in expected:
            region = [box[key] for key in ("x", "y", "width", "height")]
            off, shape = min((np.abs(np.subtract(each, region)).max(), i) for i, (each, _) in enumerate(found))
            assert off <= TOLERANCE, f"{name}, {what}: {finding['label']} is {off:.1f} px off"
            shape = found.pop(shape)[1]
            if what == "report":
                stem = finding["label"].split("_")[0][:8].lower()
                assert stem in shape["text"][0].lower() and f"{100 * box['score']:.2f} %" in shape["text"][0], shape
            else:
                label = seen["labels"][shape["annotation"]]
                assert label == f"{finding['label']}: positive", (label, finding["label"])
    picture = np.array(Image.open(f"{OUT / name}-picture.png").convert("RGB"), int)[60:, 300:1540]
    yellow = (np.abs(picture - (0xff, 0xd2, 0x3f)).max(2) < 40).sum()
    assert picture.std() > 20 and yellow > 200, f"{name}: the picture does not show boxes ({yellow} pixels)"
    say(f"{name}: {len(expected)} boxes of {len(findings)} findings drawn and named, the picture opens")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    start_all()
    for name in IMAGES:
        judge(name)
    print(f"screenshots: {OUT}")


run(main)
