// SPDX-License-Identifier: Apache-2.0
/** The service's answers, and its problems as errors. */

/** A problem (RFC 9457), or what stands in for one where no service answered. */
export class Problem extends Error {
  /** @param {{title: string, detail?: string, status?: number, type?: string, reason?: string}} body */
  constructor(body) {
    super(body.detail ? `${body.title}: ${body.detail}` : body.title);
    this.title = body.title;
    this.detail = body.detail ?? "";
    this.status = body.status ?? 0;
    this.type = body.type ?? "about:blank";
    this.reason = body.reason;
  }

  /** Whether it is of this kind, as "unreadable-image". @param {string} kind */
  is(kind) {
    return this.type === `urn:cxr-localizer:problem:${kind}`;
  }
}

/** What went wrong, for people. @param {unknown} failure */
export function words(failure) {
  return failure instanceof Problem ? failure.message : String(failure);
}

/** Details of answers that have none themselves. @type {Record<number, string>} */
const WITHOUT_WORDS = {
  401: "The service requires authentication, and this page has no valid key. Its operator can issue one.",
  403: "The account that you are signed in with lacks the permission.",
  413: "The file exceeds the limit of a proxy in front of the service.",
  502: "A proxy got no answer from the service.",
  503: "The service is not ready. Try again in a moment.",
  504: "A proxy did not wait for the service.",
};

/** @param {Response} response @returns {Promise<Problem>} */
async function problemOf(response) {
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json");
  if (isProblem) return new Problem(await response.json());
  return new Problem({
    title: response.status === 401 ? "Authentication required" : `The service answered ${response.status}`,
    detail: WITHOUT_WORDS[response.status] ?? response.statusText,
    status: response.status,
  });
}

const KEY = "key";

/** Remembers a key for as long as the page's tab is open. @param {string} key */
export function rememberKey(key) {
  sessionStorage.setItem(KEY, key);
}

export function hasKey() {
  return sessionStorage.getItem(KEY) !== null;
}

/**
 * @param {string} path @param {RequestInit} [request]
 * @returns {Promise<Response>} the answer to a request that succeeded
 * @throws {Problem} with words for people
 */
export async function ask(path, request) {
  let response;
  try {
    const key = sessionStorage.getItem(KEY);
    response = await fetch(path, key ? { ...request, headers: { ...request?.headers, "X-API-Key": key } } : request);
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === "AbortError") throw failure;
    throw new Problem({
      title: "The service cannot be reached",
      detail: "No response. Check that the service runs and the network is up.",
    });
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** @param {string} path @param {RequestInit} [request] */
export async function askJson(path, request) {
  const headers = { accept: "application/json", ...request?.headers };
  return (await ask(path, { ...request, headers })).json();
}

/**
 * Sends an image to one of the addresses that take one.
 *
 * @param {string} path @param {File} image @param {Record<string, string>} parameters
 * @param {{signal?: AbortSignal, accept?: string}} [options]
 */
export function send(path, image, parameters, { signal, accept = "*/*" } = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(parameters)) form.append(name, value);
  form.append("image", image, image.name);
  return ask(path, { method: "POST", body: form, headers: { accept }, signal });
}
