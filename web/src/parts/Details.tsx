// Below the legend: further sentences, the rule in full, questions and what can be handed on.

import { apart, rule } from "../spoken.ts";
import { openDialog, usePlanner } from "../store.ts";
import { language, number, people, word } from "../words.ts";
import { Actions } from "./Actions.tsx";

export function Details() {
  const { answer } = usePlanner();
  if (!answer) return null;
  const { settlements, people: unassigned } = answer.unassigned;
  // Their source stands behind the headline.
  const sentences = answer.sentences[language].slice(1).map((sentence) => apart(sentence)[0]);
  if (settlements > 0) sentences.push(word("doubt.unassigned", { n: number(settlements), people: people(unassigned) }));
  if (answer.rule.stale) sentences.push(word("doubt.stale"));
  return (
    <section class="details" aria-labelledby="details-title">
      <h2 id="details-title" class="hidden">
        {word("rule.title")}
      </h2>
      {sentences.length > 0 && (
        <details class="findings">
          <summary>{word("details.more")}</summary>
          <ul class="sentences">
            {sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
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
      <Actions />
    </section>
  );
}
