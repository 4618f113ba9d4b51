// What a picture shows, as numbers: PNG as browsers write it (8 bits, RGB or RGBA, not interlaced).

import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";

const SIGNATURE_BYTES = 8;

// Width, height and RGB(A) bytes of a PNG.
export function decode(png) {
  const header = png.subarray(SIGNATURE_BYTES + 8);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, kind, , , interlace] = header.subarray(8, 13);
  assert.ok(depth === 8 && (kind === 2 || kind === 6) && interlace === 0, "a PNG as browsers write it");
  const channels = kind === 2 ? 3 : 4;
  const parts = [];
  for (let at = SIGNATURE_BYTES; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return { width, height, channels, bytes: unfilter(inflateSync(Buffer.concat(parts)), width * channels, channels) };
}

// Undoes the filter of each row (PNG, third edition, clause 9).
function unfilter(raw, rowBytes, step) {
  const rows = raw.length / (rowBytes + 1);
  const out = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row += 1) {
    const filter = raw[row * (rowBytes + 1)];
    const [from, to] = [row * (rowBytes + 1) + 1, row * rowBytes];
    for (let i = 0; i < rowBytes; i += 1) {
      const left = i < step ? 0 : out[to + i - step];
      const up = row === 0 ? 0 : out[to + i - rowBytes];
      const corner = row === 0 || i < step ? 0 : out[to + i - rowBytes - step];
      const guess = [0, left, up, (left + up) >> 1, filter === 4 ? paeth(left, up, corner) : 0][filter];
      out[to + i] = raw[from + i] + guess;
    }
  }
  return out;
}

function paeth(left, up, corner) {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

// Every colour (`#rrggbb`) and the share of the picture that it covers.
export function colours(png) {
  const { width, height, channels, bytes } = decode(png);
  const counts = new Map();
  for (let at = 0; at < bytes.length; at += channels) {
    const colour = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const shares = new Map();
  for (const [colour, n] of counts) shares.set(`#${colour.toString(16).padStart(6, "0")}`, n / (width * height));
  return shares;
}

// Asserts that a picture is drawn on: many colours, none of which is nearly all of it.
export function assertNotBlank(png) {
  const shares = [...colours(png).values()];
  assert.ok(20 < shares.length, `only ${shares.length} colours`);
  assert.ok(Math.max(...shares) < 0.95, `one colour covers ${Math.max(...shares)}`);
}
