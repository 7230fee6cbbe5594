import { ask, askJson, words } from "./api.js";
import { byId, make, percent, readable } from "./dom.js";

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
    const facts = {
      Version: model.version,
      Licence: model.licence,
      Source: model.source,
      Input: `${model.inputSize} × ${model.inputSize} px`,
      "Runs on": `${model.execution.devices.join(", ")}, ${model.execution.variant}`,
      Methods: model.methods.map((name) => (name === model.defaultMethod ? `${name} (default)` : name)).join(", "),
      "Box policy": JSON.stringify(model.defaultPolicy),
      "SHA-256": model.sha256,
    };
    return make(
      "article",
      { class: "model" },
      make("h3", {}, model.name),
      make(
        "dl",
        {},
        ...Object.entries(facts).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]),
      ),
      make(
        "table",
        { class: "labels" },
        make("caption", {}, "Labels, from which probability each is positive, and how its boxes are cut"),
        make("thead", {}, make("tr", {}, ...["Label", "Cut-off", "Calibrated policy"].map((it) => make("th", { scope: "col" }, it)))),
        make("tbody", {}, ...model.labels.map((label) => labelRow(label, model))),
      ),
      text,
    );
  }
}

/** @param {string} label @param {Model} model */
function labelRow(label, { cutoffs, calibratedPolicies }) {
  const cutoff = cutoffs?.[label];
  const { type, selection, ...rest } = /** @type {Record<string, any>} */ (calibratedPolicies[label] ?? {});
  const figures = Object.values(rest).flat().join(", ");
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, readable(label)),
    make("td", { class: "number" }, cutoff === undefined ? "" : percent(cutoff)),
    make("td", {}, type ? `${type} ${figures}` : ""),
  );
}
