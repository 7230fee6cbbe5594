// SPDX-License-Identifier: Apache-2.0
import { Problem, askJson, send } from "./api.js";
import { fits, withPolicy } from "./boxes.js";

/** @import { BoxPolicy, Finding, Localization, Model, OperatingPoint } from "./types.js" */

const CORRECT_ABOVE = 0.3;
/** As many as a report or a presentation state holds, unless more are requested. */
const MOST_PROBABLE = 3;

/**
 * What is on show. The page's parts listen to `model`, `addressed`, `opening` or `renewing`, `opened`, `failed`, `cancelled` and
 * `changed` (a label, policy or limit: nothing that needs the service), and read what they need.
 */
export class Session extends EventTarget {
  /** @type {string[]} names of the served models, the default first */ models = [];
  /** @type {Model | null} */ model = null;
  /** @type {string} a further model whose findings stand beside; empty for none */ beside = "";
  /** @type {File | null} */ file = null;
  /** @type {Localization | null} the service's answer, with the maps */ answer = null;
  /** @type {Localization | null} the same with the policy in force */ shown = null;
  /** @type {ImageBitmap | null} */ picture = null;
  /** @type {Problem | null} */ problem = null;
  /** @type {BoxPolicy} */ policy = { type: "calibrated" };
  /** @type {string} empty for the model's default */ method = "";
  /** @type {OperatingPoint | ""} empty where the model has no operating points */ operatingPoint = "";
  /** @type {Record<string, string>} how the image is read */ reading = {};
  /** @type {string} that of the image; empty without one */ report = "";
  /** @type {string | null} none where no finding is positive and none was chosen */ label = null;
  /** @type {string | null} the label that a person chose for the image on show */ chosenLabel = null;
  /** @type {string | null} what the address names, for the next image only */ preferred = null;
  /** @type {string[]} parameters of the address that the model does not have */ ignored = [];
  /** Whether boxes are shown of what result objects hold by default, besides the label's. */
  showsMostProbable = false;
  /** A box is correct if its IoU with a box of the ground truth is above this. */
  correctAbove = CORRECT_ABOVE;
  /** @type {AbortController | null} */ #running = null;

  /** @param {string | null} [wanted] the default where it is not served */
  async loadModel(wanted) {
    const { models } = await askJson("/v1/models");
    this.models = models.map((/** @type {{name: string}} */ { name }) => name);
    const name = this.models.includes(wanted ?? "") ? (wanted ?? "") : this.models[0];
    this.model = /** @type {Model} */ (await askJson(`/v1/models/${encodeURIComponent(name)}`));
    this.method = "";
    if (this.beside === name) this.beside = "";
    this.policy = this.model.defaultPolicy;
    this.operatingPoint = this.model.operatingPoints ? "specific" : "";
    this.#tell("model");
  }

