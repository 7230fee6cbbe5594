// SPDX-License-Identifier: Apache-2.0
/** What is on show, as the part of the address behind "#": never an image, its name, or what was found on it. */

/**
 * @import { Session } from "./session.js"
 * @import { BoxPolicy, Model, OperatingPoint } from "./types.js"
 */

const DELAY = 200;
const POINTS = ["sensitive", "balanced", "specific"];

/** Ranges of the numbers of each policy. @type {Record<BoxPolicy["type"], Record<string, [number, number]>>} */
const NUMBERS = {
  calibrated: {},
  fraction: { fraction: [Number.MIN_VALUE, 1] },
  wang: { greyLevels: [Number.MIN_VALUE, 255] },
  percentile: { percentile: [0, 100] },
  otsu: {},
  absolute: { level: [-Number.MAX_VALUE, Number.MAX_VALUE] },
  "expected-iou": {},
};
/** @type {Record<string, [number, number]>} */
const SELECTION = {
  minimumArea: [0, 1],
  maximumArea: [Number.MIN_VALUE, 1],
  minimumAspect: [0, 1],
  maximumBoxes: [1, 1000],
};

/** The name of the view in the address; a slash or a question mark ends it. */
export function viewName() {
  return location.hash.slice(1).split(/[/?]/)[0];
}

/** What the address says behind the view's name. */
export function addressParameters() {
  return new URLSearchParams(location.hash.split("?")[1] ?? "");
}

/** Keeps the address and the choices of the page alike. */
export class Address {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #waiting;

  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    session.addEventListener("model", () => this.#read());
    for (const type of ["opened", "changed"]) session.addEventListener(type, () => this.#write());
    addEventListener("hashchange", () => this.#follow());
  }

  get #isOfPicture() {
    return ["", "localize"].includes(viewName());
  }

  /** Shows what another address names. */
  #follow() {
    const { session } = this;
    if (!this.#isOfPicture) return;
    if (!location.hash.includes("?")) {
      this.#write(); // links to the view have no parameters
      return;
    }
    const named = addressParameters().get("model") ?? session.models[0];
    if (session.model && named !== session.model.name && session.models.includes(named)) {
      void session.chooseModel(named);
      return;
    }
    const mustAsk = this.#read();
    if (!session.shown) return;
    if (session.preferred) session.choose({ label: session.preferred });
    session.preferred = null;
    if (mustAsk) void session.reopen();
    else session.choosePolicy(session.policy);
  }

  /** Takes what the model has; the rest is said to be ignored. @returns {boolean} whether the service must be called again */
  #read() {
    const { session } = this;
    const { model } = session;
    if (!model || !this.#isOfPicture) return false;
    const given = addressParameters();
    /** @type {string[]} */
    const ignored = [];
    /** @type {(name: string, accept: (value: string) => boolean) => void} */
    const take = (name, accept) => {
      const value = given.get(name);
      if (value !== null && !accept(value)) ignored.push(name);
    };
    const before = session.method + session.operatingPoint;
    take("model", (name) => name === model.name);
    take("labels", (label) => model.labels.includes(label) && !!(session.preferred = label));
    take("method", (method) => model.methods.includes(method) && !!(session.method = method));
    take("operatingPoint", (point) => {
      if (!model.operatingPoints || !POINTS.includes(point)) return false;
      session.operatingPoint = /** @type {OperatingPoint} */ (point);
      return true;
    });
    take("policy", (text) => {
      const policy = policyOf(text, model);
      if (policy) session.policy = policy;
      return policy !== null;
    });
    session.ignored = ignored;
    session.dispatchEvent(new Event("addressed"));
    return session.file !== null && before !== session.method + session.operatingPoint;
  }

  #write() {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      const { label, chosenLabel, method, operatingPoint, policy, model, models } = this.session;
      if (!this.#isOfPicture || !model) return;
      const parameters = new URLSearchParams({
        ...(model.name !== models[0] && { model: model.name }),
        ...(label && chosenLabel === label && { labels: label }),
        ...(method && method !== model.defaultMethod && { method }),
        ...(operatingPoint && operatingPoint !== "specific" && { operatingPoint }),
        ...(JSON.stringify(policy) !== JSON.stringify(model.defaultPolicy) && { policy: JSON.stringify(policy) }),
      });
      const text = parameters.toString();
      history.replaceState(null, "", text ? `#localize?${text}` : "#localize");
    }, DELAY);
  }
}

/** @param {string} text @param {Model} model @returns {BoxPolicy | null} null where it is no policy that the page could cut with */
function policyOf(text, model) {
  let policy;
  try {
    policy = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof policy !== "object" || !Object.hasOwn(NUMBERS, policy?.type)) return null;
  if (policy.type === "calibrated" && Object.keys(model.calibratedPolicies).length === 0) return null;
  const { type, selection, ...rest } = policy;
  const numbers = NUMBERS[/** @type {BoxPolicy["type"]} */ (type)];
  const isWhole = Object.keys(numbers).every((name) => name in rest || name === "greyLevels");
  if (!isWhole || !isInRange(rest, numbers)) return null;
  if (selection === undefined) return policy;
  if (typeof selection !== "object" || selection === null || type === "calibrated") return null;
  const { merge = { type: "none" }, dropNested = false, ...limits } = selection;
  const isMerge = merge?.type === "nms" ? isInRange({ iou: merge.iou }, { iou: [0, 1] }) : ["none", "union"].includes(merge?.type);
  return isMerge && typeof dropNested === "boolean" && isInRange(limits, SELECTION) ? policy : null;
}

/** @param {Record<string, unknown>} values @param {Record<string, [number, number]>} ranges */
function isInRange(values, ranges) {
  return Object.entries(values).every(([name, value]) => {
    const [least, most] = ranges[name] ?? [NaN, NaN];
    const numbers = name === "greyLevels" && Array.isArray(value) && value.length > 0 && value.length <= 16 ? value : [value];
    return numbers.every((it) => typeof it === "number" && it >= least && it <= most);
  });
}
