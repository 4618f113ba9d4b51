// The headline: who is out of reach of what, by which rule.

import { apart } from "../spoken.ts";
import { retry, usePlanner } from "../store.ts";
import { language, word } from "../words.ts";

export function Summary() {
  const { answer, problem } = usePlanner();
  if (!answer) return null;
  const [headline, aside] = apart(answer.sentences[language][0] ?? "");
  return (
    <section class="summary" aria-labelledby="headline">
      <h1 id="headline">
        {headline} {aside && <small>{aside}</small>}
      </h1>
      {problem && (
        <p class="problem" role="alert">
          {problem}{" "}
          <button type="button" class="link" onClick={() => void retry()}>
            {word("map.retry")}
          </button>
        </p>
      )}
    </section>
  );
}
