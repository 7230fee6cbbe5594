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
const raw = await localizations.localize({ body: image, imageIndex: basename(png) });
assert.equal(raw.image.mediaType, "image/png");
assert.equal(raw.policy.type, "calibrated");
const cardiomegaly = finding(raw, "Cardiomegaly");
assert(cardiomegaly.boxes[0].width > 100 && cardiomegaly.boxes[0].score <= cardiomegaly.probability);
assert(cardiomegaly.comparisons[0].iou > 0.3);

// Generated methods send the image as the body; a form takes its place here, and fetch names its boundary.
const form = new FormData();
form.append("image", image, basename(png));
const multipart = await localizations.localize({ body: image }, async ({ init }) => {
  const { "Content-Type": _, ...headers } = init.headers ?? {};
  return { ...init, headers, body: form };
});
assert.deepEqual(finding(multipart, "Cardiomegaly"), cardiomegaly);

const ofDicom = await localizations.localize({
  body: await openAsBlob(dicom),
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

const report = await new ResultsApi(configuration).writeStructuredReport({ body: await openAsBlob(dicom), force: true });
assert.equal(await report.slice(128, 132).text(), "DICM");

try {
  await localizations.localize({ body: new Blob(["no image"]) });
  assert.fail("no image was taken for one");
} catch (failure) {
  if (!(failure instanceof ResponseError)) throw failure;
  const problem: Problem = ProblemFromJSON(await failure.response.json());
  assert.equal(problem.type, "urn:cxr-localizer:problem:unreadable-image");
  assert.equal(problem.status, 422);
}

assert.equal((await new ModelsApi(configuration).listModels()).models[0].name, "cxr14-base");

const evaluations = new EvaluationsApi(configuration);
let evaluation = await evaluations.startEvaluation({
  evaluationRequest: { dataset: "samples", draws: 10, policies: [{ type: "fraction", fraction: 0.4 }] },
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
