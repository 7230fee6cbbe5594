// SPDX-License-Identifier: Apache-2.0
import { fits, forLabel, selectionOf } from "./boxes.js";
import { byId, make, methodName, readable } from "./dom.js";

/**
 * @import { Session } from "./session.js"
 * @import { BoxPolicy, Merge, Threshold } from "./types.js"
 */

/** What each policy does, in words. @type {Record<BoxPolicy["type"], string>} */
const WORDS = {
  calibrated: "Calibrated for this model",
  fraction: "A fraction of the map's maximum",
  wang: "Two grey levels (Wang et al. 2017)",
  percentile: "A percentile of the map",
  otsu: "Otsu's threshold",
  absolute: "A level in the map's unit",
  "expected-iou": "The greatest expected IoU",
};

/** @type {Record<Exclude<BoxPolicy["type"], "calibrated">, Threshold>} */
const STARTS = {
  fraction: { type: "fraction", fraction: 0.5 },
  wang: { type: "wang", greyLevels: [60, 180] },
  percentile: { type: "percentile", percentile: 90 },
  otsu: { type: "otsu" },
  absolute: { type: "absolute", level: 1 },
  "expected-iou": { type: "expected-iou" },
};

/** @param {string} words */
const lowerStart = (words) => words[0].toLowerCase() + words.slice(1);

/** The policy without a selection that selects nothing. @param {Threshold} policy @returns {Threshold} */
function plain({ selection, ...rest }) {
  const policy = /** @type {Threshold} */ (rest);
  const selects = JSON.stringify(selectionOf({ ...policy, selection })) !== JSON.stringify(selectionOf(policy));
  return selects ? { ...policy, selection } : policy;
}

/** The box policy, as sliders that move the boxes at once. */
export class PolicyForm {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.type = byId("policy", HTMLSelectElement);
    this.levels = byId("levels", HTMLElement);
    this.note = byId("policy-note", HTMLElement);
    this.merge = byId("merge", HTMLSelectElement);
    this.mostBoxes = byId("most-boxes", HTMLInputElement);
    this.leastArea = byId("least-area", HTMLInputElement);
    /** @type {string} what the sliders are of */ this.drawn = "";
    this.type.replaceChildren(...Object.entries(WORDS).map(([value, text]) => make("option", { value }, text)));
    this.type.addEventListener("change", () => this.#chooseType());
    for (const input of [this.merge, this.mostBoxes, this.leastArea]) {
      input.addEventListener("change", () => this.#chooseSelection());
    }
    const correct = byId("correct-above", HTMLInputElement);
    correct.addEventListener("input", () => {
      if (correct.validity.valid && correct.value) session.choose({ correctAbove: correct.valueAsNumber });
    });
    const method = byId("method", HTMLSelectElement);
    method.addEventListener("change", () => {
      session.method = method.value;
      void session.reopen();
    });
    for (const type of ["model", "addressed"]) {
      session.addEventListener(type, () => {
        const { methods = [], defaultMethod = "" } = session.model ?? {};
        method.replaceChildren(...methods.map((name) => make("option", { value: name }, methodName(name, session.model))));
        method.value = session.method || defaultMethod;
        this.#draw();
      });
    }
    session.addEventListener("opened", () => this.#draw());
    session.addEventListener("changed", () => this.#draw());
  }

  /** The policy in force for the finding on show. @returns {Threshold | null} */
  get #threshold() {
    const { policy, label, model } = this.session;
    return model && label ? forLabel(policy, label, model) : policy.type === "calibrated" ? null : policy;
  }

  #chooseType() {
    const type = /** @type {BoxPolicy["type"]} */ (this.type.value);
    if (type === "calibrated") this.session.choosePolicy({ type });
    else this.session.choosePolicy(plain({ ...STARTS[type], selection: this.#threshold?.selection }));
  }

  /** A change makes the calibrated policy of a label one's own. @param {Partial<Threshold>} change */
  #edit(change) {
    const threshold = this.#threshold;
    if (threshold) this.session.choosePolicy(plain(/** @type {Threshold} */ ({ ...threshold, ...change })));
  }

  #chooseSelection() {
    if (!this.mostBoxes.validity.valid || !this.leastArea.validity.valid) return;
    /** @type {Record<string, Merge>} */
    const merges = { none: { type: "none" }, nms: { type: "nms", iou: 0.5 }, union: { type: "union" } };
    this.#edit({
      selection: {
        ...this.#threshold?.selection,
        minimumArea: this.leastArea.valueAsNumber / 100,
        maximumBoxes: this.mostBoxes.valueAsNumber,
        merge: merges[this.merge.value],
      },
    });
  }

