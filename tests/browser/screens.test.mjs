// Small screens, large letters, and what readers have asked their system for.

import assert from "node:assert/strict";

import { browserTest } from "./browser.mjs";
import { mapPicture, whenIdle } from "./map.mjs";
import { firstAnswer, openPlanner, settled } from "./planner.mjs";

const LEAST_TARGET_PX = 24;

async function assertFits(page, what) {
  const width = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(width[0] <= width[1], `${what}: ${width[0]} px wide on ${width[1]}`);
}

for (const [name, context] of [
  ["a phone of 360 px", { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }],
  ["280 px", { viewport: { width: 280, height: 600 } }],
  // 1280 × 900 at 200 %.
  ["twice the size", { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }],
  // 1280 px at 400 %: WCAG 2.2, 1.4.10.
  ["four times the size", { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }],
]) {
  browserTest(`${name} does without scrolling sideways, card and dialog included`, { context }, async ({ open }) => {
    const { rows } = await firstAnswer();
    const village = rows.find(({ state }) => state === "within");
    const page = await openPlanner(open);
    await assertFits(page, "the page");
    await page.evaluate((code) => (location.hash = `#sel=${code}`), village.code);
    await page.locator("#card .facilities").waitFor();
    await assertFits(page, "with a card");
    await page.locator("#card").getByRole("button", { name: "Bagaimana ini dihitung?" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    const box = await dialog.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= context.viewport.width, JSON.stringify(box));
  });
}

browserTest("what is pressed is at least 24 px", { context: { viewport: { width: 360, height: 740 } } }, async ({ open }) => {
  const page = await openPlanner(open);
  await whenIdle(page);
  const small = await page.evaluate((least) => {
    // Links within a sentence are excepted (WCAG 2.2, 2.5.8), and labels stand for their inputs.
    const isInline = (element) => element.matches("p a, li a, footer a, .skip, label input");
    return [...document.querySelectorAll("a, button, select, input, summary, .segments label")]
      .filter((element) => !isInline(element) && element.checkVisibility())
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, { width, height }]) => 0 < width && (width < least || height < least))
      .map(([element, { width, height }]) => `${element.outerHTML.slice(0, 90)} ${width}×${height}`);
  }, LEAST_TARGET_PX);
  assert.deepEqual(small, []);
});

browserTest("with reduced motion nothing moves: the map jumps", { context: { reducedMotion: "reduce" } }, async ({ open }) => {
  const { rows } = await firstAnswer();
  const page = await openPlanner(open);
  await whenIdle(page);
  const village = rows.find(({ state }) => state === "within");
  await page.evaluate(() => {
    window.moves = 0;
    document.getElementById("map").villageMap.map.on("move", () => (window.moves += 1));
  });
  await page.locator(`#ranking tr[data-code="${village.code}"] button`).click();
  await page.locator("#card .facilities").waitFor();
  await whenIdle(page);
  // Each jump is one step; a flight would be dozens.
  assert.ok((await page.evaluate(() => window.moves)) <= 4, `${await page.evaluate(() => window.moves)} steps`);
  const moving = await page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").length);
  assert.equal(moving, 0);
});

browserTest("forced colours leave legend, table and card readable", { context: { forcedColors: "active" } }, async ({ open }) => {
  const { rows } = await firstAnswer();
  const page = await openPlanner(open, { hash: `#sel=${rows[0].code}` });
  await page.locator("#card-title").waitFor();
  assert.ok(await page.evaluate(() => matchMedia("(forced-colors: active)").matches));
  // Class colours are data: they stay, and their letters with them.
  const swatch = page.locator("#legend tbody tr .swatch rect").first();
  const { classes } = await firstAnswer();
  const hex = classes[0].colour;
  const rgb = `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(", ")})`;
  assert.equal(await swatch.evaluate((element) => getComputedStyle(element).fill), rgb);
});

browserTest("the map has a look of high contrast, which a link keeps", {}, async ({ open }) => {
  const page = await openPlanner(open);
  await whenIdle(page);
  const before = await mapPicture(page);
  await page.getByRole("radio", { name: "Kontras tinggi" }).click();
  await settled(() => page.url(), (url) => url.includes("look=contrast"));
  assert.ok(page.url().includes("look=contrast"));
  assert.ok(await settled(async () => !(await mapPicture(page)).equals(before), Boolean));
});
