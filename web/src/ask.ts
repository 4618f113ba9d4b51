// What is asked for, as it stands in the address: `#m=9/-2.3/102.7&i=clinic.motorcycle.dry.time&k=policy&sel=15.03.01.2001`.

import type { ClassMethod, Indicator, Metric } from "./api.ts";

export const CLASS_METHODS: readonly ClassMethod[] = ["policy", "quantile", "equal", "natural"];
export const SORT_KEYS = ["value", "name", "kecamatan", "people", "people_beyond"] as const;
export const ORDERS = ["worst", "best", "asc", "desc"] as const;
export const DEFAULT_N_CLASSES = 5;
export const MAX_N_CLASSES = 7;
export const LOOKS = ["day", "contrast"] as const;

export type SortKey = (typeof SORT_KEYS)[number];
export type Order = (typeof ORDERS)[number];
export type Look = (typeof LOOKS)[number];
export type Weight = "people" | "villages";

export interface MapPlace {
  zoom: number;
  lat: number;
  lon: number;
}

// The names of an indicator; without tiers, the service's own.
export type AskedIndicator = Omit<Indicator, "tier"> & { tier: string[] | null };

export interface Ask {
  // Without one the server chooses.
  indicator: AskedIndicator | null;
  method: ClassMethod;
  n: number;
  weight: Weight;
  selected: string | null;
  kecamatan: string | null;
  sort: SortKey;
  order: Order;
  top: number | null;
  place: MapPlace | null;
  // Without one the system's preference decides.
  look: Look | null;
}

export const NOTHING_ASKED: Ask = {
  indicator: null,
  method: "policy",
  n: DEFAULT_N_CLASSES,
  weight: "people",
  selected: null,
  kecamatan: null,
  sort: "value",
  order: "worst",
  top: null,
  place: null,
  look: null,
};

function oneOf<T extends string>(words: readonly T[], word: string | null): T | null {
  return words.find((each) => each === word) ?? null;
}

function wholeNumber(text: string | null, least: number, most: number): number | null {
  if (text === null || !/^\d{1,4}$/.test(text)) return null;
  const value = Number(text);
  return least <= value && value <= most ? value : null;
}

function readPlace(text: string | null): MapPlace | null {
  const parts = (text ?? "").split("/").map(Number);
  const [zoom, lat, lon] = parts;
  if (parts.length !== 3 || zoom === undefined || lat === undefined || lon === undefined) return null;
  const isOnEarth = 0 <= zoom && zoom <= 24 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return isOnEarth ? { zoom, lat, lon } : null;
}

// `clinic.motorcycle.dry.time`, tiers beside it: `t=puskesmas,pustu`.
function readIndicator(name: string | null, tiers: string | null): AskedIndicator | null {
  const [service, mode, season, metric] = (name ?? "").split(".");
  if (!service || !mode || !season || !metric) return null;
  return { service, mode, season, metric: metric as Metric, tier: tiers ? tiers.split(",").sort() : null };
}

function readSort(text: string | null): Pick<Ask, "sort" | "order"> {
  const [sort, order] = (text ?? "").split(".");
  const { sort: defaultSort, order: defaultOrder } = NOTHING_ASKED;
  const key = oneOf(SORT_KEYS, sort ?? null);
  return key ? { sort: key, order: oneOf(ORDERS, order ?? null) ?? firstOrder(key) } : { sort: defaultSort, order: defaultOrder };
}

// The order that a first click on a column gives.
export function firstOrder(sort: SortKey): Order {
  if (sort === "value") return "worst";
  return sort === "name" || sort === "kecamatan" ? "asc" : "desc";
}

export function oppositeOrder(order: Order): Order {
  return { worst: "best", best: "worst", asc: "desc", desc: "asc" }[order] as Order;
}

// Reads a hash; whatever is not understood is left at its default, which for classes the page's own query may set.
export function readAsk(hash: string, search = ""): Ask {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  const given = new URLSearchParams(search);
  return {
    indicator: readIndicator(asked.get("i"), asked.get("t")),
    method: oneOf(CLASS_METHODS, asked.get("k") ?? given.get("classes")) ?? NOTHING_ASKED.method,
    n: wholeNumber(asked.get("n") ?? given.get("n"), 1, MAX_N_CLASSES) ?? NOTHING_ASKED.n,
    weight: asked.get("w") === "villages" ? "villages" : "people",
    selected: asked.get("sel") || null,
    kecamatan: asked.get("kec") || null,
    ...readSort(asked.get("sort")),
    top: wholeNumber(asked.get("top"), 1, 1000),
    place: readPlace(asked.get("m")),
    look: oneOf(LOOKS, asked.get("look")),
  };
}

export function shortName({ service, mode, season, metric }: Omit<Indicator, "tier">): string {
  return `${service}.${mode}.${season}.${metric}`;
}

// `9/-2.3/102.7`
export function writePlace({ zoom, lat, lon }: MapPlace): string {
  return `${Number(zoom.toFixed(2))}/${Number(lat.toFixed(4))}/${Number(lon.toFixed(4))}`;
}

// The hash for what is asked: readable, and without what is at its default.
export function writeAsk(ask: Ask): string {
  const isPlainSort = ask.sort === "value" && ask.order === "worst";
  const parts: [string, string | null][] = [
    ["m", ask.place && writePlace(ask.place)],
    ["i", ask.indicator && shortName(ask.indicator)],
    ["t", ask.indicator?.tier?.length ? ask.indicator.tier.join(",") : null],
    ["k", ask.method],
    ["n", ask.method === "policy" || ask.n === NOTHING_ASKED.n ? null : String(ask.n)],
    ["w", ask.weight === "people" ? null : ask.weight],
    ["sel", ask.selected],
    ["kec", ask.kecamatan],
    ["sort", isPlainSort ? null : `${ask.sort}.${ask.order}`],
    ["top", ask.top === null ? null : String(ask.top)],
    ["look", ask.look],
  ];
  // Codes, commas and slashes stay readable.
  const readable = (value: string) => encodeURIComponent(value).replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%3A", ":");
  return `#${parts.flatMap(([name, value]) => (value === null ? [] : [`${name}=${readable(value)}`])).join("&")}`;
}
