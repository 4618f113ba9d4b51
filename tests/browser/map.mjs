// The map of the library inside a page: `#map` carries the object that draws it.

import assert from "node:assert/strict";

import { assertNotBlank } from "./pixels.mjs";

// Waits until the map has drawn all that it asked for.
export async function whenIdle(page, timeout = 20_000) {
  await page.waitForFunction(
    () => {
      const container = document.getElementById("map");
      const { map } = container?.villageMap ?? {};
      // The page has seen it too, and shows the map instead of the picture.
      return container?.closest('[data-state="drawn"]') && map?.getSource("access") && map.loaded() && map.areTilesLoaded() && !map.isMoving();
    },
    null,
    { timeout },
  );
  // What is loaded is painted in the next frame.
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
}

// A picture of what the map has drawn, without what lies over it.
export async function mapPicture(page) {
  await whenIdle(page);
  return page.locator("#map canvas").first().screenshot();
}

export async function assertMapDrawn(page) {
  const png = await mapPicture(page);
  assertNotBlank(png);
  return png;
}

// Where a village stands on the page, in its pixels: one that nothing covers, with its code and name.
export async function villageOnMap(page, codes) {
  await whenIdle(page);
  const found = await page.evaluate((wanted) => {
    const { map } = document.getElementById("map").villageMap;
    const box = document.getElementById("map").getBoundingClientRect();
    const labels = map.querySourceFeatures("access", { sourceLayer: "access-labels" });
    for (const { properties, geometry } of labels) {
      if (!wanted.includes(properties.code)) continue;
      const { x, y } = map.project(geometry.coordinates);
      const at = { x: box.x + x, y: box.y + y };
      const isFree = document.elementFromPoint(at.x, at.y)?.tagName === "CANVAS";
      const [over] = map.queryRenderedFeatures([x, y], { layers: ["villages-fill"] });
      if (isFree && over?.properties.code === properties.code) return { ...at, code: properties.code, name: over.properties.name };
    }
    return null;
  }, codes);
  assert.ok(found, "a village that can be pointed at");
  return found;
}

// Features of a GeoJSON source of the map.
export async function featuresOf(page, source) {
  return page.evaluate(async (id) => {
    const { features } = await document.getElementById("map").villageMap.map.getSource(id).getData();
    return features;
  }, source);
}
