// SPDX-License-Identifier: Apache-2.0
import { byId, make } from "./dom.js";

/** @import { Session } from "./session.js" */

/** Which of several models answers, and which one's findings stand beside. Where one is served, there is nothing to choose. */
export class SeveralModels {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.name = byId("model-name", HTMLSelectElement);
    this.beside = byId("beside", HTMLSelectElement);
    session.addEventListener("model", () => this.#offer());
    this.name.addEventListener("change", () => void session.chooseModel(this.name.value));
    this.beside.addEventListener("change", () => {
      session.beside = this.beside.value;
      void session.reopen();
    });
    session.addEventListener("opened", () => {
      byId("key-other", HTMLElement).hidden = session.shown?.otherModels.length === 0;
    });
  }

  #offer() {
    const { models, model, beside } = this.session;
    byId("model-fields", HTMLElement).hidden = models.length < 2;
    this.name.replaceChildren(...models.map((name) => make("option", { value: name, selected: name === model?.name }, name)));
    const others = models.filter((name) => name !== model?.name);
    this.beside.replaceChildren(
      make("option", { value: "" }, "none"),
      ...others.map((name) => make("option", { value: name, selected: name === beside }, name)),
    );
  }
}
