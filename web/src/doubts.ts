// Reasons to doubt a number: the server's about the run, and what the answers about a village say themselves.

import type { AccessAnswer, Input, PeopleByState } from "./api.ts";
import type { Card } from "./store.ts";
import { language, number, people, percent, word, wordOfCode } from "./words.ts";

// A layer older than this is said to be old.
const OLD_YEARS = 2;
const YEAR_MS = 365.25 * 24 * 3600 * 1000;
// Less than this of a path is not worth a sentence.
const LEAST_SHARE = 0.01;

const STATES = ["unsnapped", "no_path", "no_input"] as const;

export function districtDoubts(answer: AccessAnswer, now: Date = new Date()): string[] {
  return [...answer.doubts.map((doubt) => doubt.text[language]), ...old(answer.inputs, now), word("doubt.model")];
}

function old(inputs: readonly Input[], now: Date): string[] {
  return inputs.flatMap(({ layer, made_at }) => {
    const years = Math.floor((now.getTime() - new Date(made_at).getTime()) / YEAR_MS);
    return OLD_YEARS <= years ? [word("doubt.old", { layer: wordOfCode("layer", layer), years: number(years) })] : [];
  });
}

export function villageDoubts(card: Card, answer: AccessAnswer): string[] {
  const access = card.village?.access.find((each) => each.rule.run_id === answer.rule.run_id);
  if (!access) return [];
  const doubts = byState(access.people);
  const share = access.known_share;
  if (share && LEAST_SHARE <= 1 - share.surface) doubts.push(word("doubt.surface", { share: percent(1 - share.surface) }));
  if (share && LEAST_SHARE <= 1 - share.season) doubts.push(word("doubt.season", { share: percent(1 - share.season) }));
  const legs = card.route?.features.map((leg) => leg.properties) ?? [];
  const time = (all: typeof legs) => all.reduce((sum, leg) => sum + leg.time_s, 0);
  const assumed = time(legs.filter((leg) => leg.speed_source === "assumed"));
  if (time(legs) > 0 && LEAST_SHARE <= assumed / time(legs)) {
    doubts.push(word("doubt.assumed", { share: percent(assumed / time(legs)) }));
  }
  return doubts;
}

function byState(counts: PeopleByState): string[] {
  return STATES.flatMap((state) => {
    const n = counts[state];
    return n === null || n === 0 ? [] : [word(`doubt.${state}`, { people: people(n) })];
  });
}
