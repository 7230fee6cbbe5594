// SPDX-License-Identifier: Apache-2.0
/** The rectangles of whole grid cells with the greatest expected IoU: the service's search, sum by sum. */

/** @typedef {{left: number, top: number, right: number, bottom: number, expectedIou: number}} CellRectangle */

/** Of sums of all values, far above their rounding. */
const TOLERANCE = 1e-9;

/** Of each cell, row by row, its probability to lie in the label's box. */
class CellProbabilities {
  /** @param {number} columns @param {number} rows @param {Float64Array} values */
  constructor(columns, rows, values) {
    this.columns = columns;
    this.rows = rows;
    this.values = values;
    this.stride = columns + 1;
    /** At row r and column c, the sum of all values above r and left of c. */
    this.sums = new Float64Array(this.stride * (rows + 1));
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let column = 0; column < columns; column++) {
        sum += values[row * columns + column];
        this.sums[(row + 1) * this.stride + column + 1] = this.sums[row * this.stride + column + 1] + sum;
      }
    }
  }

  /** @param {number} left @param {number} top @param {number} right @param {number} bottom */
  expectedIou(left, top, right, bottom) {
    const { sums, stride } = this;
    const inside =
      sums[bottom * stride + right] -
      sums[top * stride + right] -
      (sums[bottom * stride + left] - sums[top * stride + left]);
    const outside = sums[sums.length - 1] - inside;
    return Math.min(1, inside / ((right - left) * (bottom - top) + outside));
  }

  /**
   * The first, from the top left, of the greatest expected IoU.
   *
   * @param {number} bound what it must be above; the answer has this where there is none
   * @returns {CellRectangle}
   */
  best(bound) {
    let best = { left: 0, top: 0, right: this.columns, bottom: this.rows, expectedIou: bound };
    for (let top = 0; top < this.rows; top++) {
      for (let bottom = top + 1; bottom <= this.rows; bottom++) {
        if (!this.mayHoldBetter(top, bottom, best.expectedIou)) continue;
        for (let left = 0; left < this.columns; left++) {
          for (let right = left + 1; right <= this.columns; right++) {
            const expectedIou = this.expectedIou(left, top, right, bottom);
            if (expectedIou > best.expectedIou) best = { left, top, right, bottom, expectedIou };
          }
        }
      }
    }
    return best;
  }

  /**
   * Whether a rectangle between two rows may be above a bound, as the service has it.
   *
   * @param {number} top @param {number} bottom @param {number} bound
   */
  mayHoldBetter(top, bottom, bound) {
    const { sums, stride } = this;
    let greatest = -Infinity;
    let ending = 0;
    let left = 0;
    for (let column = 1; column <= this.columns; column++) {
      const right = sums[bottom * stride + column] - sums[top * stride + column];
      ending = Math.max(ending, 0) + (1 + bound) * (right - left) - bound * (bottom - top);
      greatest = Math.max(greatest, ending);
      left = right;
    }
    return greatest > bound * sums[sums.length - 1] - TOLERANCE;
  }

  /** The same with 0 inside a rectangle. @param {CellRectangle} rectangle */
  without({ left, top, right, bottom }) {
    const rest = this.values.slice();
    for (let row = top; row < bottom; row++) {
      rest.fill(0, row * this.columns + left, row * this.columns + right);
    }
    return new CellProbabilities(this.columns, this.rows, rest);
  }
}

/**
 * The best rectangle, and further ones that are worth as much in what remains as the first is in the whole.
 *
 * @param {Float32Array} values in [0, 1] @param {number} columns @param {number} rows @param {number} most
 * @returns {CellRectangle[]}
 */
export function rectangles(values, columns, rows, most) {
  const all = new CellProbabilities(columns, rows, Float64Array.from(values));
  const first = all.best(-1);
  const found = [first];
  let remaining = all.without(first);
  while (found.length < most) {
    const next = remaining.best(first.expectedIou - TOLERANCE);
    if (next.expectedIou < first.expectedIou) break;
    found.push({ ...next, expectedIou: all.expectedIou(next.left, next.top, next.right, next.bottom) });
    remaining = remaining.without(next);
  }
  return found;
}
