// The page as it stands before anything is chosen.

import assert from "node:assert/strict";

import { answer, browserTest } from "./browser.mjs";
import { assertNotBlank } from "./pixels.mjs";

for (const lang of ["id", "en"]) {
  browserTest(`the first sentence is that of the server (${lang})`, {}, async ({ open }) => {
    const page = await open(`/?lang=${lang}`);
    const { sentences } = await answer(`/access?lang=${lang}`);
    await page.getByRole("heading", { level: 1, name: sentences[lang][0] }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
  });
}

browserTest("the map is drawn", {}, async ({ open }) => {
  const page = await open("/?lang=id");
  await page.locator("#map path.village").first().waitFor();
  assertNotBlank(await page.locator("#map").screenshot());
});
