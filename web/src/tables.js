// Legend and ranking: the map's content as tables.

import { STATES, colour, isDark, letter, look, stateSwatch, swatch } from "./classes.js";
import { byId, html } from "./dom.js";
import { cost, number, people, word } from "./words.js";

function head(...keys) {
  const cells = keys.map((key) => html("th", { scope: "col" }, word(key)));
  return html("thead", {}, html("tr", {}, ...cells));
}

export function drawLegend({ classes, people: byState, rows }) {
  const line = (mark, label, nVillages, nPeople, attributes) =>
    html(
      "tr",
      attributes,
      html("th", { scope: "row" }, html("span", { class: "mark" }, mark, html("span", {}, label))),
      html("td", {}, number(nVillages)),
      html("td", {}, people(nPeople)),
    );
  const ofClass = classes.map((each, index) => {
    const mark = swatch(colour(index, classes.length), letter(index), isDark(index, classes.length));
    return line(mark, each.label, each.villages, each.people, { "data-class": letter(index), "data-people": each.people });
  });
  const ofState = STATES.map((state) => {
    const n = rows.filter((row) => row.state === state).length;
    return line(stateSwatch(state), word(`state.${state}`), n, byState[state], {
      "data-state": state,
      "data-people": byState[state],
    });
  });
  const total = line("", word("total"), rows.length, byState.total, { class: "total", "data-people-total": byState.total });
  byId("legend").replaceChildren(
    head("class", "villages", "people"),
    html("tbody", {}, ...ofClass, ...ofState),
    html("tfoot", {}, total),
    html("caption", { class: "quiet" }, word("legend_note")),
  );
}

// Those who cannot at all first, then by value; ties by code.
export function ranked(rows) {
  const badness = ["no_path", "unsnapped", "beyond_cutoff", "within", "no_input"];
  return rows.toSorted(
    (a, b) =>
      badness.indexOf(a.state) - badness.indexOf(b.state) ||
      (b.value ?? 0) - (a.value ?? 0) ||
      (a.code < b.code ? -1 : 1),
  );
}

export function drawRanking(answer, kecamatan, choose) {
  const { classes, rule } = answer;
  const all = ranked(answer.rows);
  const shown = all.filter((row) => !kecamatan || row.kecamatan === kecamatan);
  const lines = shown.map((row) => {
    const { sign, fill, index } = look(row, classes);
    const mark = row.state === "within" ? swatch(fill, sign, isDark(index, classes.length)) : stateSwatch(row.state);
    const label = row.state === "within" ? classes[index].label : word(`state.${row.state}`);
    return html(
      "tr",
      { "data-code": row.code, "data-people": row.people },
      html("td", {}, number(all.indexOf(row) + 1)),
      html("th", { scope: "row" }, html("button", { type: "button", onclick: () => choose(row.code) }, row.name)),
      html("td", {}, row.kecamatan ?? "–"),
      html("td", {}, cost(row.value, rule.metric)),
      html("td", {}, html("span", { class: "mark" }, mark, html("span", {}, label))),
      html("td", {}, people(row.people)),
    );
  });
  const known = shown.filter((row) => row.people !== null);
  const sum = known.length ? known.reduce((total, row) => total + Math.round(row.people * 1000), 0) / 1000 : null;
  byId("ranking").replaceChildren(
    head("rank", "village", "kecamatan", "value", "class", "people"),
    html("tbody", {}, ...lines),
    html(
      "tfoot",
      {},
      html("tr", { "data-people-total": sum }, html("th", { colspan: 5, scope: "row" }, word("total")), html("td", {}, people(sum))),
    ),
  );
}

export function markRow(code) {
  for (const row of document.querySelectorAll("#ranking tr[data-code]")) {
    row.toggleAttribute("aria-selected", row.dataset.code === code);
  }
}
