// What the marks and lines of the map mean.

import type { ComponentChildren } from "preact";

import { type WordKey, word } from "../words.ts";

const KEYS: { label: WordKey; shape: ComponentChildren }[] = [
  { label: "key.counted", shape: <rect class="key-counted" x="5" y="1" width="14" height="14" rx="3" /> },
  { label: "key.not_counted", shape: <circle class="key-not-counted" cx="12" cy="8" r="4" /> },
  {
    label: "key.closed",
    shape: (
      <g class="key-closed">
        <circle cx="12" cy="8" r="6" />
        <path d="M8 12l8-8" />
      </g>
    ),
  },
  {
    label: "key.settlements",
    shape: (
      <g class="key-settlements">
        <circle cx="6" cy="8" r="2.5" />
        <circle cx="16" cy="8" r="5.5" />
      </g>
    ),
  },
  { label: "key.roads", shape: <path class="key-roads" d="M1 8h22" /> },
  { label: "key.rivers", shape: <path class="key-rivers" d="M1 8h22" /> },
  { label: "key.kecamatan", shape: <path class="key-kecamatan" d="M1 8h22" /> },
];

export function MapKey() {
  return (
    <ul class="map-key" aria-label={word("key.title")}>
      {KEYS.map(({ label, shape }) => (
        <li key={label}>
          <svg viewBox="0 0 24 16" width="24" height="16" aria-hidden="true">
            {shape}
          </svg>
          {word(label)}
        </li>
      ))}
    </ul>
  );
}
