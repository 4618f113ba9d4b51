// The embedded map, by itself and in a page of somebody else.

import assert from "node:assert/strict";

import { assertAccessible } from "./accessibility.mjs";
import { address, answer, browserTest } from "./browser.mjs";
import { DRAWS_NOT } from "./flags.mjs";
import { startHost } from "./host.mjs";
import { assertMapDrawn, villageOnMap, whenIdle } from "./map.mjs";
import { assertNotBlank } from "./pixels.mjs";
import { firstAnswer, settled } from "./planner.mjs";

const FRAME = 'title="Peta" loading="lazy" allowfullscreen style="width:100%;aspect-ratio:4/3;border:0"';
const hostPage = (query, style = "width:640px") => `<div style="${style}"><iframe src="${address}/embed?${query}" ${FRAME}></iframe></div>`;

// What is inside the frame whatever its size: legend, attribution, date of the data, notice.
async function assertComplete(frame, lang) {
  const { rule, classes, notice, inputs } = await answer(`/access?lang=${lang}`);
  assert.ok(await frame.locator("h1").isVisible());
  const legend = frame.locator("#legend");
  assert.ok(await legend.isVisible());
  const letters = await legend.locator("tbody tr").allInnerTexts();
  for (const [index, { label }] of classes.entries()) assert.ok(letters[index].includes(label), label);
  const text = await frame.locator("body").innerText();
  assert.ok(text.includes(notice.split(" / ")[0]), "the notice");
  assert.ok(text.includes(String(new Date(inputs[0].made_at).getFullYear())), "the date of the data");
  assert.match(text, lang === "id" ? /Data|Sumber/ : /Data|Source/);
  assert.ok(rule.run_id);
}

for (const lang of ["id", "en"]) {
  browserTest(`the embedded map draws, is complete, and axe finds nothing (${lang})`, {}, async ({ open }) => {
    const page = await open(`/embed?lang=${lang}`);
    await assertMapDrawn(page);
    await assertComplete(page, lang);
    await assertAccessible(page, "the embedded map");
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
  });
}

for (const [width, height] of [[280, 420], [360, 480], [640, 480], [1280, 720]]) {
  browserTest(`at ${width} px the legend stays in sight and nothing scrolls sideways`, { context: { viewport: { width, height } } }, async ({ open }) => {
    const page = await open("/embed?lang=id");
    await whenIdle(page);
    await assertComplete(page, "id");
    const [all, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(all <= seen, `${all} px on ${seen}`);
    const legend = await page.locator("#legend").boundingBox();
    assert.ok(0 <= legend.y && legend.y + legend.height <= height, `legend ${JSON.stringify(legend)}`);
    const map = await page.locator("#map").boundingBox();
    assert.ok(120 <= map.height && 160 <= map.width, `map ${JSON.stringify(map)}`);
    const isFolded = await page.locator("details.caption").evaluate((element) => !element.open);
    assert.equal(isFolded, width <= 480);
  });
}

browserTest("pointing at a village tells its name and value", {}, async ({ open }) => {
  const page = await open("/embed?lang=id");
  const { rows } = await firstAnswer();
  const at = await villageOnMap(page, rows.filter(({ state }) => state === "within").map(({ code }) => code));
  await page.mouse.move(at.x - 20, at.y);
  await page.mouse.move(at.x, at.y, { steps: 3 });
  await page.locator(".tip strong").getByText(at.name).waitFor();
});

browserTest("the wheel scrolls the page, and with Ctrl zooms the map", {}, async ({ open }) => {
  const page = await open("/embed?lang=id");
  const { rows } = await firstAnswer();
  const at = await villageOnMap(page, rows.map(({ code }) => code));
  const zoom = () => page.evaluate(() => document.getElementById("map").villageMap.map.getZoom());
  const before = await zoom();
  // A hint that nobody has asked for would hide the map.
  assert.ok(await page.locator(".maplibregl-cooperative-gesture-screen").evaluate((element) => getComputedStyle(element).opacity === "0"));
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, -300);
  const hint = page.locator(".maplibregl-cooperative-gesture-screen");
  const opacity = () => hint.evaluate((element) => Number(getComputedStyle(element).opacity));
  assert.ok(0.5 < (await settled(opacity, (value) => 0.5 < value)), "the hint is seen");
  assert.equal(await hint.locator(".maplibregl-desktop-message").innerText(), "Tahan Ctrl sambil menggulir untuk memperbesar peta");
  assert.equal(await zoom(), before);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -300);
  await page.keyboard.up("Control");
  assert.ok(before < (await settled(zoom, (now) => before < now)));
});

