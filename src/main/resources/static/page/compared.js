// SPDX-License-Identifier: Apache-2.0
import { byId, make } from "./dom.js";
import { COMPARED, areOfTheSame, estimate } from "./figures.js";

/** @import { EvaluationReport, Estimate } from "./figures.js" */

/** Two evaluations side by side. */
export class Compared {
  /** @type {{id: string, title: string, report: EvaluationReport}[]} those that are chosen, two at most */ #chosen = [];

  constructor() {
    this.section = byId("compared", HTMLElement);
    this.note = byId("compared-note", HTMLElement);
    this.head = byId("compared-head", HTMLElement);
    this.rows = byId("compared-rows", HTMLElement);
  }

  /** @param {string} id */
  has(id) {
    return this.#chosen.some((it) => it.id === id);
  }

  /** The third choice takes the place of the first. @param {string} id @param {string} title @param {EvaluationReport} report */
  choose(id, title, report) {
    this.#chosen = [...this.#chosen.filter((it) => it.id !== id), { id, title, report }].slice(-2);
    this.#draw();
  }

  /** @param {string} id */
  leave(id) {
    this.#chosen = this.#chosen.filter((it) => it.id !== id);
    this.#draw();
  }

  #draw() {
    this.section.hidden = this.#chosen.length < 2;
    if (this.section.hidden) return;
    const [first, second] = this.#chosen;
    this.note.textContent = areOfTheSame(first.report, second.report)
      ? "Both scored the same images against the same boxes. score --compare gives the difference of their boxes with its interval."
      : "They scored different images or boxes, so that their figures are not comparable.";
    const titles = [first, second].map(({ title }) => make("th", { scope: "col" }, title));
    this.head.replaceChildren(make("tr", {}, make("th", { scope: "col" }, "Figure"), ...titles));
    this.rows.replaceChildren(
      ...COMPARED.map((name) => {
        const cells = [first, second].map(({ report }) => make("td", {}, inWords(estimate(report, name))));
        return make("tr", {}, make("th", { scope: "row" }, name), ...cells);
      }),
    );
  }
}

/** With its 95 % interval. @param {Estimate | undefined} found */
function inWords(found) {
  if (!found) return "–";
  const [value, low, high] = [found.value, found.low, found.high].map((it) => (typeof it === "number" ? it.toFixed(3) : null));
  return low && high ? `${value} (${low} … ${high})` : `${value}`;
}
