// SPDX-License-Identifier: Apache-2.0
/** What a box policy cuts from a class activation map: the service's rule, step by step. */

import { area, enclosing, intersection, iobb, iou, ofCorners } from "./geometry.js";
import { rectangles } from "./expected-iou.js";
import { agreement } from "./places.js";
import { Surface } from "./surface.js";

/**
 * @import { BoxPolicy, ClassActivationMap, Comparison, Box, Finding, Localization, MapExtent, Merge, Model, Selection,
 *   Size, Threshold } from "./types.js"
 */

const SELECTION = {
  minimumArea: 0,
  maximumArea: 1,
  minimumAspect: 0,
  dropNested: false,
  maximumBoxes: 10,
  merge: { type: "none" },
};
/** A box of which more than this lies in a larger one is nested. */
const NESTED = 0.9;

/**
 * The policy to use for a label; null where the model has none.
 *
 * @param {BoxPolicy} policy @param {string} label @param {Model} model
 * @returns {Threshold | null}
 */
export function forLabel(policy, label, model) {
  return policy.type === "calibrated"
    ? /** @type {Threshold | undefined} */ (model.calibratedPolicies[label]) ?? null
    : policy;
}

/**
 * Whether the service would cut the answer's maps by a policy: labels that the model has no policy for do not count.
 *
 * @param {BoxPolicy} policy @param {Localization} answer @param {Model} model
 */
export function fits(policy, answer, model) {
  return answer.findings.every(
    ({ label, map }) => forLabel(policy, label, model)?.type !== "expected-iou" || map.unit === "probability",
  );
}

/** @param {Threshold} policy @returns {Required<Selection>} */
export function selectionOf(policy) {
  return /** @type {Required<Selection>} */ ({ ...SELECTION, ...policy.selection });
}

/**
 * The levels to cut at, highest first.
 *
 * @param {Exclude<Threshold, { type: "expected-iou" }>} policy @param {Float32Array} values @returns {number[]}
 */
function levels(policy, values) {
  switch (policy.type) {
    case "fraction":
      return [policy.fraction * Math.max(...values)];
    case "wang": {
      const minimum = Math.min(...values);
      const range = Math.max(...values) - minimum;
      return (policy.greyLevels ?? [60, 180]).map((level) => minimum + (range * level) / 255).sort((a, b) => b - a);
    }
    case "percentile": {
      const sorted = values.slice().sort();
      const rank = (policy.percentile / 100) * (sorted.length - 1);
      const lower = Math.floor(rank);
      const upper = Math.min(lower + 1, sorted.length - 1);
      return [sorted[lower] + (rank - lower) * Math.fround(sorted[upper] - sorted[lower])];
    }
    case "otsu":
      return [otsu(values)];
    case "absolute":
      return [policy.level];
  }
}

/** @param {Float32Array} values */
function otsu(values) {
  const sorted = values.slice().sort();
  const total = sorted.reduce((sum, value) => sum + value, 0);
  let below = 0;
  let best = -1;
  let level = sorted[0];
  for (let i = 1; i < sorted.length; i++) {
    below += sorted[i - 1];
    if (sorted[i] > sorted[i - 1]) {
      const gap = below / i - (total - below) / (sorted.length - i);
      const variance = i * (sorted.length - i) * gap * gap;
      if (variance > best) {
        best = variance;
        level = (sorted[i - 1] + sorted[i]) / 2;
      }
    }
  }
  return level;
}

/**
 * The box in pixels of the image of a region, or of a rectangle of cells; null where all of it lies outside.
 *
 * @param {{left: number, top: number, right: number, bottom: number}} region @param {ClassActivationMap} map
 * @param {MapExtent} extent @param {Size} image @returns {Box | null}
 */
function toImage(region, map, extent, image) {
  const left = Math.max(0, extent.x + extent.width * (region.left / map.width));
  const top = Math.max(0, extent.y + extent.height * (region.top / map.height));
  const right = Math.min(image.width, extent.x + extent.width * (region.right / map.width));
  const bottom = Math.min(image.height, extent.y + extent.height * (region.bottom / map.height));
  return right > left && bottom > top ? ofCorners(left, top, right, bottom) : null;
}

/** @typedef {Box & {score: number}} Scored */

/** @param {Scored[]} boxes @param {Merge} merge @returns {Scored[]} */
function mergeBoxes(boxes, merge) {
  if (merge.type === "nms") {
    /** @type {Scored[]} */
    const kept = [];
    for (const box of boxes) {
      if (kept.every((other) => iou(other, box) <= merge.iou)) kept.push(box);
    }
    return kept;
  }
  if (merge.type === "union") {
    const merged = [...boxes];
    for (let i = 0; i < merged.length; ) {
      const partner = merged.findIndex((other, j) => j > i && intersection(merged[i], other) > 0);
      if (partner < 0) {
        i++;
      } else {
        const [other] = merged.splice(partner, 1);
        merged[i] = { ...enclosing(merged[i], other), score: merged[i].score };
        i = 0;
      }
    }
    return merged;
  }
  return boxes;
}

/**
 * What a policy finds before any selection, and why there is no box if none is left.
 *
 * @typedef {{regions: {left: number, top: number, right: number, bottom: number, score: number}[],
 *   reason: Finding["noBoxReason"]}} Candidates
 */