browserTest("the full-screen link keeps every option", {}, async ({ open, context }) => {
  const query = "service=water&mode=foot&season=dry&metric=time&classes=quantile&n=4&lang=en";
  const page = await open(`/embed?${query}`);
  await whenIdle(page);
  const [full] = await Promise.all([context.waitForEvent("page"), page.getByRole("link", { name: /full map/i }).click()]);
  await full.waitForLoadState();
  const kept = new URL(full.url()).searchParams;
  for (const [name, value] of new URLSearchParams(query)) assert.equal(kept.get(name), value, name);
  await full.locator("#n-classes").waitFor();
  assert.ok((await full.locator("h1").textContent()).startsWith(await page.locator("h1").textContent()));
  assert.equal(await full.locator("#legend tbody tr[data-class]").count(), 4);
});

browserTest("it renders where everything that stores throws, and stores nothing", {}, async ({ context, open }) => {
  await context.addInitScript(() => {
    const refuse = () => {
      window.touched = (window.touched ?? 0) + 1;
      throw new DOMException("storage is refused", "SecurityError");
    };
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
      Object.defineProperty(window, name, { get: refuse });
    }
    Object.defineProperty(Document.prototype, "cookie", { get: refuse, set: refuse });
    Object.defineProperty(Navigator.prototype, "serviceWorker", { get: refuse });
  });
  const page = await open("/embed?lang=id");
  await assertMapDrawn(page);
  assert.equal(await page.evaluate(() => window.touched ?? 0), 0);
  assert.deepEqual(await context.cookies(), []);
});

browserTest(
  "in a page of another origin, with all storage blocked, it renders",
  { preferences: { profile: { default_content_setting_values: { cookies: 2 }, cookie_controls_mode: 1 } }, isHosted: true },
  async ({ context }) => {
    const host = await startHost(hostPage("lang=id"));
    try {
      const page = await context.newPage();
      await page.goto(host.origin);
      const frame = page.frames()[1];
      await frame.waitForLoadState();
      const isBlocked = await frame.evaluate(() => {
        try {
          return localStorage.length < 0;
        } catch {
          return true;
        }
      });
      assert.ok(isBlocked, "touching storage throws in this browser");
      await whenIdle(frame);
      await assertComplete(frame, "id");
      assertNotBlank(await page.locator("iframe").screenshot());
      const box = await page.locator("iframe").boundingBox();
      assert.deepEqual([box.width, box.height], [640, 480]);
    } finally {
      host.stop();
    }
  },
);

browserTest("without JavaScript there are picture, legend and table", { context: { javaScriptEnabled: false } }, async ({ open }) => {
  const page = await open("/embed?lang=id");
  await assertComplete(page, "id");
  assertNotBlank(await page.locator(".picture > svg").screenshot());
  await page.locator("details").filter({ has: page.locator("#ranking") }).locator("summary").click();
  assert.ok(await page.locator("#ranking tbody tr").first().isVisible());
});

browserTest("without WebGL the picture and the table stay", { flags: DRAWS_NOT, expected: /WebGL/ }, async ({ open }) => {
  const page = await open("/embed?lang=id");
  await page.getByText("Peta interaktif tidak dapat ditampilkan").waitFor();
  await assertComplete(page, "id");
  assertNotBlank(await page.locator(".picture > svg").screenshot());
});

browserTest("with tiles failing the picture and the table stay", { expected: /status of 500|AJAXError/ }, async ({ context, open }) => {
  await context.route(/\/tiles\/.*\/\d+\/\d+\/\d+/, (route) => route.fulfill({ status: 500, body: "" }));
  const page = await open("/embed?lang=id");
  await page.getByText("Peta interaktif tidak dapat ditampilkan").waitFor();
  await assertComplete(page, "id");
  assertNotBlank(await page.locator(".picture > svg").screenshot());
  await page.locator("details").filter({ has: page.locator("#ranking") }).locator("summary").click();
  assert.ok(await page.locator("#ranking tbody tr").first().isVisible());
});
