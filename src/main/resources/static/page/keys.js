// SPDX-License-Identifier: Apache-2.0
import { byId, make } from "./dom.js";

/** Each key with the button that it presses. @type {{key: string, button: string, words: string}[]} */
const KEYS = [
  { key: "h", button: "show-heat", words: "Hide or show the heat map" },
  { key: "b", button: "show-boxes", words: "Hide or show the boxes" },
  { key: "i", button: "invert", words: "Invert the grey levels" },
  { key: "+", button: "zoom-in", words: "Zoom in" },
  { key: "-", button: "zoom-out", words: "Zoom out" },
  { key: "0", button: "fit", words: "Fit the picture to its frame" },
  { key: "1", button: "actual", words: "Actual pixels, 1:1" },
  { key: "r", button: "reset", words: "Reset zoom, window and inversion" },
  { key: "n", button: "next", words: "Next image opened" },
  { key: "p", button: "previous", words: "Previous image opened" },
  { key: "?", button: "show-keys", words: "Show this list" },
];
const WINDOW_KEY = "w";

/** Keys of one character are text there. */
const TAKES_TEXT = "input:not([type='checkbox'], [type='radio'], [type='file']), select, textarea, [contenteditable]";

/** Keys for the picture, and the list of them. */
export class Keys {
  constructor() {
    const dialog = byId("keys", HTMLDialogElement);
    const rows = [
      ...KEYS,
      { key: WINDOW_KEY, words: "Next window preset" },
      { key: "← → ↑ ↓", words: "Pan, while the picture has the focus" },
      { key: "Shift and drag", words: "Pan instead of window/level, and the other way round" },
    ];
    byId("key-rows", HTMLElement).replaceChildren(
      ...rows.map(({ key, words }) => make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, key)), make("td", {}, words))),
    );
    byId("show-keys", HTMLElement).addEventListener("click", () => dialog.showModal());
    byId("close-keys", HTMLElement).addEventListener("click", () => dialog.close());
    document.addEventListener("keydown", (event) => this.#press(event, dialog));
  }

  /** @param {KeyboardEvent} event @param {HTMLDialogElement} dialog */
  #press(event, dialog) {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open || target.closest(TAKES_TEXT)) return;
    if (byId("localize", HTMLElement).hidden || document.body.dataset.state !== "opened") return;
    if (!byId("single-keys", HTMLInputElement).checked && target.id !== "stage") return;
    const pressed = KEYS.find(({ key }) => key === event.key);
    if (pressed) {
      event.preventDefault();
      byId(pressed.button, HTMLElement).click();
    } else if (event.key === WINDOW_KEY) {
      event.preventDefault();
      nextPreset();
    }
  }
}

function nextPreset() {
  const preset = byId("preset", HTMLSelectElement);
  const shown = [...preset.options].filter((option) => !option.hidden);
  const index = shown.findIndex((option) => option.selected);
  preset.value = shown[(index + 1) % shown.length].value;
  preset.dispatchEvent(new Event("change"));
}
