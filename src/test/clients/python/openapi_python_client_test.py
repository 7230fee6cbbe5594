# SPDX-License-Identifier: Apache-2.0
"""Uses the client that openapi-python-client generates: openapi_python_client_test.py ADDRESS PNG DICOM. See .ci/clients.

It leaves out the raw bodies but application/octet-stream, and answers that are neither JSON nor text: forms serve instead of the
former, and `content` of a detailed answer instead of the latter.
"""

import io
import pathlib
import sys

from cxr_localizer_client import Client, models
from cxr_localizer_client.api.localization import localize
from cxr_localizer_client.api.models import list_models
from cxr_localizer_client.api.results import write_structured_report
from cxr_localizer_client.types import File

address, png, dicom = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


def form(content: bytes, name: str | None = None) -> models.LocalizationForm:
    return models.LocalizationForm(image=File(payload=io.BytesIO(content), file_name=name))


with Client(base_url=address) as client:
    whole = form(png.read_bytes(), png.name)
    whole.report = "Cardiomegaly."
    found = localize.sync(client=client, body=whole)
    assert isinstance(found, models.Localization), found
    assert found.image.media_type == "image/png"
    cardiomegaly = next(it for it in found.findings if it.label == "Cardiomegaly")
    assert cardiomegaly.boxes[0].width > 100 and cardiomegaly.comparisons[0].iou > 0.3
    assert cardiomegaly.reported == "present"

    of_dicom = localize.sync(client=client, body=form(dicom.read_bytes()), labels=["Mass", "Nodule"], method="cam", force=True)
    assert of_dicom.image.media_type == "application/dicom" and len(of_dicom.findings) == 2
    raw = localize.sync(client=client, body=File(payload=io.BytesIO(dicom.read_bytes())), labels=["Mass"], force=True)
    assert raw.image.media_type == "application/dicom" and len(raw.findings) == 1

    report = write_structured_report.sync_detailed(client=client, body=models.ImageForm(image=File(payload=io.BytesIO(dicom.read_bytes()))), force=True)
    assert report.status_code == 200 and report.content[128:132] == b"DICM"

    problem = localize.sync(client=client, body=form(b"no image", "bad.png"))
    assert isinstance(problem, models.Problem) and problem.status == 422
    assert problem.type_ == "urn:cxr-localizer:problem:unreadable-image"

    assert list_models.sync(client=client).models[0].name == "cxr14-cells"

print("openapi-python-client: all of it holds")
