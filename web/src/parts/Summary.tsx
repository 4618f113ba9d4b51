// The headline with its rule, and what else can be said in a sentence.

import { rule } from "../spoken.ts";
import { openDialog, retry, usePlanner } from "../store.ts";
import { language, number, people, word } from "../words.ts";

export function Summary() {
  const { answer, problem } = usePlanner();
  if (!answer) return null;
  const [headline, ...others] = answer.sentences[language];
  const { settlements, people: unassigned } = answer.unassigned;
  const sentences = [...others];
  if (settlements > 0) sentences.push(word("doubt.unassigned", { n: number(settlements), people: people(unassigned) }));
  if (answer.rule.stale) sentences.push(word("doubt.stale"));
  return (
    <section class="summary" aria-labelledby="headline">
      <h1 id="headline">{headline}</h1>
      {problem && (
        <p class="problem" role="alert">
          {problem}{" "}
          <button type="button" class="link" onClick={() => void retry()}>
            {word("map.retry")}
          </button>
        </p>
      )}
      <ul class="sentences">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p class="rule">
        <strong>{word("rule.title")}:</strong> {rule(answer.rule)}.
      </p>
      <p class="questions">
        <button type="button" class="link" onClick={() => openDialog("how")}>
          {word("card.how")}
        </button>
        <button type="button" class="link" onClick={() => openDialog("doubts")}>
          {word("card.doubts")}
        </button>
      </p>
    </section>
  );
}
