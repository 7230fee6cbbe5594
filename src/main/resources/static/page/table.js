// SPDX-License-Identifier: Apache-2.0
import { truths } from "./boxes.js";
import { byId, make, readable } from "./dom.js";
import { judge } from "./outlines.js";

/**
 * @import { Session } from "./session.js"
 * @import { Box, Finding, Localization } from "./types.js"
 */

/** Why a finding has no boxes, in words. @type {Record<string, string>} */
const REASONS = {
  "map-not-finite": "the map has values that are not finite",
  "map-constant": "all values of the map are equal",
  "map-not-positive": "the map has no positive value",
  "level-below-map": "the map marks no place at this level: the box would be the whole image",
  "level-above-map": "the level is above all of the map",
  "regions-too-small": "all regions are smaller than the minimum area",
  "below-minimum-probability": "its probability is too low",
};

/** Where millimetres hold: a shadow on the detector is larger than what casts it. */
const PLANES = { calibrated: "", detector: " at the detector", unstated: ", plane unstated" };

const VERDICTS = { correct: "✓ correct", false: "✗ false", unknown: "no ground truth", truth: "ground truth" };

/** The boxes on show in figures. */
export class BoxTable {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.body = byId("box-rows", HTMLElement);
    this.note = byId("box-note", HTMLElement);
    session.addEventListener("opened", () => this.#draw());
    session.addEventListener("changed", () => this.#draw());
  }

  #draw() {
    const { boxed, shown, correctAbove } = this.session;
    if (!shown) return;
    this.body.replaceChildren(...boxed.flatMap((finding) => this.#rows(finding, shown, correctAbove)));
    const without = boxed.filter(({ boxes }) => boxes.length === 0);
    this.note.textContent = without
      .map(({ label, noBoxReason }) => `${readable(label)} has no box: ${REASONS[noBoxReason ?? ""] ?? noBoxReason}.`)
      .join(" ");
  }

  /** @param {Finding} finding @param {Localization} shown @param {number} correctAbove */
  #rows(finding, shown, correctAbove) {
    const found = finding.boxes.map((box, i) => {
      const { kind, iou, iobb } = judge(finding, i, correctAbove);
      return row(readable(finding.label), box, shown, box.score.toFixed(3), iou, iobb, kind);
    });
    const known = truths(finding).map((box) => row(readable(finding.label), box, shown, "", NaN, NaN, "truth"));
    return [...found, ...known];
  }
}

/**
 * @param {string} label @param {Box} box @param {Localization} shown @param {string} score @param {number} iou
 * @param {number} iobb @param {keyof typeof VERDICTS} kind
 */
function row(label, box, { geometry }, score, iou, iobb, kind) {
  const { pixelWidth, pixelHeight, plane } = geometry;
  const size =
    pixelWidth && pixelHeight
      ? `${(box.width * pixelWidth).toFixed(0)} × ${(box.height * pixelHeight).toFixed(0)} mm${PLANES[plane ?? "unstated"]}`
      : `${box.width.toFixed(1)} × ${box.height.toFixed(1)} px`;
  /** @param {number} value */
  const figure = (value) => make("td", { class: "number" }, Number.isNaN(value) ? "" : value.toFixed(3));
  return make(
    "tr",
    { class: kind },
    make("th", { scope: "row" }, label),
    make("td", { class: "number" }, `${box.x.toFixed(1)}, ${box.y.toFixed(1)}`),
    make("td", { class: "number" }, size),
    make("td", { class: "number" }, score),
    figure(iou),
    figure(iobb),
    make("td", { class: "verdict" }, VERDICTS[kind]),
  );
}
