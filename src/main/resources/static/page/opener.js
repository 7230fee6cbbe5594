// SPDX-License-Identifier: Apache-2.0
import { ask, rememberKey } from "./api.js";
import { byId, methodName } from "./dom.js";

/** @import { Session } from "./session.js" */

/** How an image comes onto the page, and what is shown while it is read or cannot be. */
export class Opener {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.status = byId("status", HTMLElement);
    this.problem = byId("problem", HTMLElement);
    this.anyway = byId("anyway", HTMLButtonElement);
    this.again = byId("again", HTMLButtonElement);
    this.#listen();
    for (const type of ["opening", "renewing", "opened", "failed", "cancelled"]) session.addEventListener(type, () => this.#draw(type));
    session.addEventListener("addressed", () => {
      const { ignored, file } = session;
      if (ignored.length > 0 && !file) this.#show(`Ignored in the address, because this model lacks it: ${ignored.join(", ")}.`);
    });
  }

  #listen() {
    const { session } = this;
    const chooser = byId("file", HTMLInputElement);
    chooser.addEventListener("change", () => {
      if (chooser.files?.[0]) void session.open(chooser.files[0]);
      chooser.value = ""; // so that the same file can be chosen again
    });
    for (const button of document.querySelectorAll("button[data-sample]")) {
      button.addEventListener("click", () => this.#openSample(/** @type {HTMLElement} */ (button).dataset.sample ?? ""));
    }
    addEventListener("dragover", (event) => {
      event.preventDefault();
      document.body.classList.add("dropping");
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) document.body.classList.remove("dropping");
    });
    addEventListener("drop", (event) => {
      event.preventDefault();
      document.body.classList.remove("dropping");
      const file = event.dataTransfer?.files[0];
      if (file) {
        location.hash = "#localize";
        void session.open(file);
      }
    });
    this.anyway.addEventListener("click", () => void session.reopen({ force: "true" }));
    this.again.addEventListener("click", () => (session.file ? void session.reopen() : location.reload()));
    byId("key-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      rememberKey(byId("key", HTMLInputElement).value.trim());
      byId("key", HTMLInputElement).value = "";
      if (session.file) void session.reopen();
      else location.reload();
    });
    byId("cancel", HTMLButtonElement).addEventListener("click", () => session.cancel());
    const frame = byId("frame", HTMLInputElement);
    frame.addEventListener("change", () => {
      if (frame.validity.valid && frame.value) void session.reopen({ frame: frame.value });
    });
  }

  /** @param {string} name */
  async #openSample(name) {
    try {
      const answer = await ask(`/samples/${name}`);
      await this.session.open(new File([await answer.blob()], name, { type: "image/png", lastModified: 0 }));
    } catch (failure) {
      this.#show(String(failure));
    }
  }

  /** @param {string} state */
  #draw(state) {
    const { file, shown, problem, reading, model } = this.session;
    byId("stage", HTMLElement).setAttribute("aria-busy", String(["opening", "renewing"].includes(state)));
    if (state === "renewing") {
      this.#show(`Localizing again: ${file?.name} …`);
      return;
    }
    document.body.dataset.state = state;
    this.problem.hidden = state !== "failed";
    byId("warnings", HTMLElement).replaceChildren();
    if (state === "opening") {
      this.#show(`Reading ${file?.name} and looking for findings …`);
    } else if (state === "opened" && shown) {
      const { width, height, mediaType } = shown.image;
      const by = `${shown.model.name} ${shown.model.version}, ${methodName(shown.method, model)}`;
      this.#show(`${file?.name} · ${width} × ${height} px · ${by}`);
      byId("frame-field", HTMLElement).hidden = mediaType !== "application/dicom";
      byId("frame", HTMLInputElement).value = reading.frame ?? "1";
      byId("warnings", HTMLElement).replaceChildren(
        ...shown.warnings.map((warning) => Object.assign(document.createElement("li"), { textContent: warning })),
      );
    } else if (state === "failed" && problem) {
      this.#show("");
      byId("problem-title", HTMLElement).textContent = problem.title;
      byId("problem-detail", HTMLElement).textContent = problem.detail;
      byId("key-form", HTMLElement).hidden = problem.status !== 401;
      this.anyway.hidden = !problem.is("not-a-frontal-chest-radiograph");
    } else {
      this.#show("");
    }
  }

  /** @param {string} text */
  #show(text) {
    this.status.textContent = text;
  }
}
