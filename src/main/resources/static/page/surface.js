// SPDX-License-Identifier: Apache-2.0
/**
 * The bilinear surface of a class activation map: half-pixel centres, edges held constant. The regions are those that the
 * service finds (its class Surface has the reason why this is exact), so that the page can move boxes without a request.
 */

/**
 * A region's extent in units of grid cells, and the highest value in it.
 *
 * @typedef {{left: number, top: number, right: number, bottom: number, peak: number}} Region
 */

/** @param {number} cells @returns {number[]} where the nodes lie: the cells' centres, and the two edges */
function coordinates(cells) {
  return [0, ...Array.from({ length: cells }, (_, i) => i + 0.5), cells];
}

export class Surface {
  /** @param {Float32Array} values row by row @param {number} width of the grid @param {number} height of the grid */
  constructor(values, width, height) {
    this.values = values;
    this.width = width;
    this.height = height;
    this.columns = width + 2;
    this.rows = height + 2;
    this.xs = coordinates(width);
    this.ys = coordinates(height);
    this.nodes = new Float32Array(this.columns * this.rows);
    for (let row = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++) {
        const x = Math.min(Math.max(column - 1, 0), width - 1);
        const y = Math.min(Math.max(row - 1, 0), height - 1);
        this.nodes[row * this.columns + column] = values[y * width + x];
      }
    }
  }

  /**
   * The surface's values along one line of a picture.
   *
   * @param {number} v height of the line in the map, 0 … 1
   * @param {Float64Array} us where the line's pixels lie in the map, 0 … 1
   * @param {Float64Array} result takes the values
   */
  readRow(v, us, result) {
    const { values, width, height } = this;
    const y = Math.min(Math.max(v * height - 0.5, 0), height - 1);
    const upper = Math.floor(y) * width;
    const lower = Math.min(Math.floor(y) + 1, height - 1) * width;
    const down = y - Math.floor(y);
    for (let i = 0; i < us.length; i++) {
      const x = Math.min(Math.max(us[i] * width - 0.5, 0), width - 1);
      const left = Math.floor(x);
      const right = Math.min(left + 1, width - 1);
      const part = x - left;
      const above = values[upper + left] * (1 - part) + values[upper + right] * part;
      const below = values[lower + left] * (1 - part) + values[lower + right] * part;
      result[i] = above * (1 - down) + below * down;
    }
  }

  /** The regions where the surface is at least the level, highest peak first. @param {number} level @returns {Region[]} */
  regions(level) {
    const { nodes, columns, rows } = this;
    const sets = new DisjointSets(nodes.length);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const node = row * columns + column;
        if (nodes[node] >= level) {
          if (column + 1 < columns && nodes[node + 1] >= level) sets.join(node, node + 1);
          if (row + 1 < rows && nodes[node + columns] >= level) sets.join(node, node + columns);
        }
        if (row + 1 < rows && column + 1 < columns) this.#joinOverSaddle(node, level, sets);
      }
    }
    return this.#extents(sets, level);
  }

  /** @param {number} node top left of a patch @param {number} level @param {DisjointSets} sets */
  #joinOverSaddle(node, level, sets) {
    const { nodes, columns } = this;
    const corners = [node, node + 1, node + columns + 1, node + columns];
    const isIn = corners.map((corner) => nodes[corner] >= level);
    if (isIn[0] === isIn[1] || isIn[0] !== isIn[2] || isIn[1] !== isIn[3]) return;
    const [high, low, opposite, otherLow] = isIn[0] ? corners : [corners[1], corners[0], corners[3], corners[2]];
    const [a, b, c, d] = [nodes[high], nodes[low], nodes[otherLow], nodes[opposite]];
    if (Math.min(Math.min(a, d), (a * d - b * c) / (a + d - b - c)) >= level) sets.join(high, opposite);
  }

  /** @param {DisjointSets} sets @param {number} level @returns {Region[]} */
  #extents(sets, level) {
    const { nodes, columns, rows, xs, ys } = this;
    /** @type {Map<number, Region>} */
    const found = new Map();
    /** @type {(node: number, neighbour: number, from: number, to: number) => number} */
    const reach = (node, neighbour, from, to) =>
      nodes[neighbour] >= level
        ? to
        : from + (to - from) * ((nodes[node] - level) / (nodes[node] - nodes[neighbour]));
    for (let node = 0; node < nodes.length; node++) {
      if (!(nodes[node] >= level)) continue;
      const root = sets.find(node);
      let region = found.get(root);
      if (!region) {
        region = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity, peak: -Infinity };
        found.set(root, region);
      }
      const column = node % columns;
      const row = Math.floor(node / columns);
      const [x, y] = [xs[column], ys[row]];
      region.peak = Math.max(region.peak, nodes[node]);
      region.left = Math.min(region.left, column === 0 ? x : reach(node, node - 1, x, xs[column - 1]));
      region.right = Math.max(region.right, column === columns - 1 ? x : reach(node, node + 1, x, xs[column + 1]));
      region.top = Math.min(region.top, row === 0 ? y : reach(node, node - columns, y, ys[row - 1]));
      region.bottom = Math.max(region.bottom, row === rows - 1 ? y : reach(node, node + columns, y, ys[row + 1]));
    }
    return [...found.values()].sort(
      (a, b) =>
        b.peak - a.peak || a.top - b.top || a.left - b.left || a.bottom - b.bottom || a.right - b.right,
    );
  }
}

class DisjointSets {
  /** @param {number} size */
  constructor(size) {
    this.parents = Int32Array.from({ length: size }, (_, i) => i);
  }

  /** @param {number} element */
  find(element) {
    while (this.parents[element] !== element) {
      this.parents[element] = this.parents[this.parents[element]];
      element = this.parents[element];
    }
    return element;
  }

  /** @param {number} a @param {number} b */
  join(a, b) {
    this.parents[this.find(a)] = this.find(b);
  }
}
