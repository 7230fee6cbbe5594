// SPDX-License-Identifier: Apache-2.0
import { truths } from "./boxes.js";
import { word } from "./claim.js";
import { percent, readable } from "./dom.js";

/**
 * @import { Session } from "./session.js"
 * @import { Box, Finding } from "./types.js"
 */

/**
 * What a box is: `truth` was drawn by a radiologist; a detected one is `correct`, `false`, or `unknown` without a truth.
 *
 * @typedef {"truth" | "correct" | "false" | "unknown"} Kind
 */

/** @param {Finding} finding @param {number} index of the box @param {number} correctAbove @returns {{kind: Kind, iou: number, iobb: number}} */
export function judge(finding, index, correctAbove) {
  const compared = finding.comparisons.filter(({ box }) => box === index);
  if (compared.length === 0) return { kind: "unknown", iou: NaN, iobb: NaN };
  const best = compared.reduce((a, b) => (b.iou > a.iou ? b : a));
  return { kind: best.iou > correctAbove ? "correct" : "false", iou: best.iou, iobb: best.iobb };
}

/**
 * The boxes to draw, the ground truth below the rest; those of the model beside are of the kind `other`.
 *
 * @param {Session} session
 * @returns {{box: Box, kind: Kind | "other", label: string, caption: string}[]}
 */
export function outlines(session) {
  const { boxed, selected, correctAbove } = session;
  const known = boxed.flatMap((finding) =>
    truths(finding).map((box) => ({
      box,
      kind: /** @type {Kind} */ ("truth"),
      label: finding.label,
      caption: `${readable(finding.label)}, ground truth`,
    })),
  );
  const found = [...boxed]
    .sort((a, b) => Number(a === selected) - Number(b === selected))
    .flatMap((finding) =>
      finding.boxes.map((box, i) => {
        const { kind, iou } = judge(finding, i, correctAbove);
        const name = readable(finding.label);
        const said = word(finding) || percent(finding.probability);
        const caption = kind === "unknown" ? `${name}, ${said}` : `${name} ${kind === "correct" ? "✓" : "✗"} IoU ${iou.toFixed(2)}`;
        return { box, kind, label: finding.label, caption };
      }),
    );
  const others = boxed.flatMap(({ label }) => {
    const beside = session.besideOf(label);
    const kind = /** @type {"other"} */ ("other");
    return (beside?.finding.boxes ?? []).map((box) => ({ box, kind, label, caption: `${readable(label)}, ${beside?.name}` }));
  });
  return [...known, ...others, ...found];
}
