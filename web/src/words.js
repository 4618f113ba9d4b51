// The two languages: words from words.<lang>.json, numbers as each language writes them.

import english from "./words.en.json";
import indonesian from "./words.id.json";

const wanted = new URLSearchParams(location.search).get("lang");
const heard = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === "id" || tag === "en");

export const lang = wanted === "en" || wanted === "id" ? wanted : (heard ?? "id");

const numbers = new Intl.NumberFormat(lang === "id" ? "id-ID" : "en-GB", { maximumFractionDigits: 1 });
const words = lang === "id" ? indonesian : english;

export function placeWords() {
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(element.dataset.word);
  }
  for (const each of ["id", "en"]) {
    const link = document.getElementById(`lang-${each}`);
    if (each === lang) link.setAttribute("aria-current", "true");
  }
}

// A word, its {places} filled from `values`.
export function word(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function number(value) {
  return value === null ? word("unknown") : numbers.format(value);
}

// Whole people; the exact thousandths stand in data attributes.
export function people(value) {
  return value === null ? word("unknown") : numbers.format(Math.round(value));
}

// Seconds in minutes, metres in metres or kilometres.
export function cost(value, metric) {
  if (value === null) return "–";
  // Tenths of a minute are honest only for short trips.
  const minutes = value / 60;
  if (metric === "time") return `${number(minutes < 10 ? minutes : Math.round(minutes))} ${word("unit.min")}`;
  return value < 1000 ? `${number(Math.round(value))} ${word("unit.m")}` : `${number(value / 1000)} ${word("unit.km")}`;
}
