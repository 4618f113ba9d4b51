// A village's people by state, as a bar and in numbers, with their source.

import type { AccessAnswer, State, VillageAccess, VillageAnswer } from "../api.ts";
import { people, word, wordOfCode } from "../words.ts";

const STATES: State[] = ["within", "beyond_cutoff", "no_path", "unsnapped", "no_input"];

export function PeopleBar({ answer, access, village }: { answer: AccessAnswer; access: VillageAccess; village: VillageAnswer | null }) {
  const counts = access.people;
  const total = counts.total ?? 0;
  const shown = STATES.filter((state) => (counts[state] ?? 0) > 0);
  let start = 0;
  const parts = shown.map((state) => {
    const width = total ? (100 * (counts[state] ?? 0)) / total : 0;
    start += width;
    return { state, width, from: start - width };
  });
  return (
    <section>
      <h3>{word("card.people")}</h3>
      <p>
        {word("card.people_of", {
          people: people(village?.population ?? counts.total),
          source: wordOfCode("population", village?.population_source ?? answer.rule.population_source),
        })}
      </p>
      {total > 0 && (
        <svg class="people-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
          {parts.map(({ state, width, from }) => (
            <rect key={state} x={from} width={width} height="8" class={state} fill={state === "within" ? undefined : `url(#swatch-${state})`} />
          ))}
        </svg>
      )}
      <table class="states">
        <caption class="hidden">{word("card.people")}</caption>
        <tbody>
          {STATES.filter((state) => state === "within" || (counts[state] ?? 0) > 0).map((state) => (
            <tr key={state} data-state={state} data-people={counts[state]}>
              <th scope="row">{wordOfCode("state", state)}</th>
              <td>{people(counts[state])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
