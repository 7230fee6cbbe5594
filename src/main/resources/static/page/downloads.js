// SPDX-License-Identifier: Apache-2.0
import { send, words } from "./api.js";
import { byId, save } from "./dom.js";
import { parameters } from "./request.js";

/** @import { Session } from "./session.js" */

/** @param {string} field */
const csv = (field) => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

/** The boxes of all positive findings, as BBox_List_2017.csv has them, and their scores. @param {Session} session */
function boxList({ shown, file, boxed }) {
  const positive = shown?.findings.filter((finding) => finding.positive || boxed.includes(finding)) ?? [];
  const lines = positive.flatMap(({ label, boxes }) =>
    boxes.map(({ x, y, width, height, score }) =>
      [csv(file?.name ?? ""), label === "Infiltration" ? "Infiltrate" : csv(label), x, y, width, height, score].join(","),
    ),
  );
  return ["Image Index,Finding Label,Bbox [x,y,w,h],Score", ...lines, ""].join("\n");
}

/** Files to save of what is on show. */
export class Downloads {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.note = byId("download-note", HTMLElement);
    this.buttons = [...byId("downloads", HTMLElement).querySelectorAll("button")];
    this.#offer("save-overlay", () => {
      const { label, correctAbove } = session;
      return this.#fetch("/v1/overlays", { ...(label && { label }), iouThreshold: String(correctAbove) }, "-overlay.png", "image/png");
    });
    this.#offer("save-boxes", async () => {
      save(new Blob([boxList(session)], { type: "text/csv" }), `${this.#stem}-boxes.csv`);
    });
    this.#offer("save-json", async () => {
      const text = byId("json", HTMLElement).textContent ?? "";
      save(new Blob([text], { type: "application/json" }), `${this.#stem}.json`);
    });
    for (const [button, path, suffix] of [
      ["save-sr", "/v1/structured-reports", "-sr.dcm"],
      ["save-gsps", "/v1/presentation-states", "-pr.dcm"],
      ["save-sc", "/v1/secondary-captures", "-sc.dcm"],
    ]) {
      this.#offer(button, () => this.#fetch(path, {}, suffix, "application/dicom"));
    }
    for (const type of ["opening", "opened", "failed", "cancelled"]) session.addEventListener(type, () => this.#enable());
    this.#enable();
  }

  get #stem() {
    return (this.session.file?.name ?? "image").replace(/\.[^.]*$/, "");
  }

  #enable() {
    const { shown } = this.session;
    const isDicom = shown?.image.mediaType === "application/dicom";
    for (const button of this.buttons) {
      button.disabled = !shown || (!isDicom && ["save-sr", "save-gsps"].includes(button.id));
    }
    this.note.textContent =
      shown && !isDicom
        ? "A report or a presentation state refers to a DICOM image by its identifiers, which this file does not have."
        : "";
  }

  /** @param {string} id @param {() => Promise<void>} action */
  #offer(id, action) {
    const button = byId(id, HTMLButtonElement);
    button.addEventListener("click", async () => {
      button.disabled = true;
      this.note.textContent = "";
      try {
        await action();
        this.#enable();
      } catch (failure) {
        this.#enable();
        this.note.textContent = words(failure);
      }
    });
  }

  /** @param {string} path @param {Record<string, string>} more @param {string} suffix @param {string} accept */
  async #fetch(path, more, suffix, accept) {
    const { file } = this.session;
    if (!file) return;
    const answer = await send(path, file, { ...parameters(this.session), ...more }, { accept });
    save(await answer.blob(), this.#stem + suffix);
  }
}
