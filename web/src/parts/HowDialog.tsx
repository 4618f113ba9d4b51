// "How is this computed?": the method, its numbers and the data it has seen.

import type { AccessAnswer, Provenance } from "../api.ts";
import { indicator, lowerFirst, service, tiers } from "../spoken.ts";
import { usePlanner } from "../store.ts";
import { cost, day, number, word, wordOfCode } from "../words.ts";
import { Dialog } from "./Dialog.tsx";

export function HowDialog() {
  const { answer, ask } = usePlanner();
  if (!answer) return null;
  const { rule } = answer;
  const mode = wordOfCode("by_mode", rule.mode);
  const season = wordOfCode("in_season", rule.season);
  const cutoff = cost(rule.cutoff, rule.metric);
  const radius = cost(rule.snap_radius_m, "distance");
  return (
    <Dialog name="how" title={word("how.title")}>
      <p class="lead">{indicator(rule)}.</p>
      <h3>{word("how.steps")}</h3>
      <ol class="steps">
        <li>{word("how.step.snap", { radius, factor: number(rule.off_road_factor) })}</li>
        <li>
          {word("how.step.search", {
            metric: wordOfCode("how.step.metric", rule.metric),
            mode,
            season,
            service: lowerFirst(service(rule)),
          })}
        </li>
        <li>{word(rule.service === "water" ? "how.step.counted_water" : "how.step.counted")}</li>
        <li>{word("how.step.cutoff", { cutoff })}</li>
        <li>{word("how.step.median")}</li>
        <li>{word("how.step.classes", { classes: lowerFirst(wordOfCode("classes", ask.method)) })}</li>
      </ol>
      <dl class="pairs">
        {rule.tier.length > 0 && (
          <div>
            <dt>{word("how.tiers")}</dt>
            <dd>
              {tiers(rule.tier)}
              {rule.tier_unknown > 0 && <small>{word("how.tier_unknown", { n: number(rule.tier_unknown) })}</small>}
            </dd>
          </div>
        )}
        <Pair name={word("how.threshold")} value={`${cost(answer.threshold, rule.metric)} (${word("how.threshold_source")})`} />
        <Pair name={word("how.cutoff")} value={cutoff} />
        <Pair name={word("how.radius")} value={radius} />
        <Pair name={word("how.factor")} value={number(rule.off_road_factor)} />
        <Pair name={word("how.population")} value={populationSource(answer)} />
        <Pair name={word("how.computed")} value={day(answer.computed_at)} />
        <div>
          <dt>{word("how.run")}</dt>
          <dd>
            <code>{rule.run_id}</code>
          </dd>
        </div>
      </dl>
      <Inputs answer={answer} />
    </Dialog>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function populationSource({ rule }: AccessAnswer): string {
  const source = wordOfCode("population", rule.population_source);
  return rule.population_date ? `${source}, ${day(rule.population_date)}` : source;
}

// A source with what is known of where its data come from.
function origin(source: string, known: Provenance = {}): string {
  const access = known.access && word(known.access === "open" ? "how.open" : "how.restricted");
  const facts = [known.producer, known.date, known.basis, known.licence, access, known.contact];
  return [wordOfCode("source", source), ...facts.filter((fact) => fact !== undefined)].join(", ");
}

function Inputs({ answer }: { answer: AccessAnswer }) {
  return (
    <>
      <h3>{word("how.inputs")}</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label={word("how.inputs")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{word("how.layer")}</th>
              <th scope="col" class="people">
                {word("how.version")}
              </th>
              <th scope="col" class="people">
                {word("how.records")}
              </th>
              <th scope="col">{word("how.made")}</th>
              <th scope="col">{word("how.sources")}</th>
            </tr>
          </thead>
          <tbody>
            {answer.inputs.map((input) => (
              <tr key={input.layer}>
                <th scope="row">{wordOfCode("layer", input.layer)}</th>
                <td class="people">{input.version}</td>
                <td class="people">{number(input.records)}</td>
                <td>{day(input.made_at)}</td>
                <td>{input.sources.map((source, place) => origin(source, input.provenances?.[place])).join("; ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
