// SPDX-License-Identifier: Apache-2.0
import { byId } from "./dom.js";

const FULL = { centre: 127.5, width: 255 };
const LEAST_WIDTH = 8;

/** Shares of the picture's pixels below and above which all is black and white. @type {Record<string, [number, number]>} */
const PRESETS = { contrast: [0.01, 0.99], dark: [0.02, 0.6], bright: [0.4, 0.99] };

/** Window centre and width of the picture's 8-bit grey levels: only how it is shown, never what the model sees. */
export class Window {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.centreInput = byId("window-centre", HTMLInputElement);
    this.widthInput = byId("window-width", HTMLInputElement);
    this.preset = byId("preset", HTMLSelectElement);
    this.invert = byId("invert", HTMLButtonElement);
    /** @type {ImageData | null} */ this.original = null;
    this.centre = FULL.centre;
    this.width = FULL.width;
    for (const input of [this.centreInput, this.widthInput]) {
      input.addEventListener("input", () => this.set(this.centreInput.valueAsNumber, this.widthInput.valueAsNumber));
    }
    this.preset.addEventListener("change", () => this.#choose(this.preset.value));
    this.invert.addEventListener("click", () => {
      this.#setInverted(!this.isInverted);
      this.#draw();
    });
  }

  get isInverted() {
    return this.invert.getAttribute("aria-pressed") === "true";
  }

  /** @param {boolean} isInverted */
  #setInverted(isInverted) {
    this.invert.setAttribute("aria-pressed", String(isInverted));
  }

  /** @param {string} preset */
  #choose(preset) {
    if (!(preset in PRESETS)) {
      this.set(FULL.centre, FULL.width, "full");
      return;
    }
    const [low, high] = PRESETS[preset].map((share) => this.#percentile(share));
    const width = Math.max(LEAST_WIDTH, high - low);
    this.set((low + high) / 2, width, preset);
  }

  /** The grey level below which a share of the pixels lies; black ones, as of collimators, do not count. @param {number} share */
  #percentile(share) {
    const counts = new Uint32Array(256);
    for (const pixel of new Uint32Array(this.original?.data.buffer ?? new ArrayBuffer(0))) counts[pixel & 0xff]++;
    counts[0] = 0;
    const total = counts.reduce((sum, count) => sum + count, 0);
    let below = 0;
    return Math.max(0, counts.findIndex((count) => (below += count) > share * total));
  }

  /** Shows a picture in the window as it is. @param {ImageBitmap} picture */
  take(picture) {
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return;
    this.canvas.width = picture.width;
    this.canvas.height = picture.height;
    context.drawImage(picture, 0, 0);
    this.original = context.getImageData(0, 0, picture.width, picture.height);
    this.set(this.centre, this.width, this.preset.value);
  }

  /** All grey levels, not inverted. */
  reset() {
    this.#setInverted(false);
    this.#choose("full");
  }

  /** @param {number} centre @param {number} width @param {string} [preset] that it is of */
  set(centre, width, preset = "own") {
    this.preset.value = preset;
    this.centre = Math.min(Math.max(centre, 0), 255);
    this.width = Math.min(Math.max(width, 1), 512);
    this.centreInput.value = String(this.centre);
    this.widthInput.value = String(this.width);
    this.#draw();
  }

  #draw() {
    const context = this.canvas.getContext("2d");
    if (!this.original || !context) return;
    const levels = Uint8ClampedArray.from({ length: 256 }, (_, grey) => {
      const level = 255 * ((grey - this.centre) / this.width + 0.5);
      return this.isInverted ? 255 - level : level;
    });
    const shown = new ImageData(this.original.width, this.original.height);
    const [from, to] = [new Uint32Array(this.original.data.buffer), new Uint32Array(shown.data.buffer)];
    for (let i = 0; i < from.length; i++) {
      const grey = levels[from[i] & 0xff];
      to[i] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
    }
    context.putImageData(shown, 0, 0);
  }
}
