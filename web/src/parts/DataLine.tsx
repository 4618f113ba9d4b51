// Whose data these are and of which day.

import type { AccessAnswer } from "../api.ts";
import { day, word } from "../words.ts";

export function DataLine({ answer }: { answer: AccessAnswer }) {
  const sources = [...new Set(answer.inputs.flatMap((input) => input.sources))];
  const newest = answer.inputs.map((input) => input.made_at).sort().at(-1) ?? null;
  return (
    <p class="data-line">
      {sources.length > 0 && `${word("data.sources", { sources: sources.slice(0, 4).join(", ") })} · `}
      {newest && word("data.of", { day: day(newest) })}
    </p>
  );
}
