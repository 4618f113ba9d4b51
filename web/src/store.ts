// What the page shows, in one place: the address says what is asked, the server's answers say the rest.

import { useEffect, useReducer } from "preact/hooks";

import * as api from "./api.ts";
import { NOTHING_ASKED, type Ask, type AskedIndicator, type SortKey, firstOrder, oppositeOrder, readAsk, writeAsk } from "./ask.ts";
import { shownRows } from "./ranked.ts";
import { rule as ruleInWords, villageInWords } from "./spoken.ts";
import { isWordKey, number, word } from "./words.ts";

export interface Card {
  code: string;
  village: api.VillageAnswer | null;
  route: api.RouteAnswer | null;
  second: api.RouteAnswer | null;
  isLoading: boolean;
}

export type DialogName = "how" | "doubts" | "picture" | "embed";

export interface PlannerState {
  ask: Ask;
  answer: api.AccessAnswer | null;
  // When the answer came.
  answeredAt: Date | null;
  isOffline: boolean;
  isBusy: boolean;
  problem: string | null;
  card: Card | null;
  // The village that the arrow keys have reached.
  pointed: string | null;
  // What a screen reader is told.
  announcement: string;
  dialog: DialogName | null;
}

let state: PlannerState = {
  ask: NOTHING_ASKED,
  answer: null,
  answeredAt: null,
  isOffline: false,
  isBusy: false,
  problem: null,
  card: null,
  pointed: null,
  announcement: "",
  dialog: null,
};
const listeners = new Set<() => void>();
// Where the focus was before the card opened.
let opener: HTMLElement | null = null;
// Only the newest question is answered.
let n_asked = 0;

function change(part: Partial<PlannerState>): void {
  state = { ...state, ...part };
  for (const listener of listeners) listener();
}

export function planner(): PlannerState {
  return state;
}

export function onChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// The state, and a redraw whenever it changes.
export function usePlanner(): PlannerState {
  const [, redraw] = useReducer((count: number, _: undefined) => count + 1, 0);
  useEffect(() => onChange(() => redraw(undefined)), []);
  return state;
}

function remember(part: Partial<Ask>): void {
  const ask = { ...state.ask, ...part };
  history.replaceState(null, "", `${location.pathname}${location.search}${writeAsk(ask)}`);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[hreflang]")) link.hash = location.hash;
  change({ ask });
}

// The query of the numbers shown: indicator and classes. Maps, downloads and pictures take the same.
export function shownQuery(): URLSearchParams {
  const query = state.answer ? api.indicatorQuery(state.answer.rule) : new URLSearchParams();
  addClasses(query, state.ask);
  return query;
}

// The classes shown, without the indicator.
export function classesQuery(): URLSearchParams {
  const query = new URLSearchParams();
  addClasses(query, state.ask);
  return query;
}

function addClasses(query: URLSearchParams, { method, n }: Ask): void {
  query.set("classes", method);
  if (method !== "policy") query.set("n", String(n));
}

function askedQuery(ask: Ask): URLSearchParams {
  const query = new URLSearchParams();
  if (ask.indicator) {
    const { service, mode, season, metric, tier } = ask.indicator;
    for (const [name, value] of Object.entries({ service, mode, season, metric })) query.set(name, value);
    if (tier?.length) query.set("tier", tier.join(","));
  } else {
    // The page's own address may name an indicator.
    for (const name of ["service", "mode", "season", "metric", "tier"]) {
      const value = new URLSearchParams(location.search).get(name);
      if (value) query.set(name, value);
    }
  }
  addClasses(query, ask);
  return query;
}

// The answer asked for, or that of the first service that has been computed.
async function firstAnswer(ask: Ask): Promise<{ answer: api.AccessAnswer; problem: string | null }> {
  try {
    return { answer: await api.access(askedQuery(ask)), problem: null };
  } catch (error) {
    // Only who has seen no numbers yet is shown others than those asked for.
    const isElsewhere = state.answer === null && error instanceof api.Problem && ["run.missing", "query.invalid"].includes(error.code);
    if (!isElsewhere) throw error;
    const isAsked = ask.indicator !== null;
    for (const service of ["clinic", "water", "school"]) {
      try {
        const answer = await api.access(new URLSearchParams({ service }));
        return { answer, problem: isAsked ? inWords(error) : null };
      } catch (other) {
        if (!(other instanceof api.Problem) || other.code !== "run.missing") throw other;
      }
    }
    throw error;
  }
}

function inWords(error: unknown): string {
  const code = error instanceof api.Problem ? error.code : "";
  const key = `problem.${code}`;
  if (isWordKey(key)) return word(key);
  return word("problem.failed", { detail: error instanceof Error ? error.message : String(error) });
}

function isOfflineError(error: unknown): boolean {
  return error instanceof api.Problem && error.code === api.OFFLINE;
}

