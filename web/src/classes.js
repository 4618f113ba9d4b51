// Colours, letters and hatches of classes and states: the same in map, legend, table and card.

import { svg } from "./dom.js";

const PALETTE = ["#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"];

// States without a class, from bad to unknown; colour is never alone: each has its own hatch and sign.
export const STATES = ["beyond_cutoff", "no_path", "unsnapped", "no_input"];
const SIGNS = { beyond_cutoff: "»", no_path: "×", unsnapped: "○", no_input: "?" };

export function colour(index, n) {
  const place = n === 1 ? 2 : (index * (PALETTE.length - 1)) / (n - 1);
  const low = Math.min(Math.floor(place), PALETTE.length - 2);
  const part = (hex, at) => parseInt(hex.slice(1 + 2 * at, 3 + 2 * at), 16);
  const mixed = [0, 1, 2].map((at) => {
    const from = part(PALETTE[low], at);
    return Math.round(from + (part(PALETTE[low + 1], at) - from) * (place - low));
  });
  return `rgb(${mixed.join(" ")})`;
}

export function letter(index) {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

// The class of a value: above `from`, up to `to`, that included.
export function classOf(classes, value) {
  return classes.findIndex((each) => each.to === null || value <= each.to);
}

// What stands for a row on the map: a class letter with its colour, or a state's sign with its hatch.
export function look(row, classes) {
  if (row.state !== "within") return { sign: SIGNS[row.state], fill: `url(#hatch-${row.state})`, state: row.state };
  const index = classOf(classes, row.value);
  return { sign: letter(index), fill: colour(index, classes.length), state: "within", index };
}

export function swatch(fill, sign, isDark) {
  return svg(
    "svg",
    { viewBox: "0 0 28 20", class: "swatch", "aria-hidden": "true" },
    svg("rect", { x: 0.5, y: 0.5, width: 27, height: 19, rx: 3, fill, stroke: "#7a6a5c" }),
    svg("text", { x: 14, y: 14.5, "text-anchor": "middle", class: isDark ? "on-dark" : "on-light" }, sign),
  );
}

export function isDark(index, n) {
  return 2 / 3 < index / Math.max(1, n - 1);
}

export function stateSwatch(state) {
  return swatch(`url(#hatch-${state})`, SIGNS[state], false);
}

export function hatches() {
  const lines = {
    beyond_cutoff: { ground: "#e8cdb8", line: "M0 8L8 0", stroke: "#7a2a03" },
    no_path: { ground: "#e4e4e4", line: "M0 8L8 0M0 0L8 8", stroke: "#777" },
    unsnapped: { ground: "#eeeeee", line: "M0 4H8", stroke: "#888" },
    no_input: { ground: "#f7f7f7", line: "M4 0V8", stroke: "#c4c4c4" },
  };
  return Object.entries(lines).map(([state, { ground, line, stroke }]) =>
    svg(
      "pattern",
      { id: `hatch-${state}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
      svg("rect", { width: 8, height: 8, fill: ground }),
      svg("path", { d: line, stroke, "stroke-width": 1.2 }),
    ),
  );
}
