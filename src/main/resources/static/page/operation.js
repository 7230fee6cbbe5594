// SPDX-License-Identifier: Apache-2.0
import { make } from "./dom.js";
import { field, prose, typeOf } from "./schema.js";

/**
 * One operation of the OpenAPI document: its address, parameters, body and answers.
 *
 * @import { Schema } from "./schema.js"
 * @typedef {{name: string, in: string, description?: string, required?: boolean, schema: Schema, example?: unknown}} Parameter
 * @typedef {Record<string, {schema?: Schema}>} Content
 * @typedef {{description: string, content?: Content, headers?: Record<string, {description?: string, schema: Schema}>}} Answer
 * @typedef {{
 *   operationId: string, summary: string, description?: string, tags: string[], parameters?: Parameter[],
 *   requestBody?: {description?: string, content: Content}, responses: Record<string, Answer>
 * }} Operation
 * @typedef {{method: string, path: string, operation: Operation}} Endpoint
 * @typedef {Record<string, Record<string, Operation>>} Paths
 */

export const PROBLEMS = "api/every-operation";
const PROBLEM = "application/problem+json";
/** Endings of files for answers that a terminal cannot show. @type {Record<string, string>} */
const BINARY = { "image/png": "png", "application/dicom": "dcm" };

/** @param {Paths} paths @returns {Endpoint[]} */
export function endpointsOf(paths) {
  return Object.entries(paths)
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ method, path, operation })));
}

/** @param {string} id @param {string} text */
export const link = (id, text, title = "") => make("a", { href: `#${id}`, title }, text);

/** @param {Node[]} items */
export const list = (items) => make("ul", {}, ...items.map((item) => make("li", {}, item)));

/** @param {Endpoint} endpoint @param {Map<string, string>} common @returns {Node[]} */
export function operationParts({ method, path, operation }, common) {
  const { operationId, description, parameters = [], requestBody, responses } = operation;
  const isWebhook = !path.startsWith("/");
  /** @type {Node[]} */
  const parts = [
    make(
      "p",
      { class: "address" },
      make("strong", { class: method }, method.toUpperCase()),
      " ",
      make("code", {}, isWebhook ? "webhook.url" : path),
      make("span", { class: "type" }, operationId),
    ),
    make("p", {}, ...prose(description ?? "")),
  ];
  if (!isWebhook) parts.push(make("pre", { class: "call" }, command(method, path, operation)));
  if (parameters.length > 0) {
    parts.push(
      make("h5", {}, "Parameters"),
      make("dl", { class: "fields" }, ...parameters.flatMap(({ in: place, ...rest }) => field({ place, ...rest }))),
    );
  }
  if (requestBody) {
    parts.push(make("h5", {}, "Body"), make("p", {}, ...prose(requestBody.description ?? "")), contentOf(requestBody.content));
  }
  parts.push(make("h5", {}, "Answers"), answers(responses, common));
  if (!isWebhook) parts.push(make("p", { class: "hint" }, "And the ", link(PROBLEMS, "problems of every operation"), "."));
  return parts;
}

/** A call by curl, with a stand-in for what a reader has to fill in. @param {string} method @param {string} path @param {Operation} operation */
function command(method, path, { requestBody, responses }) {
  const types = Object.keys(requestBody?.content ?? {});
  const answered = Object.values(responses).flatMap(({ content }) => Object.keys(content ?? {}));
  const ending = answered.map((type) => BINARY[type]).find((it) => it);
  const body = types.includes("multipart/form-data")
    ? " -F image=@chest.png"
    : types.includes("application/json")
      ? " -H 'Content-Type: application/json' -d @request.json"
      : "";
  return [
    "curl",
    answered.includes("text/event-stream") ? " -N" : "",
    body === "" && method !== "get" ? ` -X ${method.toUpperCase()}` : body,
    ending ? ` -o answer.${ending}` : "",
    ` ${location.origin}${path.replace(/\{(\w+)\}/g, (_, name) => name.toUpperCase())}`,
  ].join("");
}

/** @param {Content} content */
function contentOf(content) {
  return make(
    "dl",
    { class: "fields" },
    ...Object.entries(content).flatMap(([type, { schema = {} }]) => [
      make("dt", {}, make("code", {}, type)),
      make("dd", {}, ...typeOf(schema)),
    ]),
  );
}

/** The problems of an answer, one sentence each. @param {Answer} answer */
function problemsOf({ description, content }) {
  return content && PROBLEM in content ? description.split("; ") : [];
}

/** What each operation answers with, and its status. @param {Endpoint[]} endpoints */
export function commonProblems(endpoints) {
  const all = endpoints.map(({ operation: { responses } }) => {
    const found = Object.entries(responses).flatMap(([status, answer]) => problemsOf(answer).map((problem) => pair(problem, status)));
    return new Map(found);
  });
  return new Map([...(all[0] ?? [])].filter(([problem]) => all.every((it) => it.has(problem))));
}

/** @type {(problem: string, status: string) => [string, string]} */
const pair = (problem, status) => [problem, status];

/** @param {Record<string, Answer>} responses @param {Map<string, string>} common */
function answers(responses, common) {
  const rows = Object.entries(responses).flatMap(([status, answer]) => {
    const found = problemsOf(answer);
    const own = found.filter((problem) => !common.has(problem));
    if (found.length > 0) return own.length > 0 ? [make("dt", {}, status), make("dd", {}, list(own.map((problem) => make("span", {}, ...prose(problem)))))] : [];
    const { description, content = {}, headers = {} } = answer;
    return [
      make("dt", {}, status),
      make(
        "dd",
        {},
        ...prose(description),
        ...Object.entries(content).map(([type, { schema = {} }]) =>
          make("span", { class: "note" }, make("code", {}, type), ": ", ...typeOf(schema)),
        ),
        ...Object.entries(headers).map(([name, header]) =>
          make("span", { class: "note" }, "header ", make("code", {}, name), ": ", ...prose(header.description ?? "")),
        ),
      ),
    ];
  });
  return make("dl", { class: "fields" }, ...rows);
}
