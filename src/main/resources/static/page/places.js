// SPDX-License-Identifier: Apache-2.0
/**
 * @import { Box, Finding, Mention, ScoredBox, Size } from "./types.js"
 */

/** The rows of the lungs, as shares of the image's height: those of the service. */
const TOP = 0.1;
const BOTTOM = 0.8;
const THIRD = (BOTTOM - TOP) / 3;
const COUNTED = ["untitled", "findings", "impression"];
const STATED = ["present", "uncertain"];

/** @param {number} start @param {number} end @param {number} from @param {number} to @param {number} length */
const overlaps = (start, end, from, to, length) =>
  Math.min(end, to) - Math.max(start, from) >= Math.min(end - start, length) / 2;

/** @param {Mention["places"][number]} place @param {Box} box @param {Size} image */
function holds({ side, zone }, { x, y, width, height }, image) {
  const middle = image.width / 2;
  const isOn =
    side === "right"
      ? overlaps(x, x + width, 0, middle, middle) // the image's left is the patient's right
      : side !== "left" || overlaps(x, x + width, middle, image.width, middle);
  const upper = image.height * (TOP + THIRD);
  const lower = image.height * (BOTTOM - THIRD);
  /** @type {Record<string, [number, number]>} */
  const rows = { upper: [0, upper], middle: [upper, lower], lower: [lower, image.height] };
  return isOn && (zone === "unstated" || overlaps(y, y + height, ...rows[zone], image.height * THIRD));
}

/**
 * Whether a box lies where the report names its finding, as the service decides it.
 *
 * @param {Box} box @param {Finding} finding @param {Size} image
 * @returns {ScoredBox["agreesWithReport"]}
 */
export function agreement(box, { mentions }, image) {
  const places = mentions
    .filter(({ section, assertion }) => COUNTED.includes(section) && STATED.includes(assertion))
    .flatMap(({ places }) => places);
  if (places.length === 0) return "unstated";
  return places.some((place) => holds(place, box, image)) ? "yes" : "no";
}
