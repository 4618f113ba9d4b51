// The page: what is asked for stands in the address, everything else follows from it.

import { asQuery, features, get } from "./api.js";
import { drawCard, hideCard } from "./card.js";
import { look } from "./classes.js";
import { byId, html } from "./dom.js";
import { drawMap, drawRoute, emptyMap, followPointer, paintMap, selectOnMap } from "./map.js";
import { drawLegend, drawRanking, markRow, ranked } from "./tables.js";
import { cost, lang, placeWords, number, people, word } from "./words.js";

const METHODS = ["policy", "quantile", "equal", "natural"];
const SERVICES = ["clinic", "water", "school"];

// The indicator, the classes and the village that are shown: `#i=clinic.motorcycle.dry.time&k=policy&sel=…`.
const asked = new URLSearchParams(location.hash.slice(1));
let answer = null;
let drawnRun = null;

function remember(name, value) {
  if (value === null) asked.delete(name);
  else asked.set(name, value);
  history.replaceState(null, "", `#${asked}`);
  for (const each of ["id", "en"]) byId(`lang-${each}`).href = `?lang=${each}#${asked}`;
}

const shortName = ({ service, mode, season, metric }) => `${service}.${mode}.${season}.${metric}`;

function indicator() {
  return answer.available.find((each) => each.service === answer.rule.service
    && shortName(each) === shortName(answer.rule) && String(each.tier) === String(answer.rule.tier));
}

async function ask(query) {
  const classes = asked.get("k");
  const extra = METHODS.includes(classes) ? `&classes=${classes}` : "";
  return get(`/access?${query}${extra}&lang=${lang}`);
}

// The answer that the address names, else the first service that was computed.
async function firstAnswer() {
  const [service, mode, season, metric] = (asked.get("i") ?? "").split(".");
  const queries = SERVICES.map((each) => `service=${each}`);
  if (metric) queries.unshift(new URLSearchParams({ service, mode, season, metric }).toString());
  let problem = null;
  for (const query of queries) {
    try {
      return await ask(query);
    } catch (error) {
      problem ??= error;
      if (error.code !== "run.missing" && error.code !== "query.invalid") break;
    }
  }
  throw problem;
}

async function show(next) {
  answer = next;
  remember("i", shortName(answer.rule));
  drawText();
  drawPicker();
  drawLegend(answer);
  drawKecamatan();
  drawTable();
  await drawVillages();
  const selected = asked.get("sel");
  if (selected) await choose(selected);
}

function drawText() {
  const { notice, rule, sentences, unassigned } = answer;
  byId("notice").hidden = !notice;
  byId("notice").textContent = notice ?? "";
  const [headline, ...others] = sentences[lang];
  byId("headline").textContent = headline;
  document.title = `${notice ? "CONTOH – " : ""}${word(`service.${rule.service}`)} – Jangkau`;
  const more = [...others];
  if (unassigned.settlements) more.push(word("unassigned", { n: number(unassigned.settlements), people: people(unassigned.people) }));
  if (rule.stale) more.push(word("stale"));
  byId("sentences").replaceChildren(...more.map((text) => html("li", {}, text)));
  byId("rule").textContent = word("rule", {
    mode: word(`mode.${rule.mode}`),
    season: word(`season.${rule.season}`),
    cutoff: cost(rule.cutoff, rule.metric),
    radius: number(rule.snap_radius_m),
    factor: number(rule.off_road_factor),
    population: word(`population.${rule.population_source}`),
    run: rule.run_id.slice(0, 8),
  });
  byId("data-link").href = `/access?${asQuery(indicator())}`;
}

