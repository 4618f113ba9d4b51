// The server's answers, with their shapes; a problem becomes an error that carries its code.

import type { StyleSpecification } from "@maplibre/maplibre-gl-style-spec";
import type { Feature, FeatureCollection, LineString } from "geojson";

import { language } from "./words.ts";

export type Metric = "time" | "distance";
export type State = "within" | "beyond_cutoff" | "no_path" | "unsnapped" | "no_input";
export type ClassMethod = "policy" | "quantile" | "equal" | "natural";

export interface Indicator {
  service: string;
  tier: string[];
  mode: string;
  season: string;
  metric: Metric;
}

export interface Rule extends Indicator {
  tier_unknown: number;
  cutoff: number;
  snap_radius_m: number;
  off_road_factor: number;
  population_source: string;
  population_date: string | null;
  run_id: string;
  stale: boolean;
}

export interface CostClass {
  letter: string;
  colour: string;
  ink: string;
  from: number | null;
  to: number | null;
  label: string;
  villages: number;
  people: number | null;
}

export interface StateCount {
  state: Exclude<State, "within">;
  letter: string;
  label: string;
  villages: number;
  people: number | null;
}

export interface Row {
  code: string;
  name: string | null;
  kecamatan: string | null;
  kecamatan_code: string | null;
  value: number | null;
  state: State;
  // The letter of the class or of the state.
  class: string;
  // 1 is the worst.
  rank: number;
  people: number | null;
  people_beyond: number | null;
  // Of kecamatan and the district; left out where there are none.
  lost_in_wet?: number;
  lost_in_dry?: number;
}

export interface PeopleByState {
  total: number | null;
  within: number | null;
  beyond_cutoff: number | null;
  no_path: number | null;
  unsnapped: number | null;
  no_input: number | null;
  cutoff: number;
}

// Where what a source gave comes from; beside the sources of an input.
export interface Provenance {
  producer?: string;
  date?: string;
  basis?: string;
  licence?: string;
  access?: "open" | "restricted";
  contact?: string;
}

export interface Input {
  layer: string;
  version: number;
  sources: string[];
  provenances?: Provenance[];
  made_at: string;
  records: number;
  is_sample: boolean;
}

// Something that makes a number less certain.
export interface Doubt {
  code: string;
  n: number | null;
  people: number | null;
  text: Record<"id" | "en", string>;
}

export interface AccessAnswer {
  rule: Rule;
  computed_at: string;
  notice?: string;
  available: Indicator[];
  district: { code: string; name: string | null; value: number | null; state: State; people: number | null } | null;
  bbox: [number, number, number, number] | null;
  threshold: number;
  classes: CostClass[];
  states: StateCount[];
  people: PeopleByState;
  unassigned: { settlements: number; people: number | null };
  season_change: SeasonChange | null;
  inputs: Input[];
  rows: Row[];
  doubts: Doubt[];
  sentences: Record<"id" | "en", string[]>;
}

export interface Found {
  facility_id: string;
  name: string | null;
  tier: string | null;
  time_s: number;
  length_m: number;
}

// People within a threshold in one season and not in the other.
export interface SeasonChange {
  threshold: number;
  lost_in_wet: number;
  lost_in_dry: number;
  standards: { id: string; lost_in_wet: number; lost_in_dry: number }[];
}

export interface VillageAccess extends Indicator {
  state: State;
  nearest: Found | null;
  second: Found | null;
  people: PeopleByState;
  standards: { id: string; threshold: number; unit: "min" | "m"; people_within: number | null }[];
  known_share: { surface: number; season: number } | null;
  // Null where the other season has no run, or people are unknown.
  season_change: SeasonChange | null;
  rule: Rule;
}

export interface VillageAnswer {
  code: string;
  name: string;
  kecamatan: string | null;
  kecamatan_code: string | null;
  population: number | null;
  population_source: string;
  notice?: string;
  access: VillageAccess[];
}

export interface LegProperties {
  leg: "off_road" | "road" | "straight";
  length_m: number;
  time_s: number;
  class: string | null;
  surface: string | null;
  season: string | null;
  speed_kmh: number;
  speed_source: string;
}

export interface RouteAnswer extends FeatureCollection<LineString, LegProperties> {
  features: Feature<LineString, LegProperties>[];
  rule: Rule;
  state: State;
  facility: { id: string; name: string | null; tier: string | null } | null;
}

// An answer of the server that says what went wrong.
export class Problem extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

// The network gave no answer at all.
export const OFFLINE = "network.offline";

async function get<T>(path: string): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { accept: "application/geo+json, application/json" } });
  } catch (error) {
    throw new Problem(OFFLINE, String(error));
  }
  const type = response.headers.get("content-type") ?? "";
  if (!type.includes("json")) throw new Problem(`http.${response.status}`, `${response.status} ${path}`);
  const body: unknown = await response.json();
  if (response.ok) return body as T;
  const problem = body as { code?: string; detail?: string; title?: string };
  throw new Problem(problem.code ?? `http.${response.status}`, problem.detail ?? problem.title ?? "");
}

// The query that names an indicator.
export function indicatorQuery({ service, mode, season, metric, tier }: Indicator): URLSearchParams {
  const query = new URLSearchParams({ service, mode, season, metric });
  if (tier.length > 0) query.set("tier", [...tier].sort().join(","));
  return query;
}

export function access(query: URLSearchParams): Promise<AccessAnswer> {
  const asked = new URLSearchParams(query);
  asked.set("lang", language);
  return get(`/access?${asked}`);
}

export function village(code: string): Promise<VillageAnswer> {
  return get(`/villages/${encodeURIComponent(code)}`);
}

export function route(code: string, indicator: Indicator, to: "nearest" | "second"): Promise<RouteAnswer> {
  const query = indicatorQuery(indicator);
  if (to === "second") query.set("to", to);
  return get(`/villages/${encodeURIComponent(code)}/route?${query}`);
}

export function style(look: "day" | "contrast" | "print", query: URLSearchParams): Promise<StyleSpecification> {
  const asked = new URLSearchParams(query);
  asked.set("lang", language);
  return get(`/styles/${look}?${asked}`);
}
