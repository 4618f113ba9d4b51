// What is left when something fails: the table always, and a sentence that says what is missing.

import assert from "node:assert/strict";

import { browserTest } from "./browser.mjs";
import { DRAWS_NOT } from "./flags.mjs";
import { whenIdle } from "./map.mjs";
import { assertNotBlank } from "./pixels.mjs";
import { openPlanner, shownCodes } from "./planner.mjs";

async function assertTableAndMessage(page, cause) {
  const message = page.getByText("Peta interaktif tidak dapat ditampilkan");
  await message.waitFor();
  assert.match(await message.innerText(), cause);
  assert.ok(0 < (await shownCodes(page)).length);
  // The picture that the server has drawn stands where the map would.
  const picture = page.locator(".map-first > svg, .map-failed img").first();
  assert.ok(await picture.isVisible());
  assertNotBlank(await picture.screenshot());
}

browserTest("without WebGL there are table, picture and a message", { flags: DRAWS_NOT, expected: /WebGL/ }, async ({ open }) => {
  const page = await openPlanner(open);
  await assertTableAndMessage(page, /WebGL/);
});

browserTest("with tiles failing there are table, picture and a message", { expected: /status of 500|AJAXError/ }, async ({ context, open }) => {
  await context.route(/\/tiles\/.*\/\d+\/\d+\/\d+/, (route) => route.fulfill({ status: 500, body: "" }));
  const page = await openPlanner(open);
  await assertTableAndMessage(page, /data peta/);
});

browserTest("with the worker missing the watchdog ends the wait", { expected: /status of 404|Worker|worker/ }, async ({ context, open }) => {
  await context.route(/maplibre-gl-worker/, (route) => route.fulfill({ status: 404, body: "" }));
  const page = await openPlanner(open);
  await assertTableAndMessage(page, /10 detik|pustaka|data peta/);
});

browserTest("with the map library missing there are table, picture and a message", { expected: /status of 404|Failed to load/ }, async ({ context, open }) => {
  await context.route(/\/assets\/maplibre-gl-(?!worker)[^/]*\.mjs/, (route) => route.fulfill({ status: 404, body: "" }));
  const page = await openPlanner(open);
  await assertTableAndMessage(page, /pustaka peta/);
});

browserTest("without JavaScript the server's page has headline, picture, legend and table", { context: { javaScriptEnabled: false } }, async ({ open }) => {
  const page = await open("/?lang=id");
  assert.match(await page.locator("h1").innerText(), /\d/);
  assertNotBlank(await page.locator(".map-first > svg").screenshot());
  assert.equal(await page.locator('select[name="mode"]').inputValue(), "motorcycle");
  assert.ok(1 < (await page.locator("#app table").count()));
  assert.ok(0 < (await page.locator("#app a[href*='f=csv']").count()));
});

browserTest("without the network the page keeps its numbers and says how old they are", { expected: /ERR_INTERNET_DISCONNECTED/ }, async ({ context, open }) => {
  const page = await openPlanner(open);
  await whenIdle(page);
  const before = await shownCodes(page);
  await context.setOffline(true);
  await page.getByText(/luring, data \d+ \w+/).waitFor();
  assert.deepEqual(await shownCodes(page), before);
  await page.locator("#ranking thead th.name").getByRole("button").click();
  await page.locator("#mode").selectOption("foot");
  await page.getByRole("alert").first().waitFor();
  assert.equal((await shownCodes(page)).length, before.length);
  await context.setOffline(false);
  await page.getByText(/luring, data/).waitFor({ state: "detached" });
});
