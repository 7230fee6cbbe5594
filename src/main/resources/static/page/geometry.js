// SPDX-License-Identifier: Apache-2.0
/** Boxes in continuous pixel coordinates: pixel i covers [i, i + 1), the area is width times height. */

/** @import { Box } from "./types.js" */

/** @param {number} left @param {number} top @param {number} right @param {number} bottom @returns {Box} */
export function ofCorners(left, top, right, bottom) {
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** @param {Box} box */
export function area(box) {
  return box.width * box.height;
}

/** The area that both cover. @param {Box} a @param {Box} b */
export function intersection(a, b) {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union. @param {Box} a @param {Box} b */
export function iou(a, b) {
  const both = intersection(a, b);
  return both / (area(a) + area(b) - both);
}

/** Intersection over the detected box (Wang et al., CVPR 2017). @param {Box} detected @param {Box} truth */
export function iobb(detected, truth) {
  return intersection(detected, truth) / area(detected);
}

/** The smallest box that holds both. @param {Box} a @param {Box} b */
export function enclosing(a, b) {
  return ofCorners(
    Math.min(a.x, b.x),
    Math.min(a.y, b.y),
    Math.max(a.x + a.width, b.x + b.width),
    Math.max(a.y + a.height, b.y + b.height),
  );
}
