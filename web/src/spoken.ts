// Answers in words: the rule, a village's value, the order of the table.

import type { AccessAnswer, Indicator, Row, Rule } from "./api.ts";
import { cost, day, word, wordOfCode } from "./words.ts";

// `puskesmas, pustu, rumah sakit`
export function tiers(tier: readonly string[]): string {
  return tier.map((each) => wordOfCode("tier", each)).join(", ");
}

// `Fasilitas kesehatan (puskesmas, pustu, rumah sakit)`
export function service(indicator: Pick<Indicator, "service" | "tier">): string {
  const name = wordOfCode("service", indicator.service);
  return indicator.tier.length ? word("rule.tiers", { service: name, tiers: tiers(indicator.tier) }) : name;
}

// `Waktu tempuh ke fasilitas kesehatan (puskesmas, …) terdekat dengan sepeda motor, musim kemarau`
export function indicator(asked: Indicator): string {
  return word("rule.indicator", {
    travel: wordOfCode("travel", asked.metric),
    service: lowerFirst(service(asked)),
    mode: wordOfCode("by_mode", asked.mode),
    season: wordOfCode("in_season", asked.season),
  });
}

// The indicator with its cutoff and its population.
export function rule(of: Rule): string {
  const source = wordOfCode("population", of.population_source);
  const population = of.population_date ? `${source}, ${day(of.population_date)}` : source;
  return [
    indicator(of),
    word("rule.cutoff", { cutoff: cost(of.cutoff, of.metric) }),
    word("rule.population", { population }),
    word("rule.run", { run: of.run_id.slice(0, 8) }),
  ].join("; ");
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

export function villageName(row: Pick<Row, "name" | "code">): string {
  return row.name ?? row.code;
}

// `Kec. Limun`; a dash where it is not known.
export function kecamatanName(kecamatan: string | null): string {
  return word("in_kecamatan", { kecamatan: kecamatan ?? "–" });
}

// A row's value, or its state where it has none.
export function value(row: Pick<Row, "value" | "state">, metric: Rule["metric"]): string {
  return row.value === null ? wordOfCode("state", row.state) : cost(row.value, metric);
}

// The label of a row's class or state.
export function classLabel(row: Row, answer: AccessAnswer): string {
  const ofClass = answer.classes.find((each) => each.letter === row.class);
  return (row.state === "within" ? ofClass?.label : answer.states.find((each) => each.state === row.state)?.label) ?? wordOfCode("state", row.state);
}

export function villageInWords(row: Row, answer: AccessAnswer): string {
  return word("announce.village", {
    village: villageName(row),
    kecamatan: row.kecamatan ?? "–",
    value: value(row, answer.rule.metric),
    letter: row.class,
  });
}

// A sentence and what stands in brackets behind it: `… (Penduduk: angka resmi desa.)`
export function apart(sentence: string): [sentence: string, aside: string | null] {
  const found = /^(.+[.!?]) (\(.+\))$/s.exec(sentence);
  return found ? [found[1]!, found[2]!] : [sentence, null];
}
