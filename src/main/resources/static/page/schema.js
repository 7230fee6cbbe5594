// SPDX-License-Identifier: Apache-2.0
import { make } from "./dom.js";

/**
 * Schemas of the OpenAPI document, as text with links.
 *
 * @typedef {{
 *   $ref?: string, type?: string | string[], format?: string, description?: string, enum?: unknown[], default?: unknown,
 *   minimum?: number, maximum?: number, exclusiveMinimum?: number, minLength?: number, maxLength?: number, minItems?: number,
 *   maxItems?: number, pattern?: string, contentMediaType?: string, items?: Schema, properties?: Record<string, Schema>,
 *   additionalProperties?: Schema | boolean, required?: string[], oneOf?: Schema[]
 * }} Schema
 * @typedef {Node | string} Part
 */

/** The address of a schema on the page. @param {string} name */
export const schemaId = (name) => `api/schemas/${name}`;

/** Text whose parts between backticks are code. @param {string} text @returns {Part[]} */
export function prose(text) {
  return text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));
}

/** What kind of value it is. @param {Schema} schema @returns {Part[]} */
export function typeOf(schema) {
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return [make("a", { href: `#${schemaId(name)}` }, name)];
  }
  if (schema.oneOf) return joined(schema.oneOf.map(typeOf), " or ");
  const types = [schema.type ?? "any value"].flat();
  return joined(
    types.map((type) => oneType(type, schema)),
    " or ",
  );
}

/** @param {string} type @param {Schema} schema @returns {Part[]} */
function oneType(type, { items, additionalProperties, format, contentMediaType }) {
  if (type === "array" && items) return ["array of ", ...typeOf(items)];
  if (type === "object" && typeof additionalProperties === "object") return ["object, by name: ", ...typeOf(additionalProperties)];
  const detail = format ?? contentMediaType;
  return [detail && type !== "null" ? `${type} (${detail})` : type];
}

/** Which values are allowed, and which one holds where none is given. @param {Schema} schema @returns {Part[]} */
export function limits(schema) {
  const { minimum, maximum, exclusiveMinimum, pattern } = schema;
  const each = schema.items ? limits(schema.items) : [];
  const values = schema.enum?.filter((value) => value !== null).map((value) => [make("code", {}, String(value))]);
  /** @type {Part[][]} */
  const parts = [
    values ? ["one of ", ...joined(values, ", ")] : [],
    minimum !== undefined && maximum !== undefined ? [`${minimum} … ${maximum}`] : [],
    minimum !== undefined && maximum === undefined ? [`at least ${minimum}`] : [],
    exclusiveMinimum !== undefined ? [`above ${exclusiveMinimum}`] : [],
    maximum !== undefined && minimum === undefined ? [`at most ${maximum}`] : [],
    counts(schema.minLength, schema.maxLength, "character"),
    counts(schema.minItems, schema.maxItems, "item"),
    each.length > 0 ? ["each ", ...each] : [],
    pattern !== undefined ? ["pattern ", make("code", {}, pattern)] : [],
    schema.default !== undefined ? ["default ", make("code", {}, String(schema.default))] : [],
  ];
  return joined(
    parts.filter((part) => part.length > 0),
    "; ",
  );
}

/** @param {number | undefined} least @param {number | undefined} most @param {string} what @returns {Part[]} */
function counts(least, most, what) {
  const words = [least ? `at least ${least}` : null, most !== undefined ? `at most ${most}` : null].filter((it) => it !== null);
  const last = most ?? least;
  return words.length > 0 ? [`${words.join(", ")} ${what}${last === 1 ? "" : "s"}`] : [];
}

/** @param {Part[][]} parts @param {string} separator @returns {Part[]} */
function joined(parts, separator) {
  return parts.flatMap((part, i) => (i > 0 ? [separator, ...part] : part));
}

/**
 * A named value: name, type, description and limits.
 *
 * @param {{name: string, schema: Schema, place?: string, required?: boolean, description?: string, example?: unknown}} field
 * @returns {HTMLElement[]} a term and its description
 */
export function field({ name, schema, place, required = false, description, example }) {
  const notes = [limits(schema), example === undefined ? [] : ["example ", make("code", {}, String(example))]];
  return [
    make("dt", {}, make("code", {}, name), make("span", { class: "type" }, ...typeOf(schema), place ? `, in ${place}` : "", required ? ", required" : "")),
    make(
      "dd",
      {},
      ...prose(description ?? ""),
      ...notes.filter((note) => note.length > 0).map((note) => make("span", { class: "note" }, ...note)),
    ),
  ];
}

/** The properties of an object, or the forms that a value may have. @param {Schema} schema */
export function fields({ properties = {}, required = [], oneOf }) {
  if (oneOf) return make("ul", {}, ...oneOf.map((form) => make("li", {}, ...typeOf(form))));
  return make(
    "dl",
    { class: "fields" },
    ...Object.entries(properties).flatMap(([name, schema]) =>
      field({ name, schema, required: required.includes(name), description: schema.description }),
    ),
  );
}