  /**
   * Requests an image's rendering and findings. What is on show of the same file stays until the answer is there.
   *
   * @param {File} file @param {Record<string, string>} [reading]
   */
  async open(file, reading = {}) {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const isSame = this.file === file && this.shown !== null;
    Object.assign(this, { file, reading, problem: null });
    if (!isSame) {
      this.#forget();
      this.report = "";
    }
    this.#tell(isSame ? "renewing" : "opening");
    try {
      if (!this.model) await this.loadModel(null);
      const { signal } = running;
      const parameters = {
        ...reading,
        ...this.answering,
        includeMaps: "true",
        ...(this.method && { method: this.method }),
        ...(this.operatingPoint && { operatingPoint: this.operatingPoint }),
        ...(this.report && { report: this.report }),
      };
      const [picture, answer] = await Promise.all([
        send("/v1/renderings", file, reading, { signal }).then(async (it) => createImageBitmap(await it.blob())),
        send("/v1/localizations", file, parameters, { signal, accept: "application/json" }).then((it) => it.json()),
      ]);
      if (this.#running !== running) return;
      this.#running = null;
      this.picture?.close();
      Object.assign(this, { picture, answer });
      const wanted = isSame ? this.label : this.preferred;
      if (!isSame) this.chosenLabel = this.preferred;
      this.preferred = null;
      this.label = this.#firstLabel(wanted);
      this.#recut();
      this.#tell("opened");
    } catch (failure) {
      running.abort(); // the other of the two requests
      if (this.#running !== running) return;
      this.#running = null;
      this.#forget();
      this.problem =
        failure instanceof Problem ? failure : new Problem({ title: "The page failed", detail: String(failure) });
      this.#tell("failed");
    }
  }

  /** Requests the image on show again, with another method or another way to read it. @param {Record<string, string>} more */
  async reopen(more = {}) {
    if (this.file) await this.open(this.file, { ...this.reading, ...more });
  }

  /** Which models answer, as a parameter. @returns {Record<string, string>} */
  get answering() {
    const names = [this.model?.name ?? "", this.beside].filter(Boolean);
    return names.join() === (this.models[0] ?? "") ? {} : { model: names.join() };
  }

  /** @param {string} name */
  async chooseModel(name) {
    try {
      await this.loadModel(name);
      await this.reopen();
    } catch (failure) {
      this.problem = failure instanceof Problem ? failure : new Problem({ title: String(failure) });
      this.#tell("failed");
    }
  }

  cancel() {
    this.#running?.abort();
    this.#running = null;
    this.file = null;
    this.#forget();
    this.#tell("cancelled");
  }

  /** @param {BoxPolicy} policy */
  choosePolicy(policy) {
    this.policy = policy;
    this.#recut();
    this.#tell("changed");
  }

  /** @param {Partial<Pick<Session, "label" | "showsMostProbable" | "correctAbove">>} choice */
  choose(choice) {
    Object.assign(this, choice);
    if (choice.label) this.chosenLabel = choice.label;
    this.#tell("changed");
  }

  /** @returns {Finding | null} the finding whose heat map is on show */
  get selected() {
    return this.shown?.findings.find(({ label }) => label === this.label) ?? null;
  }

  /** The model beside, and what it found of a label. @param {string} label @returns {{name: string, finding: Finding} | null} */
  besideOf(label) {
    const [other] = this.shown?.otherModels ?? [];
    const finding = other?.findings.find((it) => it.label === label);
    return finding ? { name: other.model.name, finding } : null;
  }

  /** @returns {Finding[]} those whose boxes are on show */
  get boxed() {
    const positive = this.shown?.findings.filter((finding) => finding.positive) ?? [];
    const most = this.showsMostProbable ? positive.slice(0, MOST_PROBABLE) : [];
    return this.selected && !most.includes(this.selected) ? [...most, this.selected] : most;
  }

  /**
   * A finding with ground truth comes first, then the most probable positive one. Without any, none is shown, unless the model
   * has no cut-offs.
   *
   * @param {string | null} wanted
   */
  #firstLabel(wanted) {
    const findings = this.answer?.findings ?? [];
    const known = findings.filter(({ comparisons }) => comparisons.length > 0);
    const positive = findings.filter((finding) => finding.positive);
    const rest = findings.every((finding) => finding.positive === null) ? findings : [];
    return [...findings.filter(({ label }) => label === wanted), ...known, ...positive, ...rest][0]?.label ?? null;
  }

  /** With another method, a policy may not fit its maps; then the service's choice holds. */
  #recut() {
    if (this.answer && this.model && !fits(this.policy, this.answer, this.model)) this.policy = this.answer.policy;
    if (this.answer && this.model) this.shown = withPolicy(this.answer, this.policy, this.model);
  }

  #forget() {
    this.picture?.close();
    Object.assign(this, { picture: null, answer: null, shown: null });
  }

  /** @param {string} type */
  #tell(type) {
    this.dispatchEvent(new Event(type));
  }
}
