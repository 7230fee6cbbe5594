// SPDX-License-Identifier: Apache-2.0
import { ask, askJson, hasKey, words } from "./api.js";
import { Compared } from "./compared.js";
import { byId, make, save } from "./dom.js";
import { events } from "./events.js";
import { summary } from "./figures.js";

/** @import { Evaluation } from "./types.js" */
/** @import { EvaluationReport } from "./figures.js" */

/** Milliseconds between two looks at the list: for evaluations that others start, and for those whose events do not arrive. */
const EVERY = 30_000;
const EVERY_WITHOUT_EVENTS = 2000;
/** @type {Evaluation["state"][]} */
const ENDED = ["SUCCEEDED", "FAILED", "CANCELLED"];

/** The evaluations of the service, kept up to date while they are on show. */
export class Evaluations {
  /** @type {Map<string, Promise<EvaluationReport | null>>} by id; reports do not change */ #reports = new Map();
  /** @type {Evaluation[]} */ #shown = [];
  /** @type {Set<string>} whose events are read */ #followed = new Set();
  #compared = new Compared();
  #signal = AbortSignal.abort();

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

  /** Until the signal. @param {AbortSignal} signal */
  async watch(signal) {
    this.#signal = signal;
    while (!signal.aborted) {
      if (!document.hidden) await this.#load();
      const isFollowed = this.#running().every((id) => this.#followed.has(id));
      await new Promise((resolve) => setTimeout(resolve, isFollowed ? EVERY : EVERY_WITHOUT_EVENTS));
    }
  }

  #running() {
    return this.#shown.filter(({ state }) => !ENDED.includes(state)).map(({ id }) => id);
  }

  /** Shows the progress of an evaluation as it comes. @param {string} id */
  async #follow(id) {
    this.#followed.add(id);
    try {
      for await (const { name, data } of events(`/v1/evaluations/${id}/events`, this.#signal)) {
        if (name === "gone") await this.#load();
        else this.#draw(this.#shown.map((it) => (it.id === id ? data : it)));
      }
    } catch {
      // The list is loaded again before long, and shows the reason where the service is away.
    } finally {
      this.#followed.delete(id);
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
      if (!this.#signal.aborted) this.#running().filter((id) => !this.#followed.has(id)).forEach((id) => void this.#follow(id));
    } catch (failure) {
      this.#say(words(failure), "load");
    }
  }

  /** Rows stay where they are, so that what has the focus keeps it. @param {Evaluation[]} evaluations */
  #draw(evaluations) {
    this.#shown = evaluations;
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
            ? this.#delete(id)
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
      this.#figuresCell(evaluation, what),
      make("td", { class: "links" }, ...links),
      make("td", {}, button),
    );
  }

  /** @param {Evaluation} evaluation @param {string} what */
  #figuresCell({ id, reports, created }, what) {
    const cell = make("td", { class: "figures" });
    const path = reports.find((it) => it.endsWith(".json"));
    if (!path) return cell;
    const report = this.#reports.get(id) ?? askJson(path).catch(() => null);
    this.#reports.set(id, report);
    void report.then((found) => {
      if (!found) return;
      const title = `${what}, ${new Date(created).toLocaleString()}`;
      const choice = make("input", {
        type: "checkbox",
        id: `compare-${id}`,
        checked: this.#compared.has(id),
        onchange: () => {
          if (choice.checked) this.#compared.choose(id, title, found);
          else this.#compared.leave(id);
          for (const other of this.rows.querySelectorAll("input")) other.checked = this.#compared.has(other.id.slice("compare-".length));
        },
      });
      cell.replaceChildren(summary(found), " ", make("label", {}, choice, " compare", make("span", { class: "unseen" }, ` the evaluation of ${title}`)));
    });
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

  /** @param {string} id */
  async #delete(id) {
    this.#compared.leave(id);
    await this.#act(`/v1/evaluations/${id}`, { method: "DELETE" });
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
