// SPDX-License-Identifier: Apache-2.0
import { ask, askJson, hasKey, words } from "./api.js";
import { byId, make, save } from "./dom.js";

/** @import { Evaluation } from "./types.js" */

const EVERY = 2000;
/** @type {Evaluation["state"][]} */
const ENDED = ["SUCCEEDED", "FAILED", "CANCELLED"];

/** Figures in the list, by their names in the report. */
const SHOWN_FIGURES = { "IoU 0.1": "Acc at T(IoU) = 0.1", "IoU 0.3": "Acc at T(IoU) = 0.3", "IoU 0.5": "Acc at T(IoU) = 0.5" };
const GATED = "boxes of positive findings";

/** The evaluations of the service, loaded repeatedly while they are on show. */
export class Evaluations {
  /** @type {Map<string, Promise<string>>} by id, figures of reports, which do not change */ #figures = new Map();

  constructor() {
    this.note = byId("evaluation-note", HTMLElement);
    this.rows = byId("evaluation-rows", HTMLElement);
    this.dataset = byId("dataset", HTMLSelectElement);
    this.start = byId("start-evaluation", HTMLFormElement);
    this.start.addEventListener("submit", (event) => {
      event.preventDefault();
      const body = { dataset: this.dataset.value, leaveOutCalibration: byId("leave-out", HTMLInputElement).checked };
      void this.#act("/v1/evaluations", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    });
    byId("predictions", HTMLInputElement).addEventListener("change", ({ target }) => {
      const file = /** @type {HTMLInputElement} */ (target).files?.[0];
      if (!file) return;
      const type = file.name.endsWith(".gz") ? "application/gzip" : "text/csv";
      void this.#act("/v1/evaluations", { method: "POST", headers: { "content-type": type }, body: file });
      /** @type {HTMLInputElement} */ (target).value = "";
    });
  }

  /** Polls until told to stop. @param {AbortSignal} signal */
  async watch(signal) {
    while (!signal.aborted) {
      if (!document.hidden) await this.#load();
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  async #load() {
    try {
      const { datasets, evaluations } = await askJson("/v1/evaluations");
      if (this.note.dataset.from === "load") this.#say("", "load");
      if (this.dataset.options.length !== datasets.length) {
        this.dataset.replaceChildren(...datasets.map((/** @type {string} */ name) => make("option", {}, name)));
      }
      this.start.hidden = datasets.length === 0;
      byId("no-dataset", HTMLElement).hidden = datasets.length > 0;
      byId("no-evaluation", HTMLElement).hidden = evaluations.length > 0;
      byId("evaluation-list", HTMLElement).hidden = evaluations.length === 0;
      this.#draw(evaluations);
    } catch (failure) {
      this.#say(words(failure), "load");
    }
  }

  /** Rows stay where they are, so that what has the focus keeps it. @param {Evaluation[]} evaluations */
  #draw(evaluations) {
    const before = new Map([...this.rows.children].map((it) => [/** @type {HTMLElement} */ (it).dataset.id, it]));
    const rows = evaluations.map((evaluation) => {
      const told = JSON.stringify(evaluation);
      const old = /** @type {HTMLElement | undefined} */ (before.get(evaluation.id));
      return old?.dataset.told === told ? old : this.#row(evaluation, told);
    });
    if (rows.length !== this.rows.children.length || rows.some((it, i) => it !== this.rows.children[i])) {
      const focused = document.activeElement?.id;
      this.rows.replaceChildren(...rows);
      if (focused) document.getElementById(focused)?.focus();
    }
  }

  /** @param {Evaluation} evaluation @param {string} told */
  #row(evaluation, told) {
    const { id, state, dataset, imagesDone, imagesTotal, failure, created, methods, policies } = evaluation;
    const hasEnded = ENDED.includes(state);
    const what = dataset ?? "uploaded boxes";
    const share = imagesTotal > 0 ? `${imagesDone} of ${imagesTotal} images` : "";
    const bar = make("progress", { max: imagesTotal || 1, "aria-label": `Progress of ${what}` });
    if (imagesTotal > 0) bar.value = imagesDone;
    const systems = [...methods, ...policies.map(({ type }) => type)].join(", ");
    const links = evaluation.reports.map((path) =>
      make(
        "a",
        { href: path, target: "_blank", rel: "noopener", onclick: (/** @type {Event} */ it) => this.#openReport(it, path, id) },
        path.endsWith("html") ? "Report" : path.replace(/.*\./, "").toUpperCase(),
      ),
    );
    const button = make(
      "button",
      {
        type: "button",
        id: `act-${id}`,
        onclick: () =>
          hasEnded
            ? this.#act(`/v1/evaluations/${id}`, { method: "DELETE" })
            : this.#act(`/v1/evaluations/${id}/cancel`, { method: "POST" }),
      },
      hasEnded ? "Delete" : "Cancel",
      make("span", { class: "unseen" }, ` the evaluation of ${what}`),
    );
    return make(
      "tr",
      { "data-id": id, "data-told": told },
      make("th", { scope: "row" }, what),
      make("td", {}, new Date(created).toLocaleString()),
      make("td", {}, systems || "the model's own"),
      make("td", { class: `state ${state.toLowerCase()}` }, state.toLowerCase(), failure ? make("span", { class: "failure" }, failure) : null),
      make("td", {}, hasEnded ? share : bar, hasEnded ? null : make("span", {}, ` ${share}`)),
      this.#figuresCell(evaluation),
      make("td", { class: "links" }, ...links),
      make("td", {}, button),
    );
  }

  /** @param {Evaluation} evaluation */
  #figuresCell({ id, reports }) {
    const cell = make("td", { class: "figures" });
    const path = reports.find((it) => it.endsWith(".json"));
    if (path) {
      const figures = this.#figures.get(id) ?? askJson(path).then(figuresOf, () => "");
      this.#figures.set(id, figures);
      void figures.then((text) => (cell.textContent = text));
    }
    return cell;
  }

  /** A link sends no key: with one, the page fetches the report and saves it. @param {Event} event @param {string} path @param {string} id */
  async #openReport(event, path, id) {
    if (!hasKey()) return;
    event.preventDefault();
    try {
      save(await (await ask(path)).blob(), `${id}.${path.replace(/.*\./, "")}`);
    } catch (failure) {
      this.#say(words(failure), "act");
    }
  }

