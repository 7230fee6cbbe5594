import { byId } from "./dom.js";

const FULL = { centre: 127.5, width: 255 };

/** Window centre and width of the picture's 8-bit grey levels: only how it is shown, never what the model sees. */
export class Window {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.centreInput = byId("window-centre", HTMLInputElement);
    this.widthInput = byId("window-width", HTMLInputElement);
    /** @type {ImageData | null} */ this.original = null;
    this.centre = FULL.centre;
    this.width = FULL.width;
    for (const input of [this.centreInput, this.widthInput]) {
      input.addEventListener("input", () => this.set(this.centreInput.valueAsNumber, this.widthInput.valueAsNumber));
    }
  }

  /** Shows a picture in the window as it is. @param {ImageBitmap} picture */
  take(picture) {
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return;
    this.canvas.width = picture.width;
    this.canvas.height = picture.height;
    context.drawImage(picture, 0, 0);
    this.original = context.getImageData(0, 0, picture.width, picture.height);
    this.set(this.centre, this.width);
  }

  /** All grey levels. */
  reset() {
    this.set(FULL.centre, FULL.width);
  }

  /** @param {number} centre @param {number} width */
  set(centre, width) {
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
      return 255 * ((grey - this.centre) / this.width + 0.5);
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