function drawPicker() {
  const { available, rule } = answer;
  const distinct = (key, among) => [...new Set(among.map((each) => each[key]))];
  const options = (id, values, chosen, prefix) =>
    byId(id).replaceChildren(
      ...values.map((value) => html("option", { value, selected: value === chosen }, word(`${prefix}.${value}`))),
    );
  const ofService = available.filter((each) => each.service === rule.service);
  options("service", SERVICES.filter((each) => distinct("service", available).includes(each)), rule.service, "service");
  options("mode", distinct("mode", ofService), rule.mode, "mode");
  options("metric", distinct("metric", ofService).toSorted().reverse(), rule.metric, "metric");
  options("classes", METHODS, asked.get("k") ?? "policy", "classes");
}

// What is available and nearest to what the selects say: the service first, then mode, then metric.
async function pick() {
  const wanted = { service: byId("service").value, mode: byId("mode").value, metric: byId("metric").value };
  const fit = (each) =>
    4 * (each.service === wanted.service) + 2 * (each.mode === wanted.mode) + (each.metric === wanted.metric);
  const best = answer.available.reduce((a, b) => (fit(a) < fit(b) ? b : a));
  remember("k", byId("classes").value);
  await attempt(async () => show(await ask(asQuery(best))));
}

function drawKecamatan() {
  const names = [...new Set(answer.rows.map((row) => row.kecamatan).filter(Boolean))].toSorted();
  const select = byId("kecamatan");
  const chosen = select.value;
  select.replaceChildren(
    html("option", { value: "" }, word("all")),
    ...names.map((value) => html("option", { value, selected: value === chosen }, value)),
  );
}

function drawTable() {
  drawRanking(answer, byId("kecamatan").value, choose);
  markRow(asked.get("sel"));
}

async function drawVillages() {
  const run = answer.rule.run_id;
  const rows = new Map(answer.rows.map((row) => [row.code, row]));
  const labelOf = (code) => {
    const row = rows.get(code);
    if (!row) return code;
    const value = row.value === null ? word(`state.${row.state}`) : cost(row.value, answer.rule.metric);
    return `${row.name} (${row.kecamatan ?? "–"}): ${look(row, answer.classes).sign}, ${value}`;
  };
  if (!rows.size) return emptyMap(answer.sentences[lang][0]);
  if (drawnRun !== run) {
    const villages = await features(`/collections/access/items?limit=1000&${asQuery(indicator())}`);
    drawMap(villages, answer.sentences[lang][0], choose);
    drawnRun = run;
  }
  paintMap(ranked(answer.rows).map((row) => row.code), (code) => rows.has(code) && look(rows.get(code), answer.classes), labelOf);
  followPointer(labelOf);
}

async function choose(code) {
  const row = answer.rows.find((each) => each.code === code);
  if (!row) return;
  remember("sel", code);
  selectOnMap(code);
  markRow(code);
  const path = `/villages/${encodeURIComponent(code)}`;
  await attempt(async () => {
    const [village, route] = await Promise.all([
      get(path),
      // The card stands without its route.
      get(`${path}/route?${asQuery(indicator())}`).catch(() => null),
    ]);
    if (asked.get("sel") !== code) return;
    drawRoute(route);
    const rank = ranked(answer.rows).indexOf(row) + 1;
    drawCard({ village, row, rank, answer, indicator: indicator(), route, close: unchoose });
  });
}

function unchoose() {
  remember("sel", null);
  selectOnMap(null);
  markRow(null);
  drawRoute(null);
  hideCard();
}

async function attempt(work) {
  const problem = byId("problem");
  try {
    problem.hidden = true;
    await work();
  } catch (error) {
    problem.hidden = false;
    problem.textContent = `${word("failed")}: ${error.message}`;
    if (!answer) byId("headline").textContent = word("failed");
  }
}

for (const id of ["service", "mode", "metric", "classes"]) byId(id).addEventListener("change", pick);
byId("picker").addEventListener("submit", (event) => event.preventDefault());
byId("kecamatan").addEventListener("change", drawTable);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && asked.has("sel")) unchoose();
});

await attempt(async () => {
  placeWords();
  await show(await firstAnswer());
});
document.querySelector("main").setAttribute("aria-busy", "false");