  /** @param {string} path @param {RequestInit} request */
  async #act(path, request) {
    try {
      await ask(path, request);
      this.#say("", "act");
    } catch (failure) {
      this.#say(words(failure), "act");
    }
    await this.#load();
  }

  /** @param {string} text @param {"load" | "act"} from */
  #say(text, from) {
    this.note.textContent = text;
    this.note.dataset.from = from;
  }
}

/**
 * The figures of the first system, all its boxes, in words.
 *
 * @typedef {{value: number | null, low: number, high: number}} Estimate
 * @typedef {{system: string, condition: string, figures: Record<string, Record<string, Estimate>>}} FigureTable
 * @param {{localization: FigureTable[], classificationFigures: FigureTable[], images: {scored: number}}} report
 */
function figuresOf({ localization, classificationFigures, images }) {
  const table = localization.find(({ condition }) => condition !== GATED);
  const accuracies = Object.entries(SHOWN_FIGURES).map(([name, figure]) => {
    const estimate = table?.figures[figure]?.macro;
    return typeof estimate?.value === "number" ? `${name}: ${estimate.value.toFixed(2)}` : null;
  });
  const found = accuracies.filter((text) => text !== null);
  const auc = classificationFigures[0]?.figures.AUC?.macro?.value;
  return [
    found.length > 0 ? `Accuracy (macro) above ${found.join(", ")}` : "No true box to score",
    typeof auc === "number" ? `AUC (macro) ${auc.toFixed(2)}` : null,
    `${images.scored} images`,
  ]
    .filter((text) => text !== null)
    .join("; ");
}
