// SPDX-License-Identifier: Apache-2.0
/** Uses the client that @hey-api/openapi-ts generates with default options: node hey-api.test.js ADDRESS PNG DICOM. Its imports have no extensions,
 * which bundlers and CommonJS take. */
import { strict as assert } from "node:assert";
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { listModels, localize, writeStructuredReport } from "./hey-api";
import { client } from "./hey-api/client.gen";

async function main() {
  const [address, png, dicom] = process.argv.slice(2);
  client.setConfig({ baseUrl: address });

  const image = new File([await openAsBlob(png)], basename(png));
  const found = (await localize({ body: { image, report: "Cardiomegaly." } })).data;
  assert(found);
  assert.equal(found.image.mediaType, "image/png");
  const cardiomegaly = found.findings.find((it) => it.label === "Cardiomegaly");
  assert(cardiomegaly && cardiomegaly.boxes[0].width > 100 && cardiomegaly.comparisons[0].iou > 0.3);
  assert.equal(cardiomegaly.reported, "present");

  const body = { image: await openAsBlob(dicom) };
  const ofDicom = (await localize({ body, query: { labels: ["Mass", "Nodule"], method: "cam", force: true } })).data;
  assert(ofDicom);
  assert.equal(ofDicom.image.mediaType, "application/dicom");
  assert.equal(ofDicom.findings.length, 2);

  const report = (await writeStructuredReport({ body, query: { force: true }, parseAs: "blob" })).data;
  assert.equal(await report?.slice(128, 132).text(), "DICM");

  const { error, response } = await localize({ body: { image: new Blob(["no image"]) } });
  assert.equal(response?.status, 422);
  assert.equal(error?.type, "urn:cxr-localizer:problem:unreadable-image");

  assert.equal((await listModels()).data?.models[0].name, "cxr14-cells");
  console.log("@hey-api/openapi-ts: all of it holds");
}

void main();
