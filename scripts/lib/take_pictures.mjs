// The pictures of docs/img, taken of the page as a reader of the documents would see it.

import { join } from "node:path";

import { chromium } from "../../web/node_modules/playwright-core/index.mjs";
import { DRAWS } from "../../tests/browser/flags.mjs";
import { whenIdle } from "../../tests/browser/map.mjs";
import { chromiumPath, root } from "../../tests/browser/paths.mjs";
import { startServer } from "../../tests/browser/server.mjs";

const PICTURES = [
  { file: "page.png", path: "/?lang=en", width: 1280, height: 900, selectsWorst: true },
  { file: "phone.png", path: "/?lang=id", width: 360, height: 740, selectsWorst: false },
  { file: "embed.png", path: "/embed?lang=id", width: 640, height: 480, selectsWorst: false },
];

const server = await startServer();
const browser = await chromium.launch({ executablePath: chromiumPath(), args: DRAWS });
try {
  const access = await (await fetch(`${server.address}/access`)).json();
  const reached = access.rows.filter(({ state }) => state === "within");
  const worst = reached.reduce((a, b) => (b.value < a.value ? a : b));
  for (const { file, path, width, height, selectsWorst } of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: "reduce" });
    await page.goto(`${server.address}${path}${selectsWorst ? `#sel=${worst.code}` : ""}`);
    await whenIdle(page);
    await page.screenshot({ path: join(root, "docs/img", file) });
    await page.close();
    console.log(`docs/img/${file}`);
  }
} finally {
  await browser.close();
  await server.stop();
}
