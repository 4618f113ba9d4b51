// A class's colour with its letter, or a state's hatch with its sign: colour is never alone.

import type { AccessAnswer, State } from "../api.ts";

interface Look {
  fill: string;
  ink: string;
  letter: string;
}

const INK = "#1f1c18";

// How a letter of `answer` looks on map, legend, table and card.
export function lookOf(letter: string, answer: Pick<AccessAnswer, "classes" | "states">): Look {
  const ofClass = answer.classes.find((each) => each.letter === letter);
  if (ofClass) return { fill: ofClass.colour, ink: ofClass.ink, letter };
  const state = answer.states.find((each) => each.letter === letter)?.state ?? "no_input";
  return { fill: `url(#swatch-${state})`, ink: INK, letter };
}

export function Swatch({ fill, ink, letter }: Look) {
  const isHatched = fill.startsWith("url(");
  return (
    <svg class="swatch" viewBox="0 0 28 20" aria-hidden="true">
      <rect x="0.5" y="0.5" width="27" height="19" rx="2.5" fill={fill} />
      {isHatched && <rect class="swatch-plate" x="8" y="3" width="12" height="14" rx="2" />}
      <text x="14" y="14.6" text-anchor="middle" fill={ink}>
        {letter}
      </text>
    </svg>
  );
}

// The lines of each state's hatch on a tile of 8 by 8, as maps and pictures draw them.
const LINES: Record<Exclude<State, "within">, string> = {
  beyond_cutoff: "M-1 1l2 -2M-1 9L9 -1M7 9l2 -2",
  no_path: "M-1 -1l10 10M-1 9L9 -1",
  unsnapped: "M0 2h8M0 6h8",
  no_input: "M-1 7l2 2M-1 -1l10 10M7 -1l2 2",
};

// The patterns that swatches name; once a page.
export function HatchPatterns() {
  return (
    <svg class="hidden" width="0" height="0" aria-hidden="true">
      <defs>
        {Object.entries(LINES).map(([state, lines]) => (
          <pattern key={state} id={`swatch-${state}`} width="8" height="8" patternUnits="userSpaceOnUse">
            <path fill="#ececec" d="M0 0h8v8H0z" />
            <path fill="none" stroke="#5f5f5f" d={lines} />
          </pattern>
        ))}
      </defs>
    </svg>
  );
}
