// SPDX-License-Identifier: Apache-2.0
/** "viridis" of matplotlib (van der Walt and Smith, public domain) at nine anchors, as the service's overlays have it. */
const ANCHORS = [0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725];

/** 256 colours: three bytes each, from the lowest value to the highest. */
export const COLOURS = new Uint8Array(
  Array.from({ length: 256 }, (_, i) => {
    const position = (i / 255) * (ANCHORS.length - 1);
    const index = Math.min(Math.floor(position), ANCHORS.length - 2);
    const part = position - index;
    return [16, 8, 0].map((shift) => {
      const from = (ANCHORS[index] >> shift) & 0xff;
      const to = (ANCHORS[index + 1] >> shift) & 0xff;
      return Math.floor(from + part * (to - from) + 0.5);
    });
  }).flat(),
);
