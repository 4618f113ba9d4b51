// What the page says in numbers is what the server says.

import assert from "node:assert/strict";

import { answer, browserTest } from "./browser.mjs";
import { answerAfter, openPlanner, settled, written } from "./planner.mjs";

const METHODS = ["policy", "quantile", "equal", "natural"];

// Rows of the legend: letter, villages, people.
async function legend(page) {
  const rows = await page.locator("#legend tbody tr").evaluateAll((lines) =>
    lines.map((line) => [
      line.querySelector("text")?.textContent.trim(),
      ...[...line.querySelectorAll("td:not(.bar-cell)")].map((cell) => cell.textContent.trim()),
    ]));
  return rows;
}

const legendOf = ({ classes, states }, lang) =>
  [...classes, ...states].map(({ letter, villages, people }) => [letter, String(villages), written(lang).people(people)]);

for (const lang of ["id", "en"]) {
  browserTest(`the first screen says who, by which rule, and how many (${lang})`, {}, async ({ open }) => {
    const page = await openPlanner(open, { lang });
    const said = await answer(`/access?lang=${lang}`);
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
    assert.equal(await page.locator("h1").textContent(), said.sentences[lang][0]);
    const text = await page.locator("main").textContent();
    // Where the number of people is from stands once, in the headline.
    for (const sentence of said.sentences[lang]) {
      const [said_first] = sentence.split(/ \((?:Penduduk|Population)/);
      assert.ok(text.includes(said_first), said_first);
    }
    assert.ok((await page.locator(".rule").innerText()).includes(said.rule.run_id.slice(0, 8)));
    assert.ok((await page.locator("body").innerText()).includes(said.notice));
    assert.deepEqual(await legend(page), legendOf(said, lang));
  });
}

browserTest("classes of every method have the counts of the server", {}, async ({ open }) => {
  const page = await openPlanner(open);
  for (const method of [...METHODS.slice(1), METHODS[0]]) {
    const said = await answerAfter(page, () => page.locator("#classes").selectOption(method));
    const wanted = legendOf(said, "id");
    assert.deepEqual(await settled(() => legend(page), (rows) => String(rows) === String(wanted)), wanted);
    assert.ok(page.url().includes(`k=${method}`));
  }
  await answerAfter(page, () => page.locator("#classes").selectOption("quantile"));
  const said = await answerAfter(page, () => page.locator("#n-classes").selectOption("3"));
  assert.equal(said.classes.length, 3);
});

browserTest("people of legend and ranking add up to everybody", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const { people } = await answer("/access");
  const sum = (rows) => rows.reduce((total, row) => total + Math.round(Number(row.dataset.people) * 1000), 0) / 1000;
  assert.equal(await page.locator("#legend tbody tr[data-people]").evaluateAll(sum), people.total);
  assert.equal(await page.locator("#ranking tbody tr[data-people]").evaluateAll(sum), people.total);
});

browserTest("the picker offers what is available, and shows what is picked", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const { available } = await answer("/access");
  const services = [...new Set(available.map(({ service }) => service))];
  assert.equal(await page.locator("#service option").count(), services.length);
  assert.ok(0 < (await page.locator("#service optgroup").count()));

  const water = await page.locator("#service option").evaluateAll((options) =>
    options.map((option) => option.value).find((value) => value.startsWith("water")));
  const ofWater = await answerAfter(page, () => page.locator("#service").selectOption(water));
  assert.equal(ofWater.rule.service, "water");
  await page.getByRole("heading", { level: 1, name: ofWater.sentences.id[0] }).waitFor();

  const mode = ofWater.rule.mode === "foot" ? "motorcycle" : "foot";
  const ofMode = await answerAfter(page, () => page.locator("#mode").selectOption(mode));
  assert.deepEqual([ofMode.rule.service, ofMode.rule.mode], ["water", mode]);

  const ofDistance = await answerAfter(page, () => page.getByRole("radio", { name: "Jarak" }).click());
  assert.equal(ofDistance.rule.metric, "distance");
  await page.getByRole("heading", { level: 1, name: ofDistance.sentences.id[0] }).waitFor();
  assert.ok(page.url().includes(`i=water.${mode}.dry.distance`));

  const seasons = await page.locator("#season option:not([disabled])").evaluateAll((options) => options.map((option) => option.value));
  const computed = available.filter((each) => each.service === "water" && each.mode === mode && each.metric === "distance");
  for (const { season } of computed) assert.ok(seasons.includes(season), season);
  for (const season of seasons.filter((each) => each !== "dry")) {
    const ofSeason = await answerAfter(page, () => page.locator("#season").selectOption(season));
    assert.equal(ofSeason.rule.season, season);
  }
});
