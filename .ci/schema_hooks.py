# SPDX-License-Identifier: Apache-2.0
"""Hooks of Schemathesis: what only a running service can say of valid requests. See .ci/schemathesis.

The document allows any text as a label, a method or a policy, and any bytes as an image, because these are the model's and the
decoders' to judge. Here they are those that the service has; violations of each are generated from them too.
"""

import gzip
import json
import os
import pathlib
import urllib.request

import schemathesis
from hypothesis import strategies as st

SERVICE = os.environ["CXR_SERVICE"]
PNG, DICOM = (pathlib.Path(os.environ[name]).read_bytes() for name in ("CXR_PNG", "CXR_DICOM"))
BOXES = b"Image Index,Finding Label,x,y,w,h,score\n00022215_012.png,Cardiomegaly,100,200,300.5,400,0.9\n"
HL7 = b"MSH|^~\\&|\rOBX|1|TX|1^Findings||No effusion.\r"
POLICIES = [
    {"type": "fraction", "fraction": 0.5},
    {"type": "wang"},
    {"type": "otsu", "selection": {"maximumBoxes": 3, "merge": {"type": "nms", "iou": 0.3}}},
    {"type": "percentile", "percentile": 90},
    {"type": "absolute", "level": 1},
    {"type": "calibrated"},
]

EVENT = {"type": "object", "required": ["event", "data"],
         "properties": {"event": {"enum": ["progress", "end", "gone"]}, "data": {"type": "string"}}}

schemathesis.openapi.format("binary", st.sampled_from([PNG, DICOM]))
schemathesis.openapi.media_type("application/octet-stream", st.sampled_from([PNG, DICOM]))
schemathesis.openapi.media_type("application/dicom", st.just(DICOM))
schemathesis.openapi.media_type("image/png", st.just(PNG))
schemathesis.openapi.media_type("image/jpeg", st.just(PNG))  # the bytes decide
schemathesis.openapi.media_type("text/csv", st.just(BOXES))
schemathesis.openapi.media_type("text/plain", st.just(b"FINDINGS: No effusion."))
schemathesis.openapi.media_type("application/hl7-v2", st.just(HL7))
schemathesis.openapi.media_type("x-application/hl7-v2+er7", st.just(HL7))
schemathesis.openapi.media_type("application/gzip", st.just(gzip.compress(BOXES)))


def answer(path):
    with urllib.request.urlopen(SERVICE + path) as response:
        return json.load(response)


@schemathesis.hook
def filter_case(context, case):
    """Leaves out rules that the document cannot state, and reports that lie in documents.

    A capture without an overlay is of no DICOM file and not compressed. No generated object is a DiagnosticReport, and no image
    a structured report. Only with a report can findings be restricted to it, and a form has only texts. The policy expected-iou is
    for methods of cell probabilities.
    """
    path, query, body = case.operation.path, case.query or {}, case.body if isinstance(case.body, dict) else {}
    if path == "/v1/reports":
        return case.media_type not in ("application/fhir+json", "application/dicom")
    if path == "/v1/localizations":
        restricted = str(query.get("onlyReported", "false")).lower() == "true"
        return isinstance(body.get("report", None if restricted else ""), (str, bytes))
    if path == "/v1/evaluations" and isinstance(body.get("policies"), list):
        types = [policy.get("type") for policy in body["policies"] if isinstance(policy, dict)]
        return "expected-iou" not in types or body.get("methods") in (None, [], ["calibrated"])
    if path != "/v1/secondary-captures" or str(query.get("overlay", "true")).lower() != "false":
        return True
    compressed = query.get("pixels", "uncompressed") != "uncompressed"
    return not (compressed or b"DICM" in _bytes(case.body))


def _bytes(body):
    parts = body.values() if isinstance(body, dict) else [body]
    return b"".join(part for part in parts if isinstance(part, bytes))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    model = answer("/v1/models/" + answer("/v1/models")["models"][0]["name"])
    narrow = {
        "labels": {"type": "array", "items": {"enum": model["labels"]}},
        "label": {"enum": model["labels"]},
        "method": {"enum": model["methods"]},
        "policy": {"enum": [json.dumps(policy) for policy in POLICIES]},
        "frame": {"type": "integer", "minimum": 1, "maximum": 1},  # the images have no more
    }
    for path in raw_schema["paths"].values():
        for operation in path.values():
            parameters = operation.get("parameters", [])
            if operation["operationId"] == "drawOverlay":  # which takes one of 'label' and 'labels'
                parameters[:] = [it for it in parameters if it["name"] != "labels"]
            for parameter in parameters:
                parameter["schema"] = narrow.get(parameter["name"], parameter["schema"])
            # Before OpenAPI 3.2, Schemathesis takes the schema of a stream as that of each event.
            for answered in operation["responses"].values():
                for media_type, content in answered.get("content", {}).items():
                    if media_type == "text/event-stream":
                        content["schema"] = EVENT
            if not model["operatingPoints"]:
                parameters[:] = [it for it in parameters if it["name"] != "operatingPoint"]
    raw_schema["components"]["schemas"]["EvaluationRequest"]["properties"]["methods"]["items"] = narrow["method"]
    if "boxes" not in model["supervision"].values():  # no map of probabilities, which alone this policy cuts
        choice, name = raw_schema["components"]["schemas"]["BoxPolicy"], "#/components/schemas/ExpectedIouPolicy"
        choice["oneOf"] = [it for it in choice["oneOf"] if it["$ref"] != name]
        del choice["discriminator"]["mapping"]["expected-iou"]
    # The service takes null for what is absent; generators would make types of it that are of no use.
    for name, schema in raw_schema["components"]["schemas"].items():
        if name in ("Selection", "WangPolicy") or "selection" in schema.get("properties", {}):
            for key, value in schema["properties"].items():
                if key not in schema.get("required", []):
                    schema["properties"][key] = {"anyOf": [value, {"type": "null"}]}
