// SPDX-License-Identifier: Apache-2.0
import { askJson, words } from "./api.js";
import { byId, make } from "./dom.js";
import { commonProblems, endpointsOf, link, list, operationParts, PROBLEMS } from "./operation.js";
import { fields, prose, schemaId, typeOf } from "./schema.js";

/**
 * @import { Paths } from "./operation.js"
 * @import { Schema } from "./schema.js"
 * @typedef {{
 *   info: {description: string, version: string}, tags: {name: string, description: string}[], paths: Paths, webhooks?: Paths,
 *   components: {schemas: Record<string, Schema>, securitySchemes: Record<string, {type: string, name?: string, in?: string, scheme?: string, description: string}>}
 * }} ApiDocument
 */

const AUTHENTICATION = "api/authentication";

/** The API's reference, made of the OpenAPI document of the service itself. */
export class Reference {
  constructor() {
    this.place = byId("reference", HTMLElement);
  }

  /** Shows what the address names, as `#api/localize` or `#api/schemas/Finding`. */
  async show() {
    try {
      if (!this.place.querySelector("article")) {
        this.place.replaceChildren(make("p", { role: "status" }, "The OpenAPI document is loading …"));
        this.#draw(await askJson("v3/api-docs"));
      }
    } catch (failure) {
      this.place.replaceChildren(make("p", { role: "alert" }, words(failure)));
      return;
    }
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!named || !this.place.contains(named)) return;
    named.scrollIntoView();
    named.focus({ preventScroll: true });
  }

  /** @param {ApiDocument} api */
  #draw(api) {
    const endpoints = endpointsOf(api.paths);
    const common = commonProblems(endpoints);
    const groups = api.tags.map(({ name, description }) => {
      const operations = endpoints.filter(({ operation }) => operation.tags.includes(name));
      return { title: name, description, operations };
    });
    groups.push({ title: "webhooks", description: "Requests that the service sends.", operations: endpointsOf(api.webhooks ?? {}) });
    const schemas = Object.entries(api.components.schemas).sort(([a], [b]) => a.localeCompare(b));
    const contents = make(
      "nav",
      { class: "contents", "aria-label": "Operations and schemas" },
      ...groups.flatMap(({ title, operations }) => [
        make("h3", {}, title),
        list(operations.map(({ operation: { operationId, summary } }) => link(`api/${operationId}`, operationId, summary))),
      ]),
      make("h3", {}, "every operation"),
      list([link(AUTHENTICATION, "authentication"), link(PROBLEMS, "problems")]),
      make("h3", {}, "schemas"),
      list(schemas.map(([name]) => link(schemaId(name), name))),
    );
    this.place.replaceChildren(
      contents,
      make(
        "div",
        { class: "entries" },
        ...groups.map(({ title, description, operations }) =>
          make(
            "section",
            { "aria-label": title },
            make("h3", {}, title),
            make("p", {}, ...prose(description)),
            ...operations.map((endpoint) => entry(`api/${endpoint.operation.operationId}`, endpoint.operation.summary, operationParts(endpoint, common))),
          ),
        ),
        make("section", { "aria-label": "every operation" }, make("h3", {}, "every operation"), authentication(api), problems(common)),
        make(
          "section",
          { "aria-label": "schemas" },
          make("h3", {}, "schemas"),
          ...schemas.map(([name, schema]) => entry(schemaId(name), name, [make("p", {}, ...prose(schema.description ?? "")), fields(schema)])),
        ),
      ),
    );
  }
}

/** What an address leads to: its heading takes the focus. @param {string} id @param {string} title @param {Node[]} parts */
function entry(id, title, parts) {
  const heading = make("h4", { id, tabIndex: -1 }, make("a", { href: `#${id}` }, title));
  return make("article", { class: "entry", "aria-labelledby": id }, heading, ...parts);
}

/** @param {Map<string, string>} common */
function problems(common) {
  const rows = [...common].flatMap(([problem, status]) => [make("dt", {}, status), make("dd", {}, ...prose(problem))]);
  return entry(PROBLEMS, "Problems", [
    make("p", {}, "Each operation may also answer with these. The body is a ", ...typeOf({ $ref: "#/components/schemas/Problem" }), "."),
    make("dl", { class: "fields" }, ...rows),
  ]);
}

/** @param {ApiDocument} api */
function authentication({ components }) {
  const schemes = Object.values(components.securitySchemes).flatMap(({ name, scheme, description }) => [
    make("dt", {}, make("code", {}, name ?? `Authorization: ${scheme}`)),
    make("dd", {}, ...prose(description)),
  ]);
  return entry(AUTHENTICATION, "Authentication", [make("dl", { class: "fields" }, ...schemes)]);
}
