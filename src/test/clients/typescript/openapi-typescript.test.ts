// SPDX-License-Identifier: Apache-2.0
/** Uses openapi-fetch with the types that openapi-typescript generates: node openapi-typescript.test.js ADDRESS PNG DICOM. */
import assert from "node:assert/strict";
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import createClient from "openapi-fetch";
import type { paths } from "./openapi-typescript.js";

const [baseUrl, png, dicom] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl });

/** The types say string for binary parts; the form is the caller's to build. */
function form(image: Blob, name: string) {
  const body = new FormData();
  body.append("image", image, name);
  return { body: { image: name }, bodySerializer: () => body };
}

const found = await client.POST("/v1/localizations", form(await openAsBlob(png), basename(png)));
assert.equal(found.data?.image.mediaType, "image/png");
const cardiomegaly = found.data.findings.find((it) => it.label === "Cardiomegaly");
assert(cardiomegaly && cardiomegaly.boxes[0].width > 100 && cardiomegaly.comparisons[0].iou > 0.3);

const query = { labels: ["Mass", "Nodule"], method: "cam", force: true };
const ofDicom = await client.POST("/v1/localizations", { params: { query }, ...form(await openAsBlob(dicom), "chest.dcm") });
assert.equal(ofDicom.data?.image.mediaType, "application/dicom");
assert.equal(ofDicom.data.findings.length, 2);

const report = await client.POST("/v1/structured-reports", {
  params: { query: { force: true } },
  parseAs: "blob",
  ...form(await openAsBlob(dicom), "chest.dcm"),
});
assert.equal(await report.data?.slice(128, 132).text(), "DICM");

const bad = await client.POST("/v1/localizations", form(new Blob(["no image"]), "bad.png"));
assert.equal(bad.response.status, 422);
assert.equal(bad.error?.type, "urn:cxr-localizer:problem:unreadable-image");

assert.equal((await client.GET("/v1/models")).data?.models[0].name, "cxr14-cells");
console.log("openapi-typescript: all of it holds");
