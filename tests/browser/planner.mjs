// The planner's page as a person uses it.

import { answer } from "./browser.mjs";

// Opens the page and waits until its script has taken over.
export async function openPlanner(open, { lang = "id", query = "", hash = "" } = {}) {
  const page = await open(`/?lang=${lang}${query}${hash}`);
  await page.locator("#service").waitFor();
  return page;
}

// The answer that the page shows after a change: the next one to `/access` that is no download.
export async function answerAfter(page, act) {
  const isAnswer = (response) => new URL(response.url()).pathname === "/access" && !response.url().includes("f=");
  const [response] = await Promise.all([page.waitForResponse(isAnswer), act()]);
  return response.json();
}

// Waits until `read`, run in this process, gives what is wanted, and returns the last that it gave.
export async function settled(read, isWanted, patience_ms = 5000) {
  const end = Date.now() + patience_ms;
  for (;;) {
    const value = await read();
    if (isWanted(value) || end < Date.now()) return value;
    await new Promise((next) => setTimeout(next, 50));
  }
}

// Numbers as each language writes them.
export function written(lang) {
  const locale = lang === "id" ? "id-ID" : "en-GB";
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const minutes = lang === "id" ? "menit" : "min";
  const unknown = lang === "id" ? "tidak diketahui" : "unknown";
  return {
    people: (value) => (value === null ? unknown : whole.format(value)),
    // Rounded up, in milliseconds: tenths of a minute below ten, whole minutes from there.
    time: (seconds) => {
      const ms = Math.round(seconds * 1000);
      return `${seconds < 600 ? tenths.format(Math.ceil(ms / 6_000) / 10) : whole.format(Math.ceil(ms / 60_000))} ${minutes}`;
    },
  };
}

// Codes of the rows of the ranking, from top to bottom.
export function shownCodes(page) {
  return page.locator("#ranking tbody tr[data-code]").evaluateAll((rows) => rows.map((row) => row.dataset.code));
}

// Villages of the sample, from the answer that the page shows first.
export async function firstAnswer() {
  return answer("/access?classes=policy&lang=id");
}
