// SPDX-License-Identifier: Apache-2.0
import { make, readable } from "./dom.js";

/**
 * The quality that a model's card states, read from its tables: the card is Markdown, and its figures have
 * no other form.
 *
 * @import { Model } from "./types.js"
 */

/** An AUC of at most this is no better than chance; one below the other is weak. */
const CHANCE = 0.55;
const WEAK = 0.7;
const LIMITS = /limits|limitations|bad at|weakness/i;

/** AUC by label, of the first table of the card that has it. @typedef {{caption: string, values: Map<string, number>}} Aucs */

/** @param {ParentNode} card @param {Model} model @returns {Aucs | null} */
export function aucs(card, model) {
  for (const table of card.querySelectorAll("table")) {
    const columns = [...table.querySelectorAll("th")].map((it) => it.textContent?.trim() ?? "");
    const column = columns.findIndex((name) => /^AUC\b/i.test(name));
    if (column < 0) continue;
    /** @type {Map<string, number>} */
    const values = new Map();
    for (const row of table.rows) {
      const label = row.cells[0]?.textContent?.replaceAll("*", "").trim().replaceAll(" ", "_") ?? "";
      const value = parseFloat(row.cells[column]?.textContent ?? "");
      if (model.labels.includes(label) && value >= 0 && value <= 1) values.set(label, value);
    }
    if (values.size > 0) return { caption: introduction(table), values };
  }
  return null;
}

/** The paragraph before a table. @param {Element} table */
function introduction(table) {
  const before = table.previousElementSibling;
  return before?.tagName === "P" ? (before.textContent ?? "").trim().replace(/[:.]$/, "") : "";
}

/** Bars from 0.5, which is chance, to 1; the weakest label first. @param {Aucs} found */
export function chart({ caption, values }) {
  const ordered = [...values].sort(([, a], [, b]) => a - b);
  return make(
    "table",
    { class: "chart" },
    make("caption", {}, `AUC of each label, the weakest first${caption ? ` (${caption})` : ""}. The bars start at 0.5, which is chance.`),
    make("thead", { class: "unseen" }, make("tr", {}, ...["Label", "Bar", "AUC"].map((it) => make("th", { scope: "col" }, it)))),
    make(
      "tbody",
      {},
      ...ordered.map(([label, value]) => {
        const fill = make("span", { class: "fill" });
        fill.style.width = `${200 * Math.max(0, value - 0.5)}%`;
        return make(
          "tr",
          { class: value <= CHANCE ? "chance" : value < WEAK ? "weak" : "" },
          make("th", { scope: "row" }, readable(label)),
          make("td", { class: "bars" }, make("span", { class: "bar", "aria-hidden": "true" }, fill)),
          make("td", { class: "number" }, value.toFixed(2)),
        );
      }),
    ),
  );
}

/** What the model is bad at: by its figures, and by the card's own section on limits. @param {ParentNode} card @param {Aucs | null} found */
export function limits(card, found) {
  const ordered = [...(found?.values ?? [])].sort(([, a], [, b]) => a - b);
  /** @param {[string, number][]} some */
  const names = (some) => some.map(([label, value]) => `${readable(label)} (${value.toFixed(2)})`).join(", ");
  const chance = ordered.filter(([, value]) => value <= CHANCE);
  const weak = ordered.filter(([, value]) => value > CHANCE && value < WEAK);
  const said = [...card.querySelectorAll("p")].find((paragraph) => LIMITS.test(paragraph.querySelector("strong")?.textContent ?? ""));
  const own = [...card.querySelectorAll("h1, h2, h3")].find((heading) => LIMITS.test(heading.textContent ?? ""));
  const section = own ? following(own) : [];
  if (!said && chance.length + weak.length + section.length === 0) return null;
  return make(
    "section",
    { class: "limits" },
    make("h4", {}, "What it is bad at"),
    said ? withoutTitle(said) : null,
    chance.length > 0 ? make("p", {}, make("strong", {}, "Hardly better than chance: "), `${names(chance)}.`) : null,
    weak.length > 0 ? make("p", {}, make("strong", {}, `AUC below ${WEAK}: `), `${names(weak)}.`) : null,
    ...section,
  );
}

/** Copies of what stands under a heading. @param {Element} heading */
function following(heading) {
  /** @type {Node[]} */
  const found = [];
  for (let next = heading.nextElementSibling; next && !/^H[1-3]$/.test(next.tagName); next = next.nextElementSibling) {
    found.push(next.cloneNode(true));
  }
  return found;
}

/** A copy of a paragraph without the bold words that it begins with. @param {Element} paragraph */
function withoutTitle(paragraph) {
  const copy = /** @type {Element} */ (paragraph.cloneNode(true));
  copy.querySelector("strong")?.remove();
  return copy;
}
