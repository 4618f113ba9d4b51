// The two languages: words from words.<lang>.json, numbers and dates as each language writes them.

import english from "./words.en.json";
import indonesian from "./words.id.json";

export type Language = "id" | "en";
export type WordKey = keyof typeof indonesian;

// Both catalogues have the same keys: either line fails to compile otherwise.
const CATALOGUES: Record<Language, Record<WordKey, string>> = { id: indonesian, en: english };
const _isIndonesianWhole: Record<keyof typeof english, string> = indonesian;
void _isIndonesianWhole;

function spoken(): Language {
  const wanted = new URLSearchParams(location.search).get("lang");
  if (wanted === "id" || wanted === "en") return wanted;
  // The server has chosen by Accept-Language.
  return document.documentElement.lang.startsWith("en") ? "en" : "id";
}

export const language: Language = spoken();

const locale = language === "id" ? "id-ID" : "en-GB";
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const days = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
const shortDays = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const order = new Intl.Collator(locale, { sensitivity: "base", numeric: true });

// A word, its {places} filled from `values`.
export function word(key: WordKey, values: Record<string, string | number> = {}): string {
  return CATALOGUES[language][key].replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

export function isWordKey(key: string): key is WordKey {
  return key in indonesian;
}

// The word for a code of the server; a code that is not known here stands for itself.
export function wordOfCode(prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return isWordKey(key) ? word(key) : code;
}

export function number(value: number | null): string {
  return value === null ? word("unknown") : tenths.format(value);
}

// Whole people; the exact thousandths stay in the data.
export function people(value: number | null): string {
  return value === null ? word("unknown") : whole.format(value);
}

export function percent(share: number): string {
  return `${whole.format(share * 100)} %`;
}

// To the next multiple of a step: what misses a threshold never seems to meet it. Costs have three decimals.
function up(value: number, step: number): number {
  return Math.ceil(Math.round(value * 1000) / (step * 1000)) * step;
}

// Seconds in minutes, metres in metres or kilometres.
export function cost(value: number | null, metric: "time" | "distance"): string {
  if (value === null) return "–";
  if (metric === "distance") {
    return value < 1000 ? `${whole.format(up(value, 1))} ${word("unit.m")}` : `${tenths.format(up(value, 100) / 1000)} ${word("unit.km")}`;
  }
  // Tenths of a minute are honest only for short trips.
  return `${value < 600 ? tenths.format(up(value, 6) / 60) : whole.format(up(value, 60) / 60)} ${word("unit.min")}`;
}

// A day of an RFC 3339 time; nothing readable stands for itself.
export function day(time: string | null): string {
  if (time === null) return word("unknown");
  const read = new Date(time);
  return Number.isNaN(read.getTime()) ? time : days.format(read);
}

export function shortDay(time: Date): string {
  return shortDays.format(time);
}

export function compareNames(a: string, b: string): number {
  return order.compare(a, b);
}

// For searching: neither case nor diacritics count.
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
