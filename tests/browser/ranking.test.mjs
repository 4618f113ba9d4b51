// The ranking: what it shows, and that the downloads are exactly that.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { answer, browserTest } from "./browser.mjs";
import { openPlanner, settled, shownCodes } from "./planner.mjs";
import { parseCsv, parseXlsx } from "./tables.mjs";

const codesOf = (rows) => rows.map(({ code }) => code);

async function download(page, label) {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".downloads").getByRole("link", { name: label }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

// Arranges the ranking: the fullest kecamatan, its three villages with most people.
async function arrange(page) {
  const { rows } = await answer("/access");
  const counts = new Map();
  for (const { kecamatan_code } of rows) counts.set(kecamatan_code, (counts.get(kecamatan_code) ?? 0) + 1);
  const [fullest] = [...counts].reduce((a, b) => (a[1] < b[1] ? b : a));
  await page.locator("#kecamatan").selectOption(fullest);
  await page.locator("#top").selectOption("10");
  await page.locator("#ranking th.people").first().getByRole("button").click();
  const wanted = codesOf(
    rows
      .filter((row) => row.kecamatan_code === fullest)
      .sort((a, b) => b.people - a.people || a.rank - b.rank)
      .slice(0, 10),
  );
  const shown = await settled(() => shownCodes(page), (codes) => String(codes) === String(wanted));
  assert.deepEqual(shown, wanted);
  return rows.filter(({ code }) => wanted.includes(code)).sort((a, b) => wanted.indexOf(a.code) - wanted.indexOf(b.code));
}

browserTest("the ranking starts with the worst and turns round", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const { rows } = await answer("/access");
  const ranked = codesOf([...rows].sort((a, b) => a.rank - b.rank));
  assert.deepEqual(await shownCodes(page), ranked);
  const column = page.locator("#ranking th.value");
  assert.equal(await column.getAttribute("aria-sort"), "descending");
  await column.getByRole("button").click();
  const best = await settled(() => shownCodes(page), (codes) => codes[0] === ranked.at(-1));
  assert.deepEqual(best, ranked.toReversed());
  assert.equal(await column.getAttribute("aria-sort"), "ascending");
});

browserTest("every village stands with its kecamatan", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const { rows } = await answer("/access");
  const names = await page.locator("#ranking tbody tr[data-code] td.kecamatan").allTextContents();
  assert.deepEqual(names.toSorted(), rows.map(({ kecamatan }) => kecamatan).toSorted());
});

browserTest("the CSV is what is shown", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const rows = await arrange(page);
  const { name, bytes } = await download(page, "CSV");
  assert.match(name, /^CONTOH-.*\.csv$/);
  const [head, ...lines] = parseCsv(bytes);
  const at = (row, title) => row[head.indexOf(title)];
  assert.deepEqual(lines.map((line) => at(line, "Kode")), codesOf(rows));
  assert.deepEqual(lines.map((line) => at(line, "Desa")), rows.map((row) => row.name));
  const people = lines.map((line) => Number(at(line, "Penduduk (jiwa)").replace(",", ".")));
  assert.deepEqual(people, rows.map((row) => row.people));
});

browserTest("the workbook is what is shown, with a sheet that explains it", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const rows = await arrange(page);
  const { name, bytes } = await download(page, "Excel");
  assert.match(name, /^CONTOH-.*\.xlsx$/);
  const [data, about] = parseXlsx(bytes);
  const head = data.rows.find((cells) => cells.includes("Kode"));
  const lines = data.rows.slice(data.rows.indexOf(head) + 1);
  assert.deepEqual(lines.map((cells) => cells[head.indexOf("Kode")]), codesOf(rows));
  assert.deepEqual(lines.map((cells) => Number(cells[head.indexOf("Penduduk (jiwa)")])), rows.map((row) => row.people));
  const { rule, notice } = await answer("/access");
  const said = about.rows.flat().join("\n");
  assert.ok(said.includes(rule.run_id), "the run");
  assert.ok(said.includes(notice), "the notice");
});

browserTest("the GeoJSON is what is shown", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const rows = await arrange(page);
  const { name, bytes } = await download(page, "GeoJSON");
  assert.match(name, /^CONTOH-.*\.geojson$/);
  const collection = JSON.parse(bytes.toString("utf8"));
  assert.deepEqual(collection.features.map(({ properties }) => properties.code), codesOf(rows));
  for (const { geometry } of collection.features) assert.match(geometry.type, /Polygon$/);
  assert.equal(collection.rule.run_id, (await answer("/access")).rule.run_id);
});
