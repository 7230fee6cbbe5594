// SPDX-License-Identifier: Apache-2.0
import { byId } from "./dom.js";

/**
 * @import { Size } from "./types.js"
 * @import { Window } from "./window.js"
 */

const MOST_ZOOM = 16;
const STEP = 1.25;
const PAN = 40;

/** Where the picture's plane lies on the stage: zoom and pan by mouse, touch pad and keys; the mouse also sets the window. */
export class View {
  /**
   * @param {HTMLElement} stage @param {HTMLElement} plane @param {Window} window @param {() => void} moved
   */
  constructor(stage, plane, window, moved) {
    this.stage = stage;
    this.plane = plane;
    this.window = window;
    this.moved = moved;
    /** @type {Size} */ this.image = { width: 1, height: 1 };
    this.zoom = 1;
    this.x = 0;
    this.y = 0;
    this.#listen();
  }

  /** @param {Size} image */
  show(image) {
    this.image = { width: image.width, height: image.height };
    this.plane.style.width = `${image.width}px`;
    this.plane.style.height = `${image.height}px`;
    this.fit();
  }

  fit() {
    [this.zoom, this.x, this.y] = [1, 0, 0];
    this.#place();
  }

  /** CSS pixels of a pixel of the image, where it just fits the stage. */
  get #fitted() {
    const { width, height } = this.image;
    return Math.min(this.stage.clientWidth / width, this.stage.clientHeight / height);
  }

  /** CSS pixels of a pixel of the image. */
  get scale() {
    return this.zoom * this.#fitted;
  }

  /** The zoom at which a pixel of the image is one of the screen. */
  get #actual() {
    return 1 / (globalThis.devicePixelRatio * this.#fitted);
  }

  /** Zooms about a point of the stage. @param {number} factor @param {number} [x] @param {number} [y] */
  zoomBy(factor, x = this.stage.clientWidth / 2, y = this.stage.clientHeight / 2) {
    const actual = this.#actual;
    const zoom = Math.min(Math.max(this.zoom * factor, Math.min(1, actual)), Math.max(MOST_ZOOM, actual));
    const part = zoom / this.zoom;
    const [fromX, fromY] = [x - this.stage.clientWidth / 2, y - this.stage.clientHeight / 2];
    this.x = fromX - (fromX - this.x) * part;
    this.y = fromY - (fromY - this.y) * part;
    this.zoom = zoom;
    this.#place();
  }

  /** @param {number} x @param {number} y CSS pixels */
  panBy(x, y) {
    this.x += x;
    this.y += y;
    this.#place();
  }

  /** Some of the picture always stays in sight. */
  #place() {
    const { clientWidth, clientHeight } = this.stage;
    const width = this.image.width * this.scale;
    const height = this.image.height * this.scale;
    const [mostX, mostY] = [Math.max(0, width - clientWidth) / 2, Math.max(0, height - clientHeight) / 2];
    this.x = Math.min(Math.max(this.x, -mostX), mostX);
    this.y = Math.min(Math.max(this.y, -mostY), mostY);
    const left = (clientWidth - width) / 2 + this.x;
    const top = (clientHeight - height) / 2 + this.y;
    this.plane.style.transform = `translate(${left}px, ${top}px) scale(${this.scale})`;
    this.plane.style.setProperty("--scale", String(this.scale)); // lines are as wide at any size
    this.moved();
  }

  #listen() {
    const { stage } = this;
    new ResizeObserver(() => this.#place()).observe(stage);
    stage.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const at = stage.getBoundingClientRect();
        this.zoomBy(event.deltaY < 0 ? STEP : 1 / STEP, event.clientX - at.left, event.clientY - at.top);
      },
      { passive: false },
    );
    stage.addEventListener("pointerdown", (event) => {
      // A captured pointer would click the stage, and no button on it.
      if (/** @type {Element} */ (event.target).closest("button")) return;
      stage.setPointerCapture(event.pointerId);
      stage.classList.add("dragging");
    });
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      stage.addEventListener(end, () => stage.classList.remove("dragging"));
    }
    stage.addEventListener("pointermove", (event) => {
      if (!stage.classList.contains("dragging")) return;
      const pans = byId("tool-pan", HTMLInputElement).checked !== event.shiftKey;
      if (pans) this.panBy(event.movementX, event.movementY);
      else this.window.set(this.window.centre + event.movementY / 2, this.window.width + event.movementX);
    });
    stage.addEventListener("keydown", (event) => this.#press(event));
    byId("zoom-in", HTMLElement).addEventListener("click", () => this.zoomBy(STEP));
    byId("zoom-out", HTMLElement).addEventListener("click", () => this.zoomBy(1 / STEP));
    byId("fit", HTMLElement).addEventListener("click", () => this.fit());
    byId("actual", HTMLElement).addEventListener("click", () => this.zoomBy(this.#actual / this.zoom));
    byId("reset", HTMLElement).addEventListener("click", () => {
      this.fit();
      this.window.reset();
    });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    /** @type {Record<string, () => void>} */
    const actions = {
      ArrowLeft: () => this.panBy(PAN, 0),
      ArrowRight: () => this.panBy(-PAN, 0),
      ArrowUp: () => this.panBy(0, PAN),
      ArrowDown: () => this.panBy(0, -PAN),
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  }
}
