// The card of a village: its value, the proof of it, its people.

import { STATES, isDark, look, stateSwatch, swatch } from "./classes.js";
import { byId, html } from "./dom.js";
import { cost, number, people, word } from "./words.js";

const isSame = (a, b) => ["service", "mode", "season", "metric"].every((key) => a[key] === b[key]) && String(a.tier) === String(b.tier);

// Shows `village` (of /villages/{code}) for an indicator; `rank` is its place among `answer.rows`.
export function drawCard({ village, row, rank, answer, indicator, route, close }) {
  const access = village.access.find((each) => isSame(each, indicator));
  const card = byId("card");
  card.hidden = false;
  card.replaceChildren(
    ...[
      html("button", { type: "button", class: "close", "aria-label": word("close"), onclick: close }, "×"),
      html("h2", {}, village.name),
      html("p", { class: "quiet" }, `${word("kecamatan")} ${village.kecamatan ?? "–"} · ${village.code}`),
      headline(row, answer),
      html("p", { class: "quiet" }, word("rank_of", { rank, n: answer.rows.length })),
      access && facilities(access),
      access && byState(access.people),
      access && standards(access.standards),
      legs(route),
      access && knownShare(access.known_share),
    ].filter(Boolean),
  );
}

export function hideCard() {
  byId("card").hidden = true;
  byId("card").replaceChildren();
}

function headline(row, { classes, rule }) {
  const { sign, fill, index } = look(row, classes);
  const isWithin = row.state === "within";
  const mark = isWithin ? swatch(fill, sign, isDark(index, classes.length)) : stateSwatch(row.state);
  const text = row.value === null ? word(`state.${row.state}`) : cost(row.value, rule.metric);
  const label = isWithin ? classes[index].label : row.value === null ? "" : word(`state.${row.state}`);
  return html("p", { class: "value" }, mark, html("strong", {}, text), html("span", { class: "quiet" }, label));
}

function facilities({ nearest, second }) {
  const line = (key, found) =>
    found &&
    html(
      "div",
      {},
      html("dt", {}, word(key)),
      html(
        "dd",
        {},
        `${found.name ?? `${word("without_name")} (${found.facility_id})`}${found.tier ? `, ${found.tier}` : ""}: `,
        `${cost(found.time_s, "time")}, ${cost(found.length_m, "distance")}`,
      ),
    );
  return html("dl", {}, line("nearest", nearest), line("second", second));
}

function byState(byStateOfVillage) {
  const lines = ["within", ...STATES].map((state) =>
    html(
      "tr",
      { "data-state": state, "data-people": byStateOfVillage[state] },
      html("th", { scope: "row" }, word(`state.${state}`)),
      html("td", {}, people(byStateOfVillage[state])),
    ),
  );
  return html("table", {}, html("caption", {}, word("people_by_state")), html("tbody", {}, ...lines));
}

function standards(list) {
  if (!list.length) return null;
  const items = list.map((each) =>
    html("li", {}, `${each.id} (≤ ${number(each.threshold)} ${word(`unit.${each.unit}`)}): ${people(each.people_within)} ${word("standard_within")}`),
  );
  return html("div", {}, html("h3", {}, word("standards")), html("ul", {}, ...items));
}

function legs(route) {
  const title = html("h3", {}, word("route"));
  if (!route?.features.length) return html("div", {}, title, html("p", { class: "quiet" }, word("no_route")));
  const items = route.features.map(({ properties: leg }) => {
    const kind = [leg.class, leg.surface].filter(Boolean).join(", ") || word(`leg.${leg.leg}`);
    const speed = word("speed", { speed: number(leg.speed_kmh), source: leg.speed_source });
    return html(
      "li",
      { class: leg.leg },
      html("span", {}, `${cost(leg.length_m, "distance")} ${kind}, ${cost(leg.time_s, "time")}`),
      html("span", { class: "quiet" }, speed),
    );
  });
  return html("div", {}, title, html("ol", { class: "legs" }, ...items));
}

function knownShare(share) {
  if (!share) return null;
  const percent = (part) => number(Math.round(part * 100));
  return html("p", { class: "quiet" }, word("known_share", { surface: percent(share.surface), season: percent(share.season) }));
}
