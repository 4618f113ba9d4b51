// Class ranges and states with their counts, and how the classes are made.

import type { AccessAnswer, ClassMethod } from "../api.ts";
import { CLASS_METHODS, DEFAULT_N_CLASSES, MAX_N_CLASSES, type Weight } from "../ask.ts";
import { indicator } from "../spoken.ts";
import { arrange, classify, usePlanner } from "../store.ts";
import { number, people, percent, word, wordOfCode } from "../words.ts";
import { Choice, Segments } from "./Choice.tsx";
import { MapKey } from "./MapKey.tsx";
import { Swatch, lookOf } from "./Swatch.tsx";

const COUNTS = Array.from({ length: MAX_N_CLASSES - 1 }, (_, index) => index + 2);

export function Legend() {
  const { answer, ask } = usePlanner();
  if (!answer) return null;
  return (
    <section class="legend" aria-labelledby="legend-title">
      <h2 id="legend-title">{indicator(answer.rule)}</h2>
      <LegendTable answer={answer} weight={ask.weight} />
      <MapKey />
      <p class="note">{word("legend.note")}</p>
      <div class="legend-settings">
        <Choice
          id="classes"
          label={word("pick.classes")}
          value={ask.method}
          options={CLASS_METHODS.map((method) => ({ value: method, label: wordOfCode("classes", method) }))}
          onPick={(method) => void classify({ method: method as ClassMethod })}
        />
        {ask.method !== "policy" && (
          <Choice
            id="n-classes"
            label={word("pick.n")}
            value={String(ask.n ?? DEFAULT_N_CLASSES)}
            options={COUNTS.map((n) => ({ value: String(n), label: String(n) }))}
            onPick={(n) => void classify({ n: Number(n) })}
          />
        )}
        <Segments
          name="weight"
          label={word("pick.weight")}
          value={ask.weight}
          options={[
            { value: "people", label: word("weight.people") },
            { value: "villages", label: word("weight.villages") },
          ]}
          onPick={(weight) => arrange(weighted(weight as Weight))}
        />
      </div>
    </section>
  );
}

// By people, the ranking asks where most of them are beyond; by villages, which is worst.
function weighted(weight: Weight) {
  return weight === "people" ? { weight, sort: "people_beyond" as const, order: "desc" as const } : { weight, sort: "value" as const, order: "worst" as const };
}

interface Line {
  letter: string;
  label: string;
  villages: number;
  people: number | null;
  marks: Record<string, string | number | null>;
}

export function LegendTable({ answer, weight }: { answer: AccessAnswer; weight: Weight }) {
  const lines: Line[] = [
    ...answer.classes.map((each) => ({ ...each, marks: { "data-class": each.letter, "data-people": each.people } })),
    ...answer.states.map((each) => ({ ...each, marks: { "data-state": each.state, "data-people": each.people } })),
  ];
  const n_villages = lines.reduce((sum, line) => sum + line.villages, 0);
  const total = weight === "people" ? answer.people.total : n_villages;
  const share = (line: Line) => (total ? (line[weight] ?? 0) / total : 0);
  return (
    <table id="legend">
      <thead>
        <tr>
          <th scope="col">{word("legend.range")}</th>
          <td class="bar-cell" />
          <th scope="col">{word("villages")}</th>
          <th scope="col">{word("people")}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.letter} {...line.marks} class={line.villages === 0 && !line.people ? "empty" : ""}>
            <th scope="row">
              <Swatch {...lookOf(line.letter, answer)} />
              <span>{line.label}</span>
            </th>
            <td class="bar-cell" aria-hidden="true">
              <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none">
                <title>{percent(share(line))}</title>
                <rect width={100 * share(line)} height="10" />
              </svg>
            </td>
            <td class={weight === "villages" ? "strong" : ""}>{number(line.villages)}</td>
            <td class={weight === "people" ? "strong" : ""}>{people(line.people)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr data-people-total={answer.people.total}>
          <th scope="row">{word("total")}</th>
          <td class="bar-cell" />
          <td>{number(n_villages)}</td>
          <td>{people(answer.people.total)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
