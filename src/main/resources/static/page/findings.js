import { byId, make, percent, readable } from "./dom.js";
import { truths } from "./boxes.js";

/**
 * @import { Session } from "./session.js"
 * @import { Finding } from "./types.js"
 */

/** Cut-offs of rare findings lie below a hundredth: the root spreads small probabilities out. @param {number} probability */
const along = (probability) => `${100 * Math.sqrt(probability)}%`;

/** The findings with their probabilities; one of them is chosen, and its heat map and boxes are shown. */
export class Findings {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.list = byId("findings", HTMLElement);
    session.addEventListener("opened", () => this.#draw());
    session.addEventListener("opening", () => this.list.replaceChildren());
    const most = byId("most-probable", HTMLInputElement);
    most.addEventListener("change", () => session.choose({ showsMostProbable: most.checked }));
  }

  #draw() {
    const { shown, model, label } = this.session;
    this.list.replaceChildren(
      ...(shown?.findings ?? []).map((finding) => this.#row(finding, model?.cutoffs?.[finding.label], label)),
    );
  }

  /** @param {Finding} finding @param {number | undefined} cutoff @param {string | null} chosen */
  #row(finding, cutoff, chosen) {
    const { label, probability, positive } = finding;
    const fill = make("span", { class: "fill" });
    fill.style.width = along(probability);
    const mark = cutoff === undefined ? null : make("span", { class: "cutoff", title: `Cut-off ${percent(cutoff)}` });
    if (mark) mark.style.left = along(cutoff ?? 0);
    const blank = finding.noBoxReason === "image-blank";
    const said = blank ? "the image is blank" : positive === null ? "" : positive ? "above the cut-off" : "below the cut-off";
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
      make("span", { class: "probability" }, percent(probability)),
      make("span", { class: "bar", "aria-hidden": "true" }, fill, mark),
      make("span", { class: "unseen" }, said),
    );
  }
}
