// What is wrong with the data: the list with people, and each fault on the map.

import assert from "node:assert/strict";

import { assertAccessible } from "./accessibility.mjs";
import { answer, browserTest } from "./browser.mjs";
import { DRAWS_NOT } from "./flags.mjs";
import { whenIdle } from "./map.mjs";
import { openPlanner, settled, written } from "./planner.mjs";

const BUTTON = { id: "Apa yang salah dengan data ini?", en: "What is wrong with this data?" };
const ON_MAP = { id: /^Lihat di peta/, en: /^See on the map/ };

async function openFaults(page, lang) {
  await page.getByRole("button", { name: BUTTON[lang] }).first().click();
  const faults = page.getByRole("dialog").locator(".faults");
  await faults.locator("tbody tr").first().waitFor();
  return faults;
}

for (const lang of ["id", "en"]) {
  browserTest(`the faults are listed with their people, the most first, and axe finds nothing (${lang})`, {}, async ({ open }) => {
    const page = await openPlanner(open, { lang });
    await whenIdle(page);
    const faults = await openFaults(page, lang);
    const { features, numberMatched } = await answer("/data-quality?limit=200");
    assert.ok(0 < numberMatched, "the sample has faults");
    assert.equal(await faults.locator("tbody tr").count(), features.length);
    const first = features[0].properties;
    const { people: inWords } = written(lang);
    const text = await faults.locator("tbody tr").first().innerText();
    assert.ok(text.includes(inWords(first.people)), text);
    assert.ok(text.includes(first.text[lang]), text);
    const people = features.map(({ properties }) => properties.people ?? -1);
    assert.deepEqual(people, [...people].sort((a, b) => b - a));
    await assertAccessible(page, "the list of faults");
  });
}

browserTest("a fault leads to its place on the map and is ringed there, by keyboard alone", {}, async ({ open }) => {
  const page = await openPlanner(open);
  await whenIdle(page);
  const faults = await openFaults(page, "id");
  const { features } = await answer("/data-quality?limit=1");
  await faults.getByRole("button", { name: ON_MAP.id }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const [lon, lat] = features[0].geometry.coordinates;
  const centre = () => page.evaluate(() => document.getElementById("map").villageMap.map.getCenter());
  const there = await settled(centre, ({ lng }) => Math.abs(lng - lon) < 1e-4);
  assert.ok(Math.abs(there.lng - lon) < 1e-4 && Math.abs(there.lat - lat) < 1e-4);
  assert.equal(await page.locator(".fault-ring").count(), 1);
  assert.match(await page.locator("#announcement").innerText(), /Peta menunjukkan/);
  await page.locator(".fault-ring").click();
  assert.equal(await page.locator(".fault-ring").count(), 0);
});

browserTest("all faults can be drawn, stay through another indicator, and go again", {}, async ({ open }) => {
  const page = await openPlanner(open);
  await whenIdle(page);
  const toggle = (faults) => faults.getByRole("checkbox");
  await toggle(await openFaults(page, "id")).check();
  await page.keyboard.press("Escape");
  const drawn = () => page.evaluate(() => {
    const { map } = document.getElementById("map").villageMap;
    return map.getLayer("faults") ? map.queryRenderedFeatures({ layers: ["faults"] }).length : 0;
  });
  assert.ok(0 < (await settled(drawn, (n) => 0 < n)));
  await page.locator("#mode").selectOption("foot");
  await whenIdle(page);
  assert.ok(0 < (await settled(drawn, (n) => 0 < n)), "after another indicator");
  await toggle(await openFaults(page, "id")).uncheck();
  assert.equal(await settled(drawn, (n) => n === 0), 0);
});

browserTest("one kind can be chosen, and the files have it", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const faults = await openFaults(page, "id");
  const { features } = await answer("/data-quality?limit=1");
  const { kind } = features[0].properties;
  const { numberMatched } = await answer(`/data-quality?kind=${kind}&limit=1`);
  await faults.getByRole("combobox").selectOption(kind);
  const rows = await settled(() => faults.locator("tbody tr").count(), (n) => n === Math.min(numberMatched, 200));
  assert.equal(rows, Math.min(numberMatched, 200));
  assert.ok((await faults.getByRole("link", { name: "CSV" }).getAttribute("href")).includes(`kind=${kind}`));
});

browserTest("the list is whole without a map, and fits a phone", { flags: DRAWS_NOT, context: { viewport: { width: 360, height: 740 } }, expected: /WebGL/ }, async ({ open }) => {
  const page = await openPlanner(open);
  await page.locator(".map-failed").waitFor();
  const faults = await openFaults(page, "id");
  assert.equal(await faults.getByRole("button", { name: ON_MAP.id }).count(), 0);
  assert.match(await faults.innerText(), /Peta tidak tersedia/);
  const [wide, dialog] = await page.evaluate(() => {
    const box = document.querySelector("dialog .dialog-box");
    return [box.scrollWidth, box.clientWidth];
  });
  assert.ok(wide <= dialog, `${wide} px in ${dialog} px`);
  await assertAccessible(page, "the list on a phone");
});

browserTest("nobody fetches the list before it is opened, and the embedded map never does", {}, async ({ open, watch }) => {
  const isOfFaults = (url) => /\/assets\/faults|data-quality/.test(url);
  const page = await openPlanner(open);
  await whenIdle(page);
  await open("/embed?lang=id");
  assert.deepEqual(watch.requests.map(String).filter(isOfFaults), []);
});
