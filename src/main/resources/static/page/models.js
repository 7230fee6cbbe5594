// SPDX-License-Identifier: Apache-2.0
import { ask, askJson, words } from "./api.js";
import { selectionOf } from "./boxes.js";
import { aucs, chart, limits } from "./card.js";
import { byId, make, methodName, percent, readable } from "./dom.js";

/** @import { Model } from "./types.js" */

/** The models that the service runs, with their cards. */
export class Models {
  constructor() {
    this.place = byId("model-cards", HTMLElement);
  }

  async load() {
    try {
      const { models } = await askJson("/v1/models");
      const cards = await Promise.all(
        models.map(async (/** @type {{name: string}} */ { name }) => {
          const path = `/v1/models/${encodeURIComponent(name)}`;
          const [model, card] = await Promise.all([askJson(path), ask(`${path}/card`).then((it) => it.text())]);
          return this.#card(model, card);
        }),
      );
      this.place.replaceChildren(...cards);
    } catch (failure) {
      this.place.replaceChildren(make("p", { role: "alert" }, words(failure)));
    }
  }

  /** @param {Model} model @param {string} card HTML that the service made of the card's Markdown, free of markup of its own */
  #card(model, card) {
    const text = make("div", { class: "card-text", tabIndex: 0, role: "region", "aria-label": `Card of ${model.name}` });
    text.append(...new DOMParser().parseFromString(card, "text/html").body.childNodes);
    const found = aucs(text, model);
    const facts = {
      Licence: model.licence,
      Source: model.source,
      Input: `${model.inputSize} × ${model.inputSize} px`,
      "Runs on": `${model.execution.devices.join(", ")}, ${model.execution.variant}`,
      Methods: model.methods.map((name) => (name === model.defaultMethod ? `${methodName(name, model)} (default)` : methodName(name, model))).join(", "),
      "Box policy": model.defaultPolicy.type === "calibrated" ? "calibrated for each label, see below" : policyWords(model.defaultPolicy),
      "SHA-256": model.sha256,
    };
    return make(
      "article",
      { class: "model" },
      make("h3", {}, `${model.name} ${model.version}`),
      make("div", { class: "quality" }, limits(text, found), found ? chart(found) : null),
      make(
        "dl",
        {},
        ...Object.entries(facts).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]),
      ),
      make(
        "div",
        { class: "scroll", tabIndex: 0, role: "region", "aria-label": `Labels of ${model.name}` },
        make(
          "table",
          { class: "labels" },
          make("caption", {}, "The probability from which each label is positive, and how its boxes are cut"),
          make("thead", {}, make("tr", {}, ...columns(model).map((it) => make("th", { scope: "col" }, it)))),
          make("tbody", {}, ...model.labels.map((label) => labelRow(label, model))),
        ),
      ),
      text,
    );
  }
}

/** The operating points that a model has. @param {Model} model */
const points = ({ operatingPoints }) => (operatingPoints ? /** @type {const} */ (["sensitive", "balanced", "specific"]) : []);

/** @param {Model} model */
const columns = (model) => ["Label", ...(model.cutoffs ? ["Cut-off"] : []), ...points(model), "Calibrated policy"];

/** @param {string} label @param {Model} model */
function labelRow(label, model) {
  const { cutoffs, operatingPoints, calibratedPolicies } = model;
  const cutoff = cutoffs?.[label];
  const policy = calibratedPolicies[label];
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, readable(label)),
    ...(cutoffs ? [make("td", { class: "number" }, cutoff === undefined ? "" : percent(cutoff))] : []),
    ...points(model).map((point) => {
      const figures = operatingPoints?.[label]?.[point];
      const rates = figures ? `sens. ${percent(figures.sensitivity)}, spec. ${percent(figures.specificity)}` : "";
      return make("td", { class: "number" }, figures ? percent(figures.probability) : "", make("span", { class: "rates" }, rates));
    }),
    make("td", {}, policy ? policyWords(policy) : ""),
  );
}

/** A policy with its figures, and what its selection drops. @param {import("./types.js").BoxPolicy} policy */
function policyWords(policy) {
  const { type, selection: given, ...rest } = /** @type {Record<string, any>} */ (policy);
  const selection = selectionOf(/** @type {import("./types.js").Threshold} */ (policy));
  const limits = [
    selection.minimumArea > 0 ? `area from ${percent(selection.minimumArea)}` : null,
    selection.maximumArea < 1 ? `area up to ${percent(selection.maximumArea)}` : null,
    selection.minimumAspect > 0 ? `no slivers (${selection.minimumAspect})` : null,
    selection.dropNested ? "no nested boxes" : null,
  ].filter((limit) => limit !== null);
  return [`${type} ${Object.values(rest).flat().join(", ")}`.trim(), ...(given ? limits : [])].join("; ");
}
