// A test in Debian's Chromium: every one asserts that nothing broke the content security policy,
// that nothing was asked of another origin, and that no script threw.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { chromium } from "../../web/node_modules/playwright-core/index.mjs";
import { DRAWS } from "./flags.mjs";
import { HOSTS } from "./host.mjs";
import { chromiumPath, failures } from "./paths.mjs";

export const address = process.env.JANGKAU_ADDRESS;
if (!address) throw new Error("run these tests by: node tests/browser/run.mjs");

const PATIENCE_MS = 20_000;
const LIMIT_MS = 120_000;

const browsers = new Map();
const profiles = [];
after(async () => {
  for (const browser of browsers.values()) await (await browser).close();
  // A browser may still be writing for a moment after it was closed.
  for (const profile of profiles) rmSync(profile, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});

function launch(flags) {
  const key = flags.join(" ");
  if (!browsers.has(key)) browsers.set(key, chromium.launch({ executablePath: chromiumPath(), args: flags }));
  return browsers.get(key);
}

// A context of a browser with settings of its own; closing it closes that browser.
async function launchWith(preferences, flags, wanted) {
  const profile = mkdtempSync(join(tmpdir(), "jangkau-profile-"));
  mkdirSync(join(profile, "Default"));
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, { executablePath: chromiumPath(), args: flags, ...wanted });
  profiles.push(profile);
  return context;
}

// Declares a test. `body` receives `open(path)`, which gives a page, and the `context` and `watch` behind it.
// Options: `flags` and `preferences` of the browser, `context` options, `isHosted` where a page of another origin
// holds ours, `expected`, a pattern of complaints that the test provokes.
export function browserTest(name, options, body) {
  const { flags = DRAWS, preferences = null, context: other = {}, isHosted = false, expected = null } = options;
  const wanted = { locale: "id-ID", viewport: { width: 1280, height: 900 }, ...other };
  test(name, { timeout: LIMIT_MS }, async () => {
    const context = preferences
      ? await launchWith(preferences, flags, wanted)
      : await (await launch(flags)).newContext(wanted);
    context.setDefaultTimeout(PATIENCE_MS);
    const watch = await watchOver(context, isHosted);
    const open = async (path = "/?lang=id") => {
      const page = await context.newPage();
      await page.goto(path.startsWith("http") ? path : address + path);
      return page;
    };
    try {
      await body({ open, context, watch, browser: context.browser() });
      assert.deepEqual(watch.violations, [], "violations of the content security policy");
      assert.deepEqual(watch.foreign, [], "requests to other origins");
      const complaints = watch.complaints.filter((text) => !expected?.test(text));
      assert.deepEqual(complaints, [], "errors in the console");
    } catch (error) {
      await keep(name, context, watch);
      throw error;
    } finally {
      await context.close();
    }
  });
}

async function watchOver(context, isHosted) {
  const watch = { violations: [], foreign: [], complaints: [], requests: [] };
  // A hosting page has an origin of its own, and is part of the test.
  const allowed = [`${address}/`, "data:", ...(isHosted ? [HOSTS] : [])];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error(`Content Security Policy: ${violatedDirective} ${blockedURI}`));
  });
  context.on("request", (request) => {
    const url = request.url();
    watch.requests.push(url);
    if (!allowed.some((start) => url.startsWith(start))) watch.foreign.push(url);
  });
  context.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) watch.violations.push(message.text());
    else if (message.type() === "error") watch.complaints.push(`${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => watch.complaints.push(String(error.error().stack)));
  return watch;
}

// A picture of every page and what was heard, for whoever looks into a failure.
async function keep(name, context, watch) {
  mkdirSync(failures, { recursive: true });
  const start = join(failures, name.replaceAll(/[^a-z0-9]+/gi, "-").slice(0, 100));
  writeFileSync(`${start}.json`, JSON.stringify(watch, null, 2));
  for (const [index, page] of context.pages().entries()) {
    // A page that cannot be drawn any more must not hide why.
    await page.screenshot({ path: `${start}-${index}.png`, timeout: 5000 }).catch(() => {});
  }
}

// The answer of an address of ours, as a program sees it.
export async function answer(path) {
  const response = await fetch(address + path);
  assert.equal(response.status, 200, `${path}: ${response.status}`);
  return response.json();
}
