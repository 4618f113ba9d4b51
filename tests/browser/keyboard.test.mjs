// The page without a mouse.

import assert from "node:assert/strict";

import { browserTest } from "./browser.mjs";
import { whenIdle } from "./map.mjs";
import { openPlanner, settled, shownCodes } from "./planner.mjs";

// Where the focus is: an id, or the nearest thing that has a name.
const focus = (page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    if (element === document.body) return "body";
    if (element.closest(".map")) return "map";
    return element.id || element.closest("[id]")?.id || element.tagName.toLowerCase();
  });

// The order of what `Tab` reaches, each named once.
async function tabOrder(page, n_steps) {
  const order = [];
  for (let step = 0; step < n_steps; step += 1) {
    await page.keyboard.press("Tab");
    const here = await focus(page);
    if (order.at(-1) !== here) order.push(here);
  }
  return order;
}

browserTest("Tab goes by skip link, indicator, search, table, map", {}, async ({ open }) => {
  const page = await openPlanner(open);
  await whenIdle(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  // Every row of the table is one stop.
  const order = await tabOrder(page, 260);
  const at = (name) => order.indexOf(name);
  for (const name of ["service", "search", "ranking", "map"]) assert.ok(0 <= at(name), `${name} in ${order}`);
  assert.ok(at("service") < at("search") && at("search") < at("ranking") && at("ranking") < at("map"), String(order));
});

browserTest("the skip link leads to the table", {}, async ({ open }) => {
  const page = await openPlanner(open);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => Boolean(document.activeElement.closest(".ranking, #ranking"))));
});

browserTest("arrows move between villages, Enter opens, Escape closes, a live region tells", {}, async ({ open }) => {
  const page = await openPlanner(open);
  await whenIdle(page);
  const told = () => page.locator('#announcement').textContent();
  await page.locator(".map [tabindex='0'], .map[tabindex='0']").first().focus();
  await page.keyboard.press("ArrowRight");
  const first = await settled(told, (text) => /Kec\. /.test(text));
  assert.match(first, /Kec\. .*kelas|Kec\. .*: /);
  await page.keyboard.press("ArrowDown");
  const second = await settled(told, (text) => text !== first);
  assert.notEqual(second, first);
  await page.keyboard.press("Enter");
  await page.locator("#card-title").waitFor();
  assert.ok(second.startsWith(await page.locator("#card-title").innerText()), second);
  await page.keyboard.press("Escape");
  await page.locator("#card").waitFor({ state: "detached" });
  assert.equal(await focus(page), "map");
});

browserTest("the card opens from a row by Enter, and Escape leads back to it", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const [code] = await shownCodes(page);
  const button = page.locator(`#ranking tr[data-code="${code}"] button`);
  await button.focus();
  await page.keyboard.press("Enter");
  await page.locator("#card-title").waitFor();
  assert.equal(await settled(() => focus(page), (name) => name === "card-title"), "card-title");
  await page.keyboard.press("Escape");
  await page.locator("#card").waitFor({ state: "detached" });
  assert.ok(await button.evaluate((element) => element === document.activeElement));
});

browserTest("what is focused can be seen", {}, async ({ open }) => {
  const page = await openPlanner(open);
  for (const name of ["#service", "#search", "#ranking tbody button"]) {
    await page.locator(name).first().focus();
    await page.keyboard.press("Shift");
    const outline = await page.locator(name).first().evaluate((element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return { outlineStyle, outlineWidth, boxShadow };
    });
    const isSeen = (outline.outlineStyle !== "none" && outline.outlineWidth !== "0px") || outline.boxShadow !== "none";
    assert.ok(isSeen, `${name}: ${JSON.stringify(outline)}`);
  }
});
