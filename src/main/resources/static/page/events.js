// SPDX-License-Identifier: Apache-2.0
import { ask } from "./api.js";

/**
 * The server-sent events of an address until it ends. EventSource would send no key.
 *
 * @param {string} path @param {AbortSignal} signal
 * @returns {AsyncGenerator<{name: string, data: any}>}
 */
export async function* events(path, signal) {
  const { body } = await ask(path, { headers: { accept: "text/event-stream" }, signal });
  const reader = /** @type {ReadableStream<Uint8Array>} */ (body).getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = block.split(/\r?\n/).map((line) => /^(event|data):\s?(.*)$/.exec(line));
      const data = fields.filter((it) => it?.[1] === "data").map((it) => it?.[2]);
      if (data.length > 0) yield { name: fields.find((it) => it?.[1] === "event")?.[2] ?? "message", data: JSON.parse(data.join("\n")) };
    }
  }
}
