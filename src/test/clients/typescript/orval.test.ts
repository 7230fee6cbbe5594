// SPDX-License-Identifier: Apache-2.0
/** Uses the client that orval generates with default options: node orval.test.js ADDRESS PNG DICOM. */
import assert from "node:assert/strict";
import { openAsBlob } from "node:fs";
import axios from "axios";
import { listModels, localize, writeStructuredReport } from "./orval.js";

const [baseURL, png, dicom] = process.argv.slice(2);

const raw = (await localize(await openAsBlob(png, { type: "image/png" }), { imageIndex: "00022215_012.png" }, { baseURL })).data;
assert.equal(raw.image.mediaType, "image/png");
const cardiomegaly = raw.findings.find((it) => it.label === "Cardiomegaly");
assert(cardiomegaly && cardiomegaly.boxes[0].width > 100 && cardiomegaly.comparisons[0].iou > 0.3);

// Without a type of its own, a blob goes as application/octet-stream, and its bytes decide.
const ofDicom = (await localize(await openAsBlob(dicom), { labels: ["Mass"], force: true }, { baseURL })).data;
assert.equal(ofDicom.image.mediaType, "application/dicom");
assert.equal(ofDicom.findings.length, 1);

const report = (await writeStructuredReport(await openAsBlob(dicom), { force: true }, { baseURL, responseType: "arraybuffer" })).data;
assert.equal(Buffer.from(report as unknown as ArrayBuffer).toString("ascii", 128, 132), "DICM");

const failure = await localize(new Blob(["no image"]), {}, { baseURL }).catch((it) => it);
assert(axios.isAxiosError(failure));
assert.equal(failure.response?.status, 422);
assert.equal(failure.response?.data.type, "urn:cxr-localizer:problem:unreadable-image");

assert.equal((await listModels({ baseURL })).data.models[0].name, "cxr14-cells");
console.log("orval: all of it holds");
