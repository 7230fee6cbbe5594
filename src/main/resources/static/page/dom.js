// SPDX-License-Identifier: Apache-2.0
/**
 * Makes an element. Text is always text, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties] `class`, `data-…`, `aria-…`, `for` and `role` as attributes; the rest as the
 *   element's properties, `onclick` and its like among them
 * @param {(Node | string | null)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || ["class", "for", "role", "scope", "colspan"].includes(name)) {
      element.setAttribute(name, String(value));
    } else {
      /** @type {Record<string, any>} */ (element)[name] = value;
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * The element of an id, which the page is sure to have.
 *
 * @template {HTMLElement} T
 * @param {string} id @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`no ${type.name} #${id}`);
  return element;
}

/** @param {string} label as the dataset writes it */
export function readable(label) {
  return label.replaceAll("_", " ");
}

/**
 * A method, and whether it learnt from boxes.
 *
 * @param {string} name @param {import("./types.js").Model | null} model
 */
export function methodName(name, model) {
  return model?.supervision[name] === "boxes" ? `${name} (calibrated on boxes)` : name;
}

/** @param {number} probability in [0, 1] */
export function percent(probability) {
  const value = 100 * probability;
  return `${value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)} %`;
}

/** Offers a file for saving. @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
