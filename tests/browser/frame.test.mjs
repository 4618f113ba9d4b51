// Pages in frames of other people's pages.

import assert from "node:assert/strict";

import { address, browserTest } from "./browser.mjs";
import { startHost } from "./host.mjs";

browserTest("the planner's page does not render in a frame", { isHosted: true }, async ({ context, watch }) => {
  const host = await startHost(`<iframe src="${address}/?lang=id"></iframe>`);
  try {
    const page = await context.newPage();
    const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
    await page.goto(host.origin);
    await refused;
    const [, frame] = page.frames();
    // What stands there is the browser's own page of errors.
    assert.equal(await frame.locator("#headline").count(), 0);
  } finally {
    host.stop();
  }
  // The refusal is what this test is about.
  watch.violations.length = 0;
});
