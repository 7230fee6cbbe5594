// SPDX-License-Identifier: Apache-2.0
/**
 * Figures of an evaluation's report.
 *
 * @typedef {{value: number | null, low: number | null, high: number | null}} Estimate
 * @typedef {{system: string, condition: string, figures: Record<string, Record<string, Estimate>>}} FigureTable
 * @typedef {{localization: FigureTable[], classificationFigures: FigureTable[], images: {scored: number},
 *   manifest: {imagesSha256: string, inputs: Record<string, string>}}} EvaluationReport
 */

const GATED = "boxes of positive findings";
/** What a report's summary shows over all labels together, not as the mean over labels. */
const OF_ALL_LABELS = ["False boxes per image at T(IoU) = 0.3", "RoDeO"];

/** Figures of the first system, all its boxes, by their names in the report, with what is shown instead. */
const OF_BOXES = {
  "Acc at T(IoU) = 0.1": "IoU 0.1",
  "Acc at T(IoU) = 0.3": "IoU 0.3",
  "Acc at T(IoU) = 0.5": "IoU 0.5",
  "Mean IoU": "",
  "Boxes per map": "",
  "False boxes per image at T(IoU) = 0.3": "",
  RoDeO: "",
};

/** @param {EvaluationReport} report @param {string} name @returns {Estimate | undefined} the mean over labels, or what stands for it */
export function estimate({ localization, classificationFigures }, name) {
  const table = name === "AUC" ? classificationFigures[0] : localization.find(({ condition }) => condition !== GATED);
  const found = table?.figures[name]?.[OF_ALL_LABELS.includes(name) ? "micro" : "macro"];
  return typeof found?.value === "number" ? found : undefined;
}

/** In words, for a row of the list. @param {EvaluationReport} report */
export function summary(report) {
  const accuracies = Object.entries(OF_BOXES).map(([name, short]) => {
    const value = short ? estimate(report, name)?.value : undefined;
    return typeof value === "number" ? `${short}: ${value.toFixed(2)}` : null;
  });
  const found = accuracies.filter((text) => text !== null);
  const auc = estimate(report, "AUC")?.value;
  return [
    found.length > 0 ? `Accuracy (macro) above ${found.join(", ")}` : "No true box to score",
    typeof auc === "number" ? `AUC (macro) ${auc.toFixed(2)}` : null,
    `${report.images.scored} images`,
  ]
    .filter((text) => text !== null)
    .join("; ");
}

/** The figures that are compared. */
export const COMPARED = [...Object.keys(OF_BOXES), "AUC"];

/** @param {EvaluationReport} first @param {EvaluationReport} second whether both scored the same images against the same boxes */
export function areOfTheSame(first, second) {
  return (
    first.images.scored === second.images.scored &&
    first.manifest.inputs.boxes === second.manifest.inputs.boxes &&
    first.manifest.imagesSha256 === second.manifest.imagesSha256
  );
}
