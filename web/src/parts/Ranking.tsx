// Every village as a row: sorted, filtered by kecamatan, and to be downloaded as shown.

import type { Row } from "../api.ts";
import type { Ask, SortKey } from "../ask.ts";
import { kecamatanOf, shownParameters, shownRows } from "../ranked.ts";
import { classLabel, value, villageName } from "../spoken.ts";
import { arrange, choose, shownQuery, sortBy, usePlanner } from "../store.ts";
import { cost, language, number, people, word, wordOfCode } from "../words.ts";
import { Choice } from "./Choice.tsx";
import { Swatch, lookOf } from "./Swatch.tsx";

const TOPS = [10, 20, 50];
const FORMATS = [
  { format: "csv", label: "CSV" },
  { format: "xlsx", label: "Excel" },
  { format: "geojson", label: "GeoJSON" },
];

export function Ranking() {
  const { answer, ask, card } = usePlanner();
  if (!answer) return null;
  const rows = shownRows(answer, ask);
  const { metric } = answer.rule;
  const kecamatan = kecamatanOf(answer).find(({ code }) => code === ask.kecamatan);
  const columns: { key: SortKey | null; label: string; kind: string }[] = [
    { key: null, label: word("ranking.rank"), kind: "rank" },
    { key: "name", label: word("ranking.village"), kind: "name" },
    { key: "kecamatan", label: word("ranking.kecamatan"), kind: "kecamatan" },
    { key: "value", label: wordOfCode("ranking.value", metric), kind: "value" },
    { key: null, label: word("ranking.class"), kind: "class" },
    { key: "people", label: word("ranking.people"), kind: "people" },
    { key: "people_beyond", label: word("ranking.people_beyond", { threshold: cost(answer.threshold, metric) }), kind: "people" },
  ];
  return (
    <section class="ranking" aria-labelledby="ranking-title">
      <div class="ranking-head">
        <h2 id="ranking-title">{word("ranking.title")}</h2>
        <Choice
          id="kecamatan"
          label={word("ranking.kecamatan")}
          value={ask.kecamatan ?? ""}
          options={[
            { value: "", label: word("ranking.all") },
            ...kecamatanOf(answer).map(({ code, name }) => ({ value: code, label: name })),
          ]}
          onPick={(code) => arrange({ kecamatan: code || null })}
        />
        <Choice
          id="top"
          label={word("ranking.top")}
          value={String(ask.top ?? "")}
          options={[{ value: "", label: word("ranking.all") }, ...TOPS.map((n) => ({ value: String(n), label: String(n) }))]}
          onPick={(n) => arrange({ top: n ? Number(n) : null })}
        />
        <p class="downloads">
          {word("ranking.download")}{" "}
          {FORMATS.map(({ format, label }) => (
            <a key={format} href={downloadOf(format, ask)} download="">
              {label}
            </a>
          ))}
        </p>
      </div>
      <div class="scroll">
        <table id="ranking">
          <caption>
            {word(kecamatan ? "ranking.caption.kecamatan" : "ranking.caption", {
              n: number(rows.length),
              all: number(kecamatan?.villages ?? answer.rows.length),
              kecamatan: kecamatan?.name ?? "",
              order: wordOfCode("order", `${ask.sort}.${ask.order}`),
            })}
            {". "}
            {word("ranking.rank_note")}.{kecamatan && ` ${word("ranking.kecamatan_note")}`}
          </caption>
          <thead>
            <tr>
              {columns.map(({ key, label, kind }) => (
                <th key={label} scope="col" class={kind} aria-sort={key && ask.sort === key ? sortWord(ask.order) : undefined}>
                  {key ? (
                    <button type="button" class="sort" onClick={() => sortBy(key)}>
                      {label}
                      <span aria-hidden="true">{ask.sort === key ? arrow(ask.order) : "↕"}</span>
                    </button>
                  ) : (
                    label
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <VillageRow key={row.code} row={row} isSelected={card?.code === row.code} />
            ))}
            {rows.length === 0 && (
              <tr>
                <td colSpan={columns.length}>{word("ranking.none")}</td>
              </tr>
            )}
          </tbody>
          <tfoot>
            <tr data-people-total={sumOf(rows, "people")}>
              <th scope="row" colSpan={5}>
                {word("total")}
              </th>
              <td class="people">{people(sumOf(rows, "people"))}</td>
              <td class="people">{people(sumOf(rows, "people_beyond"))}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

function VillageRow({ row, isSelected }: { row: Row; isSelected: boolean }) {
  const { answer } = usePlanner();
  if (!answer) return null;
  return (
    <tr
      data-code={row.code}
      data-people={row.people}
      class={isSelected ? "selected" : ""}
      aria-current={isSelected ? "true" : undefined}
      onClick={() => {
        choose(row.code);
        // The route is on the map: it comes into view beside the card.
        document.getElementById("map")?.scrollIntoView({ block: "nearest" });
      }}
    >
      <td class="rank">{number(row.rank)}</td>
      <th scope="row" class="name">
        <button type="button" class="link">
          {villageName(row)}
        </button>
        <small>{row.kecamatan ?? "–"}</small>
      </th>
      <td class="kecamatan">{row.kecamatan ?? "–"}</td>
      <td class="value">{row.value === null ? "–" : value(row, answer.rule.metric)}</td>
      <td class="class">
        <span class="mark">
          <Swatch {...lookOf(row.class, answer)} />
          <span>{classLabel(row, answer)}</span>
        </span>
      </td>
      <td class="people">{people(row.people)}</td>
      <td class="people">{people(row.people_beyond)}</td>
    </tr>
  );
}

const isRising = (order: string) => order === "asc" || order === "best";
const sortWord = (order: string) => (isRising(order) ? "ascending" : "descending");
const arrow = (order: string) => (isRising(order) ? "↑" : "↓");

// Thousandths are whole numbers, so their sum is exact.
function sumOf(rows: readonly Row[], key: "people" | "people_beyond"): number | null {
  const known = rows.flatMap((row) => (row[key] === null ? [] : [Math.round(row[key] * 1000)]));
  return known.length ? known.reduce((sum, each) => sum + each, 0) / 1000 : null;
}

function downloadOf(format: string, ask: Ask): string {
  const query = shownQuery();
  for (const [name, value] of Object.entries(shownParameters(ask))) query.set(name, value);
  query.set("f", format);
  query.set("lang", language);
  return `/access?${query}`;
}
