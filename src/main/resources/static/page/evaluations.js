import { ask, askJson, hasKey, words } from "./api.js";
import { byId, make, save } from "./dom.js";

/** @import { Evaluation } from "./types.js" */

const EVERY = 2000;
/** @type {Evaluation["state"][]} */
const ENDED = ["SUCCEEDED", "FAILED", "CANCELLED"];

/** The evaluations of the service, looked at again and again while they are on show. */
export class Evaluations {
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
      make("td", { class: "links" }, ...links),
      make("td", {}, button),
    );
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
