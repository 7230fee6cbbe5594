// SPDX-License-Identifier: Apache-2.0
/**
 * The types of the API's document, for the type checker (.ci/page); nothing is loaded from here.
 *
 * @typedef {import("./api-document").components["schemas"]} Schemas
 * @typedef {Schemas["Localization"]} Localization
 * @typedef {Schemas["Finding"]} Finding
 * @typedef {Schemas["Box"]} Box
 * @typedef {Schemas["ScoredBox"]} ScoredBox
 * @typedef {Schemas["Comparison"]} Comparison
 * @typedef {Schemas["Mention"]} Mention
 * @typedef {Schemas["ClassActivationMap"]} ClassActivationMap
 * @typedef {Schemas["MapExtent"]} MapExtent
 * @typedef {Schemas["BoxPolicy"]} BoxPolicy
 * @typedef {Exclude<Schemas["BoxPolicy"], Schemas["CalibratedPolicy"]>} Threshold
 * @typedef {Schemas["Selection"]} Selection
 * @typedef {Schemas["Merge"]} Merge
 * @typedef {Schemas["Model"]} Model
 * @typedef {NonNullable<Localization["operatingPoint"]>} OperatingPoint
 * @typedef {Schemas["Evaluation"]} Evaluation
 * @typedef {{width: number, height: number}} Size
 */

export {};
