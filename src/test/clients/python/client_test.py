# SPDX-License-Identifier: Apache-2.0
"""Uses the generated Python client as a program would: client_test.py ADDRESS PNG DICOM. See .ci/clients."""

import json
import pathlib
import sys
import time

import cxr_localizer_client as cxr

address, png, dicom = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


def finding(localization: cxr.Localization, label: str) -> cxr.Finding:
    return next(it for it in localization.findings if it.label == label)


with cxr.ApiClient(cxr.Configuration(host=address)) as client:
    localizations = cxr.LocalizationApi(client)

    raw = localizations.localize((png.name, png.read_bytes()), report="Cardiomegaly.")
    assert raw.image.media_type == "image/png"
    assert isinstance(raw.policy.actual_instance, cxr.ExpectedIouPolicy), raw.policy
    cardiomegaly = finding(raw, "Cardiomegaly")
    assert cardiomegaly.boxes[0].width > 100 and cardiomegaly.boxes[0].score <= 1
    assert cardiomegaly.comparisons[0].iou > 0.3
    assert cardiomegaly.reported == "present"

    of_dicom = localizations.localize(
        dicom.read_bytes(),
        labels=["Mass"],
        method="cam",
        policy=json.dumps({"type": "fraction", "fraction": 0.5}),
        force=True,
        include_maps=True,
    )
    assert of_dicom.image.media_type == "application/dicom"
    assert of_dicom.policy.actual_instance.fraction == 0.5
    assert len(of_dicom.findings) == 1 and len(of_dicom.findings[0].map.values) == 256

    report = cxr.ResultsApi(client).write_structured_report(dicom.read_bytes(), force=True)
    assert bytes(report[128:132]) == b"DICM"

    try:
        localizations.localize(b"no image")
        raise AssertionError("no image was taken for one")
    except cxr.exceptions.UnprocessableEntityException as failure:
        problem = failure.data
        assert isinstance(problem, cxr.Problem), problem
        assert problem.type == "urn:cxr-localizer:problem:unreadable-image" and problem.status == 422

    assert cxr.ModelsApi(client).list_models().models[0].name == "cxr14-cells"

    evaluations = cxr.EvaluationsApi(client)
    fraction = cxr.BoxPolicy(cxr.FractionPolicy(type="fraction", fraction=0.4))
    evaluation = evaluations.start_evaluation(cxr.EvaluationRequest(dataset="samples", draws=10, methods=["layercam"], policies=[fraction]))
    latest = time.monotonic() + 60
    while evaluation.finished is None and time.monotonic() < latest:
        time.sleep(0.2)
        evaluation = evaluations.get_evaluation(evaluation.id)
    assert evaluation.state == "SUCCEEDED", evaluation
    assert isinstance(evaluation.policies[0].actual_instance, cxr.FractionPolicy)
    assert evaluations.get_evaluation_figures(evaluation.id).startswith("table,")
    assert evaluations.get_evaluation_report(evaluation.id)
    evaluations.delete_evaluation(evaluation.id)

print("Python: all of it holds")
