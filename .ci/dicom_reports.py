# SPDX-License-Identifier: Apache-2.0
"""Reads structured reports by highdicom, which implements the template, and compares them with the answers of the API.

Each measurement group must have a region, and its finding, certainty and region must be the answer's; findings without boxes must
be qualitative evaluations with the answer's certainty.
"""
import json
import sys
from pathlib import Path

import highdicom
import numpy as np
from pydicom.sr.codedict import codes

CODES = {"Cardiomegaly": ("8186001", "SCT"), "Pneumothorax": ("36118008", "SCT"), "Infiltration": ("112121", "DCM")}
CERTAINTY, EVALUATIONS = "111012", "C0034375"


def certainty(item):
    return next(float(child.MeasuredValueSequence[0].NumericValue) / 100 for child in item.ContentSequence
                if child.ConceptNameCodeSequence[0].CodeValue == CERTAINTY)


def judge(file, expected):
    report = highdicom.sr.srread(file)
    groups = report.content.get_planar_roi_measurement_groups()
    everything = sum(item.ConceptNameCodeSequence[0].CodeMeaning == "Measurement Group"
                     for container in report.ContentSequence for item in container.get("ContentSequence", []))
    assert len(groups) == everything, f"{everything - len(groups)} groups have no region"
    boxes = [(finding, box) for finding in expected["findings"] for box in finding["boxes"]]
    assert len(groups) == len(boxes), f"{len(groups)} groups for {len(boxes)} boxes"
    named = dict(CODES)
    for group, (finding, box) in zip(groups, boxes):
        label = group.tracking_identifier.rsplit(" ", 1)[0]
        assert label == finding["label"], (label, finding["label"])
        code = (group.finding_type.value, group.finding_type.scheme_designator)
        assert named.setdefault(label, code) == code, (label, code)
        found = [measurement.value for measurement in group.get_measurements(name=codes.DCM.CertaintyOfFinding)]
        assert np.allclose(found, [100 * finding["probability"]]), (label, found)
        corners = group.roi.value
        region = [*corners[0], *(corners[2] - corners[0])]
        assert np.allclose(region, [box[key] for key in ("x", "y", "width", "height")], atol=1e-2), (label, region)
    assert len(set(named.values())) == len(named), named
    evaluations = [certainty(item) for container in report.ContentSequence
                   if container.ConceptNameCodeSequence[0].CodeValue == EVALUATIONS for item in container.ContentSequence]
    without = [finding["probability"] for finding in expected["findings"] if not finding["boxes"]]
    assert np.allclose(evaluations, without), (evaluations, without)
    return len(groups), len(evaluations)


def main():
    counts = []
    for file in sorted(Path(sys.argv[1]).glob("*.structured-reports.dcm")):
        expected = json.loads(file.with_name(file.name.replace("structured-reports.dcm", "expected.json")).read_text())
        try:
            counts.append(judge(file, expected))
        except AssertionError as problem:
            sys.exit(f"{file.name}: {problem}")
    groups, evaluations = (sum(each) for each in zip(*counts))
    print(f"highdicom {highdicom.__version__}: {len(counts)} reports, {groups} groups with regions, {evaluations} qualitative evaluations")
    sys.exit(0 if groups and evaluations else 1)


main()
