// SPDX-License-Identifier: Apache-2.0
/** Uses the generated TypeScript client as a program would: node client.test.js ADDRESS PNG DICOM. See .ci/clients. */
import assert from "node:assert/strict";
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import {
  Configuration,
  EvaluationsApi,
  type Finding,
  type Localization,
  LocalizationApi,
  ModelsApi,
  type Problem,
  ProblemFromJSON,
  ResponseError,
  ResultsApi,
} from "cxr-localizer-client";

const [address, png, dicom] = process.argv.slice(2);
const configuration = new Configuration({ basePath: address });
const localizations = new LocalizationApi(configuration);

function finding(localization: Localization, label: string): Finding {
  const found = localization.findings.find((it) => it.label === label);
  assert(found);
  return found;
}

const image = await openAsBlob(png);
const raw = await localizations.localize({ image, imageIndex: basename(png), report: "Cardiomegaly." });
assert.equal(raw.image.mediaType, "image/png");
assert.equal(raw.policy.type, "expected-iou");
const cardiomegaly = finding(raw, "Cardiomegaly");
assert(cardiomegaly.boxes[0].width > 100 && cardiomegaly.boxes[0].score <= 1);
assert(cardiomegaly.comparisons[0].iou > 0.3);
assert.equal(cardiomegaly.reported, "present");

const ofDicom = await localizations.localize({
  image: await openAsBlob(dicom),
  labels: ["Mass"],
  method: "cam",
  policy: JSON.stringify({ type: "fraction", fraction: 0.5 }),
  force: true,
  includeMaps: true,
});
assert.equal(ofDicom.image.mediaType, "application/dicom");
assert(ofDicom.policy.type === "fraction" && ofDicom.policy.fraction === 0.5);
assert.equal(ofDicom.findings.length, 1);
assert.equal(ofDicom.findings[0].map.values?.length, 256);

const report = await new ResultsApi(configuration).writeStructuredReport({ image: await openAsBlob(dicom), force: true });
assert.equal(await report.slice(128, 132).text(), "DICM");

try {
  await localizations.localize({ image: new Blob(["no image"]) });
  assert.fail("no image was taken for one");
} catch (failure) {
  if (!(failure instanceof ResponseError)) throw failure;
  const problem: Problem = ProblemFromJSON(await failure.response.json());
  assert.equal(problem.type, "urn:cxr-localizer:problem:unreadable-image");
  assert.equal(problem.status, 422);
}

assert.equal((await new ModelsApi(configuration).listModels()).models[0].name, "cxr14-cells");

const evaluations = new EvaluationsApi(configuration);
let evaluation = await evaluations.startEvaluation({
  evaluationRequest: { dataset: "samples", draws: 10, methods: ["layercam"], policies: [{ type: "fraction", fraction: 0.4 }] },
});
for (let i = 0; i < 300 && evaluation.finished === null; i++) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  evaluation = await evaluations.getEvaluation({ id: evaluation.id });
}
assert.equal(evaluation.state, "SUCCEEDED");
assert.equal(evaluation.policies[0].type, "fraction");
assert((await evaluations.getEvaluationFigures({ id: evaluation.id })).startsWith("table,"));
assert(await evaluations.getEvaluationReport({ id: evaluation.id }));
await evaluations.deleteEvaluation({ id: evaluation.id });
console.log("TypeScript: all of it holds");
