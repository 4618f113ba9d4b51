// The rows of the ranking as they are shown: the same filter, order and number that the downloads ask for.

import type { AccessAnswer, Row } from "./api.ts";
import type { Ask } from "./ask.ts";
import { compareNames } from "./words.ts";

// What is not known comes last, whichever way the rest is ordered.
function byNumber(a: number | null, b: number | null, isDescending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return isDescending ? b - a : a - b;
}

// As the server compares names: without regard to case, letter by letter.
function byName(a: string | null, b: string | null, isDescending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  const rising = x < y ? -1 : Number(y < x);
  return isDescending ? -rising : rising;
}

function compare(a: Row, b: Row, { sort, order }: Pick<Ask, "sort" | "order">): number {
  const isDescending = order === "desc" || order === "worst";
  // Rank 1 is the worst; what could not be computed is neither bad nor good.
  const badness = (row: Row) => (row.state === "no_input" ? null : -row.rank);
  switch (sort) {
    case "value":
      return byNumber(badness(a), badness(b), isDescending);
    case "name":
      return byName(a.name, b.name, isDescending);
    case "kecamatan":
      return byName(a.kecamatan, b.kecamatan, isDescending) || byName(a.name, b.name, false);
    case "people":
    case "people_beyond":
      return byNumber(a[sort], b[sort], isDescending);
  }
}

export function shownRows(answer: AccessAnswer, ask: Ask): Row[] {
  return answer.rows
    .filter((row) => ask.kecamatan === null || row.kecamatan_code === ask.kecamatan)
    .sort((a, b) => compare(a, b, ask) || (a.code < b.code ? -1 : 1))
    .slice(0, ask.top ?? undefined);
}

// Kecamatan by name.
export function kecamatanOf(answer: AccessAnswer): { code: string; name: string; villages: number }[] {
  const found = new Map<string, { code: string; name: string; villages: number }>();
  for (const { kecamatan, kecamatan_code } of answer.rows) {
    if (kecamatan_code === null) continue;
    const known = found.get(kecamatan_code);
    if (known) known.villages += 1;
    else found.set(kecamatan_code, { code: kecamatan_code, name: kecamatan ?? kecamatan_code, villages: 1 });
  }
  return [...found.values()].sort((a, b) => compareNames(a.name, b.name) || (a.code < b.code ? -1 : 1));
}

// What the downloads ask for besides the indicator and the classes.
export function shownParameters(ask: Ask): Record<string, string> {
  const parameters: Record<string, string> = { sort: ask.sort, order: ask.order };
  if (ask.kecamatan !== null) parameters["kecamatan"] = ask.kecamatan;
  if (ask.top !== null) parameters["top"] = String(ask.top);
  return parameters;
}
