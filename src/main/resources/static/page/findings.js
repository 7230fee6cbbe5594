// SPDX-License-Identifier: Apache-2.0
import { byId, make, percent, readable } from "./dom.js";
import { truths } from "./boxes.js";
import { word } from "./claim.js";
import { iou } from "./geometry.js";
import { reportedWord } from "./report.js";

/**
 * @import { Session } from "./session.js"
 * @import { Finding } from "./types.js"
 */

/** Cut-offs of rare findings lie below a hundredth: the root spreads small probabilities out. @param {number} probability */
const along = (probability) => `${100 * Math.sqrt(probability)}%`;

/** @type {Record<import("./types.js").OperatingPoint, string>} */
const POINTS = {
  sensitive: "sensitive (sensitivity 90 %)",
  balanced: "balanced",
  specific: "specific (specificity 90 %)",
};

/** The findings with their probabilities; one of them is chosen, and its heat map and boxes are shown. */
export class Findings {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.list = byId("findings", HTMLElement);
    session.addEventListener("opened", () => this.#draw());
    session.addEventListener("changed", () => this.#check());
    session.addEventListener("opening", () => this.list.replaceChildren());
    const point = byId("operating-point", HTMLSelectElement);
    point.replaceChildren(...Object.entries(POINTS).map(([value, text]) => make("option", { value }, text)));
    point.addEventListener("change", () => {
      session.operatingPoint = /** @type {import("./types.js").OperatingPoint} */ (point.value);
      void session.reopen();
    });
    for (const type of ["model", "addressed"]) {
      session.addEventListener(type, () => {
        byId("operating-point-field", HTMLElement).hidden = !session.operatingPoint;
        point.value = session.operatingPoint;
      });
    }
    const most = byId("most-probable", HTMLInputElement);
    most.addEventListener("change", () => session.choose({ showsMostProbable: most.checked }));
  }

  #draw() {
    const { shown, label } = this.session;
    const findings = shown?.findings ?? [];
    const ordered = [...findings.filter(({ positive }) => positive), ...findings.filter(({ positive }) => !positive)];
    this.list.replaceChildren(...ordered.map((finding) => this.#row(finding, label)));
  }

  /** The finding of another model for the label, and how the best boxes lie to each other. @param {Finding} finding */
  #beside({ label, boxes }) {
    const other = this.session.besideOf(label);
    if (!other) return "";
    const { name, finding } = other;
    const overlap = boxes.length > 0 && finding.boxes.length > 0 ? `IoU ${iou(boxes[0], finding.boxes[0]).toFixed(2)}` : "";
    const said = [percent(finding.probability), word(finding), overlap];
    return `${name}: ${said.filter(Boolean).join(", ")}`;
  }

  /** A label may be chosen by the address, too; with another policy, boxes lie elsewhere. */
  #check() {
    for (const row of this.list.querySelectorAll("label")) {
      const input = /** @type {HTMLInputElement} */ (row.querySelector("input"));
      const finding = this.session.shown?.findings.find(({ label }) => label === input.value);
      input.checked = input.value === this.session.label;
      row.querySelector(".other-model")?.replaceChildren(finding ? this.#beside(finding) : "");
    }
  }

  /** @param {Finding} finding @param {string | null} chosen */
  #row(finding, chosen) {
    const { label, probability, calibratedProbability, cutoff, positive } = finding;
    const fill = make("span", { class: "fill" });
    fill.style.width = along(probability);
    const mark = cutoff === null ? null : make("span", { class: "cutoff", title: `Cut-off ${percent(cutoff)}` });
    if (mark) mark.style.left = along(cutoff ?? 0);
    const reported = reportedWord(finding) || null;
    const calibrated = calibratedProbability === null ? "" : `Calibrated: ${percent(calibratedProbability)}`;
    return make(
      "label",
      { class: `finding ${positive ? "positive" : ""}` },
      make("input", {
        type: "radio",
        name: "finding",
        value: label,
        checked: label === chosen,
        onchange: () => this.session.choose({ label }),
      }),
      make("span", { class: "name" }, readable(label)),
      truths(finding).length > 0 ? make("span", { class: "known", title: "Ground truth is known" }, "truth") : null,
      make("span", { class: "said" }, word(finding)),
      make("span", { class: "probability", title: calibrated }, percent(probability)),
      make("span", { class: "bar", "aria-hidden": "true" }, fill, mark),
      reported && make("span", { class: "reported" }, reported),
      make("span", { class: "other-model" }, this.#beside(finding)),
    );
  }
}