  #draw() {
    const { policy, label, selected, answer, model } = this.session;
    const threshold = this.#threshold;
    this.type.value = policy.type;
    for (const option of this.type.options) {
      const type = /** @type {BoxPolicy["type"]} */ (option.value);
      option.disabled = !!answer && !!model && !fits(type === "calibrated" ? { type } : STARTS[type], answer, model);
    }
    this.note.textContent =
      policy.type !== "calibrated" || !label
        ? ""
        : threshold
          ? `For ${readable(label)}: ${lowerStart(WORDS[threshold.type])}. Moving a slider sets this policy for all findings.`
          : `The model has no calibrated policy for ${readable(label)}.`;
    const selection = threshold ? selectionOf(threshold) : null;
    if (selection) {
      this.merge.value = selection.merge.type;
      this.mostBoxes.value = String(selection.maximumBoxes);
      this.leastArea.value = String(100 * selection.minimumArea);
    }
    const sliders = threshold ? this.#sliders(threshold, selected?.map) : [];
    const drawn = JSON.stringify([threshold?.type, sliders.map(({ min, max }) => [min, max])]);
    if (drawn !== this.drawn) {
      this.levels.replaceChildren(...sliders.map((slider, i) => this.#slider(slider, i)));
      this.drawn = drawn;
    }
    sliders.forEach(({ value }, i) => {
      byId(`level-${i}`, HTMLInputElement).value = String(value);
      byId(`level-${i}-value`, HTMLElement).textContent = String(Number(value.toFixed(3)));
    });
  }

  /**
   * @typedef {{name: string, min: number, max: number, step: number, value: number}} Slider
   * @param {Threshold} threshold @param {import("./types.js").ClassActivationMap | undefined} map
   * @returns {Slider[]}
   */
  #sliders(threshold, map) {
    switch (threshold.type) {
      case "fraction":
        return [{ name: "Fraction of the maximum", min: 0.01, max: 1, step: 0.01, value: threshold.fraction }];
      case "percentile":
        return [{ name: "Percentile", min: 0, max: 100, step: 0.5, value: threshold.percentile }];
      case "absolute": {
        const [least, most] = [map?.minimum ?? -10, map?.maximum ?? 10];
        return [{ name: `Level (${map?.unit ?? "logit"})`, min: least, max: most, step: (most - least) / 200, value: threshold.level }];
      }
      case "wang":
        return (threshold.greyLevels ?? [60, 180]).map((value, i) => {
          return { name: `Grey level ${i + 1} of 255`, min: 1, max: 255, step: 1, value };
        });
      case "otsu":
      case "expected-iou":
        return [];
    }
  }

  /** @param {Slider} slider @param {number} index */
  #slider({ name, min, max, step }, index) {
    const input = make("input", { type: "range", id: `level-${index}`, step: String(step) });
    [input.min, input.max] = [String(min), String(max)];
    input.addEventListener("input", () => this.#move(index, input.valueAsNumber));
    return make(
      "div",
      { class: "slider" },
      make("label", { for: input.id }, name),
      make("output", { for: input.id, id: `${input.id}-value` }),
      input,
    );
  }

  /** @param {number} index @param {number} value */
  #move(index, value) {
    const threshold = this.#threshold;
    switch (threshold?.type) {
      case "fraction":
        return this.#edit({ fraction: value });
      case "percentile":
        return this.#edit({ percentile: value });
      case "absolute":
        return this.#edit({ level: value });
      case "wang":
        return this.#edit({ greyLevels: (threshold.greyLevels ?? [60, 180]).map((it, i) => (i === index ? value : it)) });
    }
  }
}
