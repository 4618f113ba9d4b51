// Whose data these are and of which day.

import type { AccessAnswer } from "../api.ts";
import { day, word, wordOfCode } from "../words.ts";

const MOST_SOURCES = 4;

export function DataLine({ answer }: { answer: AccessAnswer }) {
  const sources = [...new Set(answer.inputs.flatMap((input) => input.sources))];
  const newest = answer.inputs.map((input) => input.made_at).sort().at(-1) ?? null;
  const named = sources.slice(0, MOST_SOURCES).map((source) => wordOfCode("source", source));
  return (
    <p class="data-line">
      {sources.length > 0 && `${word("data.sources", { sources: named.join(", ") })} · `}
      {newest && word("data.of", { day: day(newest) })}
    </p>
  );
}
