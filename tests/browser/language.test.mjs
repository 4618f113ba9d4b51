// Two languages: each whole, and one click apart.

import assert from "node:assert/strict";

import { browserTest } from "./browser.mjs";
import { openPlanner } from "./planner.mjs";

// Words that stand on an English page only, and on an Indonesian page only.
const ENGLISH = /\b(the|of|people|villages|dry season|download|search)\b/gi;
const INDONESIAN = /\b(dan|jiwa|desa|musim|unduh|cari|dari|jalan|rumah sakit)\b/gi;

// What is written on the page, without data: names, codes and the notice, which is in both languages.
async function words(page) {
  return page.evaluate(() => {
    const copy = document.body.cloneNode(true);
    for (const element of copy.querySelectorAll("tbody .name, tbody .kecamatan, #kecamatan, .notice, nav, script, [lang], noscript, .brand")) element.remove();
    return copy.textContent;
  });
}

browserTest("an Indonesian page has no English", {}, async ({ open }) => {
  const page = await openPlanner(open, { lang: "id" });
  assert.deepEqual((await words(page)).match(ENGLISH) ?? [], []);
});

browserTest("an English page has no Indonesian", { context: { locale: "en-GB" } }, async ({ open }) => {
  const page = await openPlanner(open, { lang: "en" });
  assert.deepEqual((await words(page)).match(INDONESIAN) ?? [], []);
});

browserTest("the language changes and what was chosen stays", {}, async ({ open }) => {
  const page = await openPlanner(open, { hash: "#i=water.foot.dry.time&k=quantile" });
  await page.locator('a[hreflang="en"]').click();
  await page.waitForURL(/lang=en/);
  await page.locator("#service").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.match(page.url(), /i=water\.foot\.dry\.time/);
  assert.match(page.url(), /k=quantile/);
  assert.equal(await page.locator("#classes").inputValue(), "quantile");
});

browserTest("without a wish the browser's language decides, and else Indonesian", {}, async ({ browser, open }) => {
  const page = await open("/");
  assert.equal(await page.locator("html").getAttribute("lang"), "id");
  for (const [locale, lang] of [["en-GB", "en"], ["fr-FR", "id"]]) {
    const context = await browser.newContext({ locale });
    const other = await context.newPage();
    await other.goto(new URL("/", page.url()).href);
    assert.equal(await other.locator("html").getAttribute("lang"), lang, locale);
    await context.close();
  }
});
