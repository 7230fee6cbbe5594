// SPDX-License-Identifier: Apache-2.0
import { byId, make, readable } from "./dom.js";

/**
 * @import { Session } from "./session.js"
 * @import { Finding, Mention } from "./types.js"
 */

/** @param {Mention} mention */
function title({ label, assertion, triggers, places }) {
  const rule = triggers.map((it) => `, by the rule “${it.rule}”`).join("");
  const place = places.map(({ side, zone }) => [side, zone].filter((it) => it !== "unstated").join(" ")).map((it) => `, ${it}`);
  return `${readable(label)}: ${assertion}${place.join("")}${rule}`;
}

/** The word of a report about a finding, shown beside the model's; empty without a report. @param {Finding} finding */
export function reportedWord({ reported }) {
  return reported === "unread" ? "" : reported === "not-mentioned" ? "not in report" : `report: ${reported}`;
}

/** The report of the image on show: its text, and the findings that it mentions. */
export class Report {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.text = byId("report", HTMLTextAreaElement);
    this.marked = byId("report-marked", HTMLElement);
    this.note = byId("report-note", HTMLElement);
    byId("report-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      session.report = this.text.value.trim() ? this.text.value : "";
      void session.reopen();
    });
    session.addEventListener("opening", () => {
      this.text.value = session.report; // none: it was another image's
    });
    for (const type of ["opening", "opened", "failed", "cancelled", "changed"]) {
      session.addEventListener(type, () => this.#draw());
    }
  }

  #draw() {
    const [compared] = this.session.shown?.reports ?? [];
    this.marked.hidden = !compared;
    this.marked.replaceChildren(...(compared ? this.#marks(compared.report.text, compared.report.mentions) : []));
    this.note.textContent = compared ? this.#words(compared.disagreements) : "";
  }

  /** Of mentions that overlap, the first is marked. @param {string} text @param {Mention[]} mentions */
  #marks(text, mentions) {
    const sorted = mentions.toSorted((a, b) => a.span.start - b.span.start);
    /** @type {(Node | string)[]} */
    const parts = [];
    let at = 0;
    for (const mention of sorted) {
      const { start, end } = mention.span;
      if (start < at) continue;
      const same = sorted.filter(({ span }) => span.start === start);
      parts.push(text.slice(at, start), this.#mark(text.slice(start, end), mention, same));
      at = end;
    }
    return [...parts, text.slice(at)];
  }

  /** @param {string} text @param {Mention} mention @param {Mention[]} same those of the same words */
  #mark(text, { label, assertion }, same) {
    const properties = { class: `mention ${assertion}`, title: same.map(title).join("\n") };
    const known = this.session.shown?.findings.some((finding) => finding.label === label);
    if (!known) return make("mark", properties, text);
    const choose = () => {
      const radio = document.querySelector(`#findings input[value="${CSS.escape(label)}"]`);
      if (radio instanceof HTMLInputElement) radio.click();
    };
    return make("button", { ...properties, type: "button", onclick: choose }, text);
  }

  /** @param {string[]} disagreements */
  #words(disagreements) {
    const elsewhere = (this.session.shown?.findings ?? [])
      .filter(({ boxes }) => boxes.some((box) => box.agreesWithReport === "no"))
      .map(({ label }) => readable(label));
    const differ = disagreements.length > 0 ? disagreements.map(readable).join(", ") : "none";
    return (
      `Report and model disagree on: ${differ}.` +
      (elsewhere.length > 0 ? ` Boxes outside the places that the report states: ${elsewhere.join(", ")}.` : "")
    );
  }
}
