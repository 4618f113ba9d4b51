// Finding a village, and handing on what is seen.

import assert from "node:assert/strict";

import { browserTest } from "./browser.mjs";
import { firstAnswer, openPlanner, settled, shownCodes } from "./planner.mjs";

const found = (page) => page.locator('[role="listbox"] [role="option"]');

browserTest("a village is found by typing, arrow and Enter", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const { rows } = await firstAnswer();
  const village = rows.find(({ state }) => state === "within");
  const search = page.getByRole("combobox", { name: /Cari/ });
  await search.focus();
  await page.keyboard.type(village.code.slice(-7));
  await found(page).first().waitFor();
  await page.keyboard.press("ArrowDown");
  assert.ok(await search.getAttribute("aria-activedescendant"));
  await page.keyboard.press("Enter");
  await page.locator("#card-title").waitFor();
  assert.ok((await page.locator("#card").innerText()).includes(village.code));
});

browserTest("names are found whatever their case, and none is said to be none", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const { rows } = await firstAnswer();
  const search = page.getByRole("combobox", { name: /Cari/ });
  await search.fill(rows[0].name.toUpperCase());
  await found(page).filter({ hasText: rows[0].name }).first().waitFor();
  // Names are never without their kecamatan.
  for (const text of await found(page).allInnerTexts()) assert.match(text, /Kec\. |Kecamatan/);
  await search.fill("qqqq");
  await page.getByText("Tidak ditemukan").first().waitFor();
  assert.equal(await found(page).count(), 0);
});

browserTest("a link shows to others what is seen here", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const { rows } = await firstAnswer();
  await page.locator("#classes").selectOption("quantile");
  await settled(() => page.url(), (url) => url.includes("k=quantile"));
  await page.locator("#mode").selectOption("foot");
  await settled(() => page.url(), (url) => url.includes("clinic.foot.dry.time"));
  await page.locator("#kecamatan").selectOption(rows[0].kecamatan_code);
  await page.locator("#top").selectOption("10");
  await page.locator("#ranking thead th.name").getByRole("button").click();
  await page.locator("#ranking tbody tr[data-code]").first().getByRole("button").click();
  await page.locator("#card-title").waitFor();
  const seen = await picture(page);
  const link = page.url();
  for (const part of ["i=clinic.foot.dry.time", "k=quantile", "sel=99.", "kec=99.", "sort=name"]) assert.ok(link.includes(part), link);

  const other = await open(link);
  await other.locator("#card-title").waitFor();
  assert.deepEqual(await picture(other), seen);
});

// What of the page a link must bring back.
async function picture(page) {
  await page.locator("#legend").waitFor();
  return {
    headline: await page.locator("h1").textContent(),
    legend: await page.locator("#legend").innerText(),
    codes: await shownCodes(page),
    village: await page.locator("#card-title").innerText(),
  };
}

browserTest("going back in the browser brings back what a link named", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const first = await page.locator("h1").textContent();
  await page.evaluate(() => (location.hash = "#i=water.foot.dry.time"));
  await settled(() => page.locator("h1").textContent(), (text) => text !== first);
  await page.goBack();
  assert.equal(await settled(() => page.locator("h1").textContent(), (text) => text === first), first);
});

browserTest("a link to what does not exist says so and shows the rest", { expected: /status of (404|400)/ }, async ({ open }) => {
  const page = await openPlanner(open, { hash: "#i=clinic.boat.dry.time&sel=1.2.3" });
  await page.getByRole("alert").first().waitFor();
  assert.ok(0 < (await shownCodes(page)).length);
});
