// SPDX-License-Identifier: Apache-2.0
import { byId } from "./dom.js";

/** @import { Session } from "./session.js" */

/** The parameters of a request for what is on show, beside its image. @param {Session} session @returns {Record<string, string>} */
export function parameters({ reading, method, operatingPoint, policy, model, models }) {
  const isDefault = JSON.stringify(policy) === JSON.stringify(model?.defaultPolicy);
  return {
    ...reading,
    ...(model && model.name !== models[0] ? { model: model.name } : {}),
    ...(method && method !== model?.defaultMethod ? { method } : {}),
    ...(operatingPoint && { operatingPoint }),
    ...(isDefault ? {} : { policy: JSON.stringify(policy) }),
  };
}

/** @param {string} text as a shell's argument */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The command and the answer behind what is on show. */
export class Request {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.command = byId("curl", HTMLElement);
    this.answer = byId("json", HTMLElement);
    for (const type of ["model", "opened", "changed"]) session.addEventListener(type, () => this.#draw());
    session.addEventListener("failed", () => this.#fail());
    for (const [button, text] of /** @type {const} */ ([
      ["copy-curl", this.command],
      ["copy-json", this.answer],
    ])) {
      const copy = byId(button, HTMLButtonElement);
      copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(text.textContent ?? "");
        copy.textContent = "Copied";
        setTimeout(() => (copy.textContent = "Copy"), 1500);
      });
    }
    this.#draw();
  }

  #draw() {
    const { file, shown } = this.session;
    const all = { ...parameters(this.session), ...this.session.answering };
    const fields = Object.entries(all).map(([name, value]) => ` \\\n  -F ${quoted(`${name}=${value}`)}`);
    const name = file?.name ?? "chest.png";
    const report = this.session.report && " \\\n  -F 'report=<report.txt'";
    this.command.textContent = `curl ${location.origin}/v1/localizations \\\n  -F ${quoted(`image=@${name}`)}${fields.join("")}${report}`;
    if (!shown) return;
    const findings = shown.findings.map((finding) => ({ ...finding, map: { ...finding.map, values: null } }));
    this.answer.textContent = JSON.stringify({ ...shown, findings }, null, 2);
  }

  #fail() {
    this.#draw();
    const { problem } = this.session;
    if (problem) {
      const { type, title, status, detail, reason } = problem;
      this.answer.textContent = JSON.stringify({ type, title, status, detail, reason }, null, 2);
    }
  }
}
