// What opens over the page: how a number is computed, what is wrong with it, pictures, the embedded map.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { address, answer, browserTest } from "./browser.mjs";
import { decode } from "./pixels.mjs";
import { firstAnswer, openPlanner, settled } from "./planner.mjs";

const MAY_COPY = { context: { permissions: ["clipboard-read", "clipboard-write"] } };
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

async function openDialog(page, button) {
  await page.getByRole("button", { name: button }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  return dialog;
}

browserTest("how a number is computed is one click away", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const dialog = await openDialog(page, "Bagaimana ini dihitung?");
  const text = await dialog.innerText();
  const { rule, inputs } = await answer("/access");
  assert.ok(text.includes(rule.run_id));
  assert.ok(0 < inputs.length);
  assert.equal(await dialog.locator("tbody tr").count(), inputs.length);
});

browserTest("what is wrong with the data is one click away", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const dialog = await openDialog(page, "Apa yang salah dengan data ini?");
  assert.match(await dialog.innerText(), /[Dd]ata contoh/);
});

browserTest("a village's card leads to both, about that village", {}, async ({ open }) => {
  const { rows } = await firstAnswer();
  const village = rows.find(({ state }) => state === "within");
  const page = await openPlanner(open, { hash: `#sel=${village.code}` });
  await page.locator("#card .facilities").waitFor();
  await page.locator("#card").getByRole("button", { name: "Apa yang salah" }).click();
  assert.ok((await page.getByRole("dialog").innerText()).includes(village.name));
  await page.keyboard.press("Escape");
  await page.locator("#card").getByRole("button", { name: "Bagaimana ini dihitung?" }).click();
  await page.getByRole("dialog").waitFor();
});

browserTest("a dialog closes by Escape and gives the focus back", {}, async ({ open }) => {
  const page = await openPlanner(open);
  await openDialog(page, "Bagaimana ini dihitung?");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Bagaimana ini dihitung?");
});

browserTest("the picture dialog gives pictures in both sizes and sentences to copy", MAY_COPY, async ({ open }) => {
  const page = await openPlanner(open, { hash: "#k=quantile" });
  const dialog = await openDialog(page, /Gambar/);
  const preview = dialog.locator("img");
  assert.ok(await settled(() => preview.evaluate((image) => image.naturalWidth), (width) => 0 < width));
  const { sentences } = await answer("/access?classes=quantile&n=5");
  assert.ok(3 <= sentences.id.length);
  const text = await dialog.innerText();
  for (const sentence of sentences.id) assert.ok(text.includes(sentence), sentence);
  await dialog.getByRole("button", { name: "Salin kalimat" }).first().click();
  assert.equal(await settled(() => clipboard(page), Boolean), sentences.id[0]);

  const links = dialog.getByRole("link", { name: "PNG" });
  for (const [index, [width, height]] of [[1600, 900], [1200, 630]].entries()) {
    const [file] = await Promise.all([page.waitForEvent("download"), links.nth(index).click()]);
    assert.match(file.suggestedFilename(), /^CONTOH-.*\.png$/);
    const picture = decode(readFileSync(await file.path()));
    assert.deepEqual([picture.width, picture.height], [width, height]);
  }
});

browserTest("the embed dialog makes what others paste", MAY_COPY, async ({ open }) => {
  const page = await openPlanner(open, { hash: "#i=water.foot.dry.time&k=quantile" });
  const dialog = await openDialog(page, "Sematkan");
  const preview = dialog.frameLocator("iframe");
  await preview.locator("h1").waitFor();
  const [code, link, svg] = await dialog.locator("textarea").all();
  const before = await code.inputValue();
  assert.match(before, /^<iframe src="http[^"]*\/embed\?[^"]*" title="[^"]+" loading="lazy" allowfullscreen style="width:100%;aspect-ratio:4\/3;min-height:480px;border:0"><\/iframe>$/);
  assert.match(before, /service=water&amp;mode=foot/);
  assert.match(before, /classes=quantile/);

  await dialog.getByRole("radio", { name: "English" }).click();
  await dialog.getByRole("radio", { name: "Tetap" }).click();
  await dialog.getByLabel("Tinggi dalam piksel").fill("520");
  await dialog.getByLabel("Tinggi dalam piksel").blur();
  const after = await settled(() => code.inputValue(), (text) => text.includes("520px"));
  assert.match(after, /lang=en/);
  assert.match(after, /style="width:100%;height:520px;border:0"/);
  await dialog.locator('iframe[src*="lang=en"]').waitFor();
  assert.equal(await settled(() => preview.locator("html").getAttribute("lang"), (lang) => lang === "en"), "en");
  const box = await dialog.locator("iframe").boundingBox();
  assert.equal(Math.round(box.height), 520);

  for (const [area, name] of [[code, /Salin: Kode/], [link, /Salin: Tautan/], [svg, /Salin: Gambar/]]) {
    const text = await area.inputValue();
    await dialog.getByRole("button", { name }).click();
    assert.equal(await settled(() => clipboard(page), (copied) => copied === text), text);
    if (area !== code) {
      assert.ok(text.startsWith(`${address}/`));
      assert.equal((await fetch(text)).status, 200, text);
    }
  }
  assert.match((await fetch(await svg.inputValue())).headers.get("content-type"), /^image\/svg\+xml/);
});
