// SPDX-License-Identifier: Apache-2.0
import { COLOURS } from "./colours.js";
import { byId, make } from "./dom.js";
import { outlines } from "./outlines.js";
import { Surface } from "./surface.js";
import { View } from "./view.js";
import { Window } from "./window.js";

/** @import { Session } from "./session.js" */

/** Longest side at which the heat map is computed; the browser stretches it to the picture. */
const HEAT_SIDE = 1024;
const SVG = "http://www.w3.org/2000/svg";

/** The picture, the heat map above it, and the boxes above both. */
export class Viewer {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.stage = byId("stage", HTMLElement);
    this.plane = byId("plane", HTMLElement);
    this.image = byId("image", HTMLCanvasElement);
    this.heat = byId("heat", HTMLCanvasElement);
    this.boxes = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.getElementById("boxes")));
    this.captions = byId("captions", HTMLElement);
    this.window = new Window(this.image);
    /** @type {File | null} whose picture the view was fitted to */ this.file = null;
    this.view = new View(this.stage, this.plane, this.window, () => this.#placeCaptions());
    const opacity = byId("opacity", HTMLInputElement);
    opacity.addEventListener("input", () => (this.heat.style.opacity = String(opacity.valueAsNumber / 100)));
    this.heat.style.opacity = String(opacity.valueAsNumber / 100);
    this.#offerToggles();
    session.addEventListener("opened", () => {
      if (!session.picture) return;
      this.window.take(session.picture);
      if (this.file !== session.file) {
        this.window.reset();
        this.view.show(session.picture);
        this.file = session.file;
      }
      this.draw();
    });
    session.addEventListener("changed", () => this.draw());
  }

  #offerToggles() {
    const heat = byId("show-heat", HTMLButtonElement);
    const boxes = byId("show-boxes", HTMLButtonElement);
    for (const button of [heat, boxes]) {
      button.addEventListener("click", () => {
        button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
        this.#hide();
      });
    }
  }

  /** Hides what is switched off, and the heat map where no finding is chosen. */
  #hide() {
    const isOn = (/** @type {string} */ id) => byId(id, HTMLElement).getAttribute("aria-pressed") === "true";
    const hasHeat = isOn("show-heat") && this.session.selected !== null;
    this.heat.hidden = !hasHeat;
    byId("legend", HTMLElement).hidden = !hasHeat;
    this.boxes.toggleAttribute("hidden", !isOn("show-boxes"));
    this.captions.hidden = !isOn("show-boxes");
    this.#placeCaptions();
  }

  draw() {
    this.#hide();
    this.#drawHeat();
    this.#drawBoxes();
  }

  /** The bilinear surface that the boxes are cut from, as opaque as it is high. */
  #drawHeat() {
    const { selected, shown } = this.session;
    if (!selected?.map.values || !shown) return;
    const { image, mapExtent } = shown;
    const shrink = Math.min(1, HEAT_SIDE / Math.max(image.width, image.height));
    const width = (this.heat.width = Math.round(image.width * shrink));
    const height = (this.heat.height = Math.round(image.height * shrink));
    const context = this.heat.getContext("2d");
    const { map } = selected;
    const range = map.maximum - map.minimum;
    if (!context || !(range > 0)) return;
    const surface = new Surface(Float32Array.from(map.values ?? []), map.width, map.height);
    const us = Float64Array.from({ length: width }, (_, x) => {
      return (((x + 0.5) / width) * image.width - mapExtent.x) / mapExtent.width;
    });
    const row = new Float64Array(width);
    const pixels = context.createImageData(width, height);
    for (let y = 0; y < height; y++) {
      const v = (((y + 0.5) / height) * image.height - mapExtent.y) / mapExtent.height;
      if (v < 0 || v > 1) continue; // a centre crop did not see it
      surface.readRow(v, us, row);
      for (let x = 0; x < width; x++) {
        if (us[x] < 0 || us[x] > 1) continue;
        const level = Math.round((255 * (row[x] - map.minimum)) / range);
        const to = 4 * (y * width + x);
        pixels.data.set(COLOURS.subarray(3 * level, 3 * level + 3), to);
        pixels.data[to + 3] = level;
      }
    }
    context.putImageData(pixels, 0, 0);
    byId("legend-low", HTMLElement).textContent = map.minimum.toFixed(2);
    byId("legend-high", HTMLElement).textContent = map.maximum.toFixed(2);
    byId("legend-unit", HTMLElement).textContent = map.unit;
  }

  #drawBoxes() {
    const { shown } = this.session;
    if (!shown) return;
    this.boxes.setAttribute("viewBox", `0 0 ${shown.image.width} ${shown.image.height}`);
    const drawn = outlines(this.session);
    /** @type {(label: string, kind: string) => string} */
    const classes = (label, kind) => (label === this.session.label ? kind : `${kind} aside`);
    this.boxes.replaceChildren(
      ...drawn.map(({ box, kind, label }) => {
        const rectangle = document.createElementNS(SVG, "rect");
        for (const name of /** @type {const} */ (["x", "y", "width", "height"])) {
          rectangle.setAttribute(name, String(box[name]));
        }
        rectangle.setAttribute("class", classes(label, kind));
        rectangle.dataset.label = label;
        return rectangle;
      }),
    );
    this.captions.replaceChildren(
      ...drawn.map(({ caption, kind, label }) => make("span", { class: `caption ${classes(label, kind)}` }, caption)),
    );
    this.#placeCaptions();
  }

  /** Each caption at a corner of its box where it hides no other: above it, below it, inside. */
  #placeCaptions() {
    if (this.captions.hidden) return;
    const origin = this.stage.getBoundingClientRect();
    const rectangles = [...this.boxes.children].map((it) => it.getBoundingClientRect());
    /** @type {{x: number, y: number, width: number, height: number}[]} */
    const taken = [];
    [...this.captions.children].forEach((child, i) => {
      const caption = /** @type {HTMLElement} */ (child);
      const box = rectangles[i];
      const size = { width: caption.offsetWidth, height: caption.offsetHeight };
      const [left, right] = [box.left - origin.left, box.right - origin.left];
      const [top, bottom] = [box.top - origin.top, box.bottom - origin.top];
      const candidates = [
        [left, top - size.height],
        [left, bottom],
        [right - size.width, top - size.height],
        [right - size.width, bottom],
        [left, top],
        [left, bottom - size.height],
        [right - size.width, top],
        [left, (top + bottom) / 2],
      ].map(([x, y]) => ({
        x: Math.min(Math.max(0, x), origin.width - size.width),
        y: Math.min(Math.max(0, y), origin.height - size.height),
        ...size,
      }));
      const place = candidates.find((it) => !taken.some((other) => overlap(it, other))) ?? candidates[0];
      taken.push(place);
      caption.style.transform = `translate(${place.x}px, ${place.y}px)`;
      caption.hidden = right < 0 || bottom < 0 || left > origin.width || top > origin.height;
    });
  }
}

/** @param {DOMRectInit & {x: number}} a @param {DOMRectInit & {x: number}} b */
function overlap({ x = 0, y = 0, width = 0, height = 0 }, b) {
  return x < b.x + (b.width ?? 0) && b.x < x + width && y < (b.y ?? 0) + (b.height ?? 0) && (b.y ?? 0) < y + height;
}
