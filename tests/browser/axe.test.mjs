// Every view and every dialog, in both languages: axe finds nothing.

import { assertAccessible } from "./accessibility.mjs";
import { browserTest } from "./browser.mjs";
import { whenIdle } from "./map.mjs";
import { firstAnswer, openPlanner } from "./planner.mjs";

const BUTTONS = {
  id: { how: "Bagaimana ini dihitung?", doubts: "Apa yang salah dengan data ini?", picture: /Gambar/, embed: "Sematkan" },
  en: { how: "How is this computed?", doubts: "What is wrong with this data?", picture: /Picture/, embed: "Embed" },
};

for (const lang of ["id", "en"]) {
  browserTest(`axe finds nothing in any view or dialog (${lang})`, {}, async ({ open }) => {
    const { rows } = await firstAnswer();
    const page = await openPlanner(open, { lang });
    await whenIdle(page);
    await assertAccessible(page, "the first view");

    await page.locator("#search").fill(rows[0].name);
    await page.locator('[role="listbox"] [role="option"]').first().waitFor();
    await assertAccessible(page, "while searching");
    await page.keyboard.press("Escape");

    for (const [name, button] of Object.entries(BUTTONS[lang])) {
      await page.getByRole("button", { name: button }).first().click();
      await page.getByRole("dialog").waitFor();
      await assertAccessible(page, `the dialog ${name}`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }

    for (const state of ["within", "unsnapped", "no_path"]) {
      const village = rows.find((row) => row.state === state);
      if (!village) continue;
      await page.locator(`#ranking tr[data-code="${village.code}"] button`).click();
      await page.locator("#card .questions").waitFor();
      await assertAccessible(page, `the card of a village ${state}`);
      await page.keyboard.press("Escape");
    }
  });

  browserTest(`axe finds nothing on a phone (${lang})`, { context: { viewport: { width: 360, height: 740 } } }, async ({ open }) => {
    const page = await openPlanner(open, { lang });
    await whenIdle(page);
    await assertAccessible(page, "the first view");
    await page.locator("#ranking tbody button").first().click();
    await page.locator("#card .questions").waitFor();
    await assertAccessible(page, "a card");
  });

  browserTest(`axe finds nothing on the page without JavaScript (${lang})`, {}, async ({ context, open }) => {
    // The scripts do not arrive, so what the server has drawn stays; axe itself needs a page that may run it.
    await context.route(/\/assets\/.*js$/, (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
    const page = await open(`/?lang=${lang}`);
    await assertAccessible(page, "the server's page");
  });
}
