// The planner's page on a weak link: how long until the server-drawn map with its headline and legend is painted,
// and how many bytes the page takes until the map of the library stands still. Fails when a promise is missed.

import { chromium } from "../../web/node_modules/playwright-core/index.mjs";
import { DRAWS } from "../../tests/browser/flags.mjs";
import { whenIdle } from "../../tests/browser/map.mjs";
import { chromiumPath } from "../../tests/browser/paths.mjs";
import { startServer } from "../../tests/browser/server.mjs";

// The link: what mobile browsers' tools call fast 3G.
const DOWN_BITS_PER_S = 1_600_000;
const UP_BITS_PER_S = 750_000;
const LATENCY_MS = 150;
const REPEATS = 5;
const PATIENCE_MS = 120_000;

const PROMISES = {
  "first screen, ms": 3000,
  "first screen, bytes": 120_000,
  "shell, bytes": 600_000,
  "data of the view, bytes": 60_000,
};

// Runs in the page before its scripts: notes the first frame after headline, legend and drawn villages are there.
function noteFirstScreen() {
  const look = () => {
    const isDrawn =
      document.querySelector("h1")?.textContent.trim() &&
      document.querySelector("#app svg path") &&
      document.querySelector("#app table tr");
    if (!isDrawn) return requestAnimationFrame(look);
    // The frame that shows them is painted before the second callback.
    requestAnimationFrame(() => requestAnimationFrame(() => (window.firstScreen = performance.now())));
  };
  requestAnimationFrame(look);
}

// What a response is to the reader.
function kindOf(request) {
  const { pathname } = new URL(request.url());
  if (request.isNavigationRequest()) return "document";
  if (pathname.startsWith("/assets/")) return pathname.endsWith(".css") ? "style sheets" : "scripts and icons";
  return "data";
}

async function visit(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "id-ID" });
  const page = await context.newPage();
  const link = await context.newCDPSession(page);
  await link.send("Network.enable");
  await link.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: LATENCY_MS,
    downloadThroughput: DOWN_BITS_PER_S / 8,
    uploadThroughput: UP_BITS_PER_S / 8,
  });
  const finished = [];
  context.on("requestfinished", (request) => finished.push(request));
  await page.addInitScript(noteFirstScreen);
  await page.goto(`${address}/?lang=id`, { waitUntil: "commit", timeout: PATIENCE_MS });
  await page.waitForFunction(() => window.firstScreen, null, { timeout: PATIENCE_MS });
  const first_ms = await page.evaluate(() => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
    return Math.max(window.firstScreen, paint);
  });
  await whenIdle(page, PATIENCE_MS);
  const idle_ms = await page.evaluate(() => performance.now());

  const bytes = { document: 0, "style sheets": 0, "scripts and icons": 0, data: 0 };
  const largest = [];
  for (const request of finished) {
    if (request.url().startsWith("data:")) continue;
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    // The browser's protocol does not size what a worker is made from: its answer says so itself.
    const body = Math.max(responseBodySize, Number((await request.response())?.headers()["content-length"] ?? 0));
    bytes[kindOf(request)] += body + responseHeadersSize;
    largest.push([body, new URL(request.url()).pathname]);
  }
  await context.close();
  largest.sort(([a], [b]) => b - a);
  return { first_ms, idle_ms, bytes, largest: largest.slice(0, 8), n: finished.length };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const whole = (value) => Math.round(value).toLocaleString("en");

const server = await startServer("release");
const browser = await chromium.launch({ executablePath: chromiumPath(), args: DRAWS });
const visits = [];
try {
  for (let i = 0; i < REPEATS; i += 1) visits.push(await visit(browser, server.address));
} finally {
  await browser.close();
  await server.stop();
}

const of = (pick) => median(visits.map(pick));
const measured = {
  "first screen, ms": of(({ first_ms }) => first_ms),
  "first screen, bytes": of(({ bytes }) => bytes.document + bytes["style sheets"]),
  "shell, bytes": of(({ bytes }) => bytes["scripts and icons"] + bytes["style sheets"]),
  "data of the view, bytes": of(({ bytes }) => bytes.data),
};
const first = visits.map(({ first_ms }) => first_ms);
console.log(
  `${REPEATS} visits with a cold cache at ${DOWN_BITS_PER_S / 1e6} Mbit/s and ${LATENCY_MS} ms, sample of 158 villages; medians.\n` +
    `First screen between ${whole(Math.min(...first))} and ${whole(Math.max(...first))} ms; ` +
    `map still after ${whole(of(({ idle_ms }) => idle_ms))} ms and ${visits[0].n} answers.`,
);
let n_missed = 0;
for (const [what, promise] of Object.entries(PROMISES)) {
  const holds = measured[what] <= promise;
  if (!holds) n_missed += 1;
  console.log(`${holds ? "holds " : "MISSED"}  ${what}: ${whole(measured[what])} (at most ${whole(promise)})`);
}
console.log("Largest answers:");
for (const [size, path] of visits[0].largest) console.log(`${whole(size).padStart(9)}  ${path}`);
process.exitCode = n_missed === 0 ? 0 : 1;
