// SPDX-License-Identifier: Apache-2.0
import { byId, percent, readable } from "./dom.js";

/**
 * @import { Session } from "./session.js"
 * @import { Finding, Model, OperatingPoint } from "./types.js"
 */

/** Names of more findings than this are not read at a glance. */
const MOST_NAMES = 4;

/** The result in words, above the picture. */
export class Claim {
  /** @param {Session} session */
  constructor(session) {
    const words = byId("claim-words", HTMLElement);
    const detail = byId("claim-detail", HTMLElement);
    for (const type of ["opened", "changed"]) {
      session.addEventListener(type, () => {
        const { shown, selected, model } = session;
        if (!shown) return;
        words.textContent = claim(shown.findings, shown.operatingPoint);
        detail.textContent = selected
          ? detailOf(selected, model, shown.operatingPoint)
          : "Choose a finding to see where the classifier looked.";
        byId("claim", HTMLElement).dataset.positive = String(shown.findings.some(({ positive }) => positive));
      });
    }
  }
}

/**
 * All findings in words.
 *
 * @param {Pick<Finding, "label" | "positive" | "probability" | "cutoff">[]} findings @param {OperatingPoint | null} point
 */
export function claim(findings, point) {
  const positive = findings.filter((finding) => finding.positive);
  const at = point ? ` at the operating point “${point}”` : "";
  if (findings.every((finding) => finding.positive === null)) return "The model has no cut-offs: no finding is called positive.";
  if (positive.length === 0) return findings.some(reaches) ? "No positive finding." : `No finding above the cut-off${at}.`;
  const names = positive.slice(0, MOST_NAMES).map(({ label }) => readable(label));
  const more = positive.length - names.length;
  return `Positive${at}: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

/** On a blank image no finding is positive, whatever its probability. @param {Pick<Finding, "probability" | "cutoff">} finding */
const reaches = ({ probability, cutoff }) => cutoff !== null && probability >= cutoff;

/** A finding in words: positive, or below the cut-off; empty without a cut-off. @param {Finding} finding */
export function word(finding) {
  if (finding.positive === null) return "";
  if (finding.positive) return "positive";
  return reaches(finding) ? "not positive" : "below the cut-off";
}

/** @param {Finding} finding @param {Model | null} model @param {OperatingPoint | null} point */
function detailOf(finding, model, point) {
  const { label, probability, cutoff, cutoffRatio, calibratedProbability, boxes } = finding;
  const said = word(finding);
  const times = cutoff !== null && cutoffRatio !== null ? `, ${ratio(cutoffRatio)} times the cut-off of ${percent(cutoff)}` : "";
  const figures = point ? model?.operatingPoints?.[label]?.[point] : undefined;
  const count = boxes.length === 0 ? "no box" : boxes.length === 1 ? "1 box" : `${boxes.length} boxes`;
  return [
    `Shown: ${readable(label)}${said ? `, ${said}` : ""}, ${count}.`,
    `Probability ${percent(probability)}${times}.`,
    calibratedProbability === null ? "" : `Of validation images with such an output, ${percent(calibratedProbability)} had the finding.`,
    figures ? `On validation images the cut-off has a sensitivity of ${percent(figures.sensitivity)} and a specificity of ${percent(figures.specificity)}.` : "",
  ]
    .filter((sentence) => sentence)
    .join(" ");
}

/** @param {number} value */
const ratio = (value) => (value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2));