/**
 * @param {number[]} levels @param {Float32Array} values @param {Size} grid @param {number} probability
 * @returns {Candidates}
 */
function regionsAbove(levels, values, grid, probability) {
  const minimum = Math.min(...values);
  const maximum = Math.max(...values);
  const surface = new Surface(values, grid.width, grid.height);
  /** @type {Candidates} */
  const found = { regions: [], reason: "regions-too-small" };
  for (const level of levels) {
    if (level <= minimum) {
      found.reason = "level-below-map";
    } else if (level > maximum) {
      found.reason = "level-above-map";
    } else {
      for (const region of surface.regions(level)) {
        found.regions.push({ ...region, score: (probability * Math.max(0, region.peak)) / maximum });
      }
    }
  }
  return found;
}

/** @param {Float32Array} values @param {Size} grid @param {Required<Selection>} selection @returns {Candidates} */
function bestRectangles(values, { width, height }, { maximumBoxes }) {
  const found = rectangles(values, width, height, maximumBoxes);
  const [{ left, top, right, bottom }] = found;
  if ((right - left) * (bottom - top) === width * height) return { regions: [], reason: "level-below-map" };
  return { regions: found.map((it) => ({ ...it, score: it.expectedIou })), reason: "regions-too-small" };
}

/**
 * @param {Finding} finding with the map's values @param {Threshold} policy @param {MapExtent} extent @param {Size} image
 * @returns {Pick<Finding, "boxes" | "noBoxReason">}
 */
export function cut(finding, policy, extent, image) {
  const { map } = finding;
  const values = Float32Array.from(map.values ?? []);
  const minimum = Math.min(...values);
  const maximum = Math.max(...values);
  /** @type {(reason: Finding["noBoxReason"]) => Pick<Finding, "boxes" | "noBoxReason">} */
  const none = (noBoxReason) => ({ boxes: [], noBoxReason });
  if (!values.every(Number.isFinite)) return none("map-not-finite");
  if (minimum === maximum) return none("map-constant");
  if (maximum <= 0) return none("map-not-positive");
  const selection = selectionOf(policy);
  const { regions, reason } =
    policy.type === "expected-iou"
      ? bestRectangles(values, map, selection)
      : regionsAbove(levels(policy, values), values, map, finding.probability);
  const found = regions.flatMap((region) => {
    const box = toImage(region, map, extent, image);
    return box ? [{ ...box, score: region.score }] : [];
  });
  const boxes = select(found, selection, image).map((box) => ({ ...box, agreesWithReport: agreement(box, finding, image) }));
  if (boxes.length > 0) return { boxes, noBoxReason: null };
  const isTooLarge = found.some((box) => area(box) > selection.maximumArea * image.width * image.height);
  return none(isTooLarge ? "level-below-map" : reason);
}

/** What a selection keeps, highest score first. @param {Scored[]} found @param {Required<Selection>} selection @param {Size} image */
function select(found, selection, image) {
  const imageArea = image.width * image.height;
  /** @param {Scored} box */
  const fitting = (box) =>
    area(box) >= selection.minimumArea * imageArea &&
    area(box) <= selection.maximumArea * imageArea &&
    Math.min(box.width, box.height) >= selection.minimumAspect * Math.max(box.width, box.height);
  const ordered = found.filter(fitting).sort((a, b) => b.score - a.score);
  const merged = mergeBoxes(ordered, selection.merge).filter(fitting);
  return (selection.dropNested ? outermost(merged) : merged).slice(0, selection.maximumBoxes);
}

/** @param {Scored[]} boxes @returns {Scored[]} */
function outermost(boxes) {
  /** @type {Scored[]} */
  const kept = [];
  for (const box of [...boxes].sort((a, b) => area(b) - area(a))) {
    if (kept.every((outer) => intersection(outer, box) <= NESTED * area(box))) kept.push(box);
  }
  return kept.sort((a, b) => b.score - a.score);
}

/** The ground truth of a finding, as far as the answer has it. @param {Finding} finding @returns {Box[]} */
export function truths(finding) {
  const distinct = new Map(finding.comparisons.map(({ truth }) => [JSON.stringify(truth), truth]));
  return [...distinct.values()];
}

/** @param {Box[]} boxes @param {Box[]} known @returns {Comparison[]} */
function compare(boxes, known) {
  return known.flatMap((truth) => {
    /** @type {Comparison[]} */
    const withEach = boxes.map((box, i) => ({ truth, iou: iou(box, truth), iobb: iobb(box, truth), box: i }));
    return boxes.length > 0 ? withEach : [{ truth, iou: 0, iobb: 0, box: null }];
  });
}

/**
 * The answer as the service would give it with another policy.
 *
 * @param {Localization} answer with the maps' values @param {BoxPolicy} policy @param {Model} model
 * @returns {Localization}
 */
export function withPolicy(answer, policy, model) {
  const findings = answer.findings.map((finding) => {
    const threshold = forLabel(policy, finding.label, model);
    if (!threshold) return finding;
    const boxes = cut(finding, threshold, answer.mapExtent, answer.image);
    return { ...finding, ...boxes, comparisons: compare(boxes.boxes, truths(finding)) };
  });
  return { ...answer, policy, findings };
}