// Asks for `ask` and shows the answer; what is shown stays until then.
async function load(ask: Ask): Promise<void> {
  n_asked += 1;
  const mine = n_asked;
  change({ isBusy: true });
  try {
    const { answer, problem } = await firstAnswer(ask);
    if (mine !== n_asked) return;
    const { service, mode, season, metric, tier } = answer.rule;
    const isFirst = state.answer === null;
    const isFound = answer.rows.some((row) => row.code === ask.selected);
    change({ answer, answeredAt: new Date(), isOffline: false, isBusy: false, problem, ask });
    remember({
      indicator: { service, mode, season, metric, tier: needsTiers(answer) ? tier : null },
      selected: isFound ? ask.selected : null,
    });
    if (!isFirst) change({ announcement: word("announce.indicator", { rule: ruleInWords(answer.rule) }) });
    if (ask.selected && !isFound) change({ problem: word("problem.village.unknown") });
    if (isFound && ask.selected) await loadCard(ask.selected);
    else change({ card: null });
  } catch (error) {
    if (mine !== n_asked) return;
    change({ isBusy: false, isOffline: isOfflineError(error) || state.isOffline, problem: inWords(error) });
  }
}

// Several tier sets are computed for the same service, so its name does not say which.
function needsTiers({ available, rule }: api.AccessAnswer): boolean {
  const sets = available.filter((each) => each.service === rule.service).map((each) => [...each.tier].sort().join(","));
  return new Set(sets).size > 1;
}

async function loadCard(code: string): Promise<void> {
  const { answer } = state;
  if (!answer) return;
  const indicator = answer.rule;
  const isShown = () => state.card?.code === code && state.answer?.rule.run_id === indicator.run_id;
  const isSame = state.card?.code === code;
  change({ card: { code, village: isSame ? state.card!.village : null, route: null, second: null, isLoading: true } });
  // The card stands without its routes.
  const orNothing = (asked: Promise<api.RouteAnswer>) => asked.catch(() => null);
  try {
    const [village, route] = await Promise.all([api.village(code), orNothing(api.route(code, indicator, "nearest"))]);
    if (!isShown()) return;
    const hasSecond = village.access.some((each) => each.rule.run_id === indicator.run_id && each.second);
    change({ card: { code, village, route, second: null, isLoading: hasSecond }, isOffline: false });
    if (!hasSecond) return;
    const second = await orNothing(api.route(code, indicator, "second"));
    if (isShown()) change({ card: { code, village, route, second, isLoading: false } });
  } catch (error) {
    if (!isShown()) return;
    change({ card: { ...state.card!, isLoading: false }, isOffline: isOfflineError(error), problem: inWords(error) });
  }
}

// Reads the address and shows what it asks for, now and whenever it changes.
export async function start(): Promise<void> {
  addEventListener("hashchange", () => void load(readAsk(location.hash, location.search)));
  addEventListener("offline", () => change({ isOffline: true }));
  addEventListener("online", () => void load(state.ask));
  await load(readAsk(location.hash, location.search));
}

export function retry(): Promise<void> {
  return load(state.ask);
}

// Shows the available indicator that is nearest to `wanted`: the service and its tiers first, then mode, season, metric.
export function pick(wanted: Partial<api.Indicator>): Promise<void> {
  const { answer } = state;
  if (!answer) return Promise.resolve();
  const goal = { ...answer.rule, ...wanted };
  const tiers = (tier: readonly string[]) => [...tier].sort().join(",");
  const fit = (each: api.Indicator) =>
    16 * Number(each.service === goal.service) +
    8 * Number(tiers(each.tier) === tiers(goal.tier)) +
    4 * Number(each.mode === goal.mode) +
    2 * Number(each.season === goal.season) +
    Number(each.metric === goal.metric);
  const best = answer.available.reduce((a, b) => (fit(a) < fit(b) ? b : a));
  const indicator: AskedIndicator = { ...best };
  return load({ ...state.ask, indicator });
}

export function classify(part: Partial<Pick<Ask, "method" | "n">>): Promise<void> {
  return load({ ...state.ask, ...part });
}

// Changes that need nothing from the server.
export function arrange(part: Partial<Pick<Ask, "weight" | "kecamatan" | "top" | "place" | "look" | "sort" | "order">>): void {
  remember(part);
  if ((part.kecamatan !== undefined || part.top !== undefined) && state.answer) {
    change({ announcement: word("announce.rows", { n: number(shownRows(state.answer, state.ask).length) }) });
  }
}

export function sortBy(sort: SortKey): void {
  const order = state.ask.sort === sort ? oppositeOrder(state.ask.order) : firstOrder(sort);
  remember({ sort, order });
}

// Opens the card of a village; the focus comes back to where it was.
export function choose(code: string): void {
  const row = state.answer?.rows.find((each) => each.code === code);
  if (!row || !state.answer) return;
  if (!state.card) opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  remember({ selected: code });
  change({ pointed: code, announcement: villageInWords(row, state.answer), problem: null });
  void loadCard(code);
}

export function isOpenedByHand(): boolean {
  return opener !== null;
}

export function close(): void {
  if (!state.card) return;
  remember({ selected: null });
  change({ card: null, announcement: word("announce.closed") });
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  opener = null;
}

// Moves the pointer of the arrow keys.
export function point(code: string): void {
  const row = state.answer?.rows.find((each) => each.code === code);
  if (row && state.answer) change({ pointed: code, announcement: villageInWords(row, state.answer) });
}

export function announce(announcement: string): void {
  change({ announcement });
}

export function openDialog(dialog: DialogName): void {
  change({ dialog });
}

export function closeDialog(): void {
  change({ dialog: null });
}
