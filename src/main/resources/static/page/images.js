// SPDX-License-Identifier: Apache-2.0
import { byId, make } from "./dom.js";

/** @import { Session } from "./session.js" */

/** The images opened since the page was loaded, and steps through them. They stay in the browser's memory only. */
export class Images {
  /** @type {{file: File, reading: Record<string, string>}[]} */ #opened = [];

  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.list = byId("opened-images", HTMLElement);
    session.addEventListener("opened", () => this.#remember());
    for (const type of ["opening", "failed", "cancelled"]) session.addEventListener(type, () => this.#draw());
    byId("previous", HTMLElement).addEventListener("click", () => this.#step(-1));
    byId("next", HTMLElement).addEventListener("click", () => this.#step(1));
  }

  get #current() {
    const { file } = this.session;
    return this.#opened.findIndex((it) => file !== null && isSame(it.file, file));
  }

  #remember() {
    const { file, reading } = this.session;
    if (!file) return;
    const index = this.#current;
    if (index < 0) this.#opened.push({ file, reading });
    else this.#opened[index] = { file, reading };
    this.#draw();
  }

  /** @param {number} by */
  #step(by) {
    const count = this.#opened.length;
    if (count === 0) return;
    const current = this.#current;
    const index = current < 0 ? (by > 0 ? 0 : count - 1) : (current + by + count) % count;
    this.#open(index);
  }

  /** @param {number} index */
  #open(index) {
    const { file, reading } = this.#opened[index];
    void this.session.open(file, reading);
  }

  #draw() {
    const current = this.#current;
    byId("opened", HTMLElement).hidden = this.#opened.length < 2;
    const focused = [...this.list.children].findIndex((it) => it.contains(document.activeElement));
    this.list.replaceChildren(
      ...this.#opened.map(({ file }, i) => {
        const button = make("button", { type: "button", onclick: () => this.#open(i) }, file.name);
        if (i === current) button.setAttribute("aria-current", "true");
        return make("li", {}, button);
      }),
    );
    this.list.children[focused]?.querySelector("button")?.focus();
    this.list.children[current]?.scrollIntoView({ block: "nearest" });
  }
}

/** The same choice of a file gives a new object each time. @param {File} a @param {File} b */
function isSame(a, b) {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
}
