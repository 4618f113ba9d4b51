// The map that is drawn: its colours, what it says under the pointer, and the proof of a number.

import assert from "node:assert/strict";

import { answer, browserTest } from "./browser.mjs";
import { assertMapDrawn, featuresOf, mapPicture, villageOnMap, whenIdle } from "./map.mjs";
import { colours } from "./pixels.mjs";
import { answerAfter, firstAnswer, openPlanner, settled, written } from "./planner.mjs";

const within = ({ state }) => state === "within";

browserTest("the map is drawn in the colours of the legend", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const shares = colours(await assertMapDrawn(page));
  const { classes } = await firstAnswer();
  const drawn = classes.filter(({ villages }) => 5 <= villages);
  assert.ok(2 <= drawn.length);
  for (const { letter, colour } of drawn) assert.ok(0.0005 < (shares.get(colour) ?? 0), `class ${letter}, ${colour}`);
});

browserTest("another way of travelling colours the map anew", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const before = await mapPicture(page);
  await answerAfter(page, () => page.locator("#mode").selectOption("foot"));
  const after = await settled(() => mapPicture(page), (png) => !png.equals(before));
  assert.ok(!after.equals(before));
});

browserTest("every class of the style is that of the answer", {}, async ({ open }) => {
  const page = await openPlanner(open);
  await whenIdle(page);
  const { rows, classes, states } = await firstAnswer();
  // The colour that the style gives each village, asked of the map itself.
  const drawn = await page.evaluate(() => {
    const { map } = document.getElementById("map").villageMap;
    return map
      .queryRenderedFeatures({ layers: ["villages-fill"] })
      .map(({ properties, layer }) => [properties.code, layer.paint["fill-color"]])
      .map(([code, { r, g, b, a }]) => [code, [r, g, b].map((part) => Math.round((part / a) * 255))]);
  });
  assert.ok(20 < drawn.length);
  const parts = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  for (const [code, rgb] of drawn) {
    const row = rows.find((each) => each.code === code);
    const ofClass = classes.find(({ letter }) => letter === row.class);
    if (ofClass) assert.deepEqual(rgb, parts(ofClass.colour), code);
    else assert.ok(states.some(({ letter }) => letter === row.class), code);
  }
});

browserTest("under the pointer stand name, kecamatan, value and class", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const { rows } = await firstAnswer();
  const at = await villageOnMap(page, rows.filter(within).map(({ code }) => code));
  await page.mouse.move(at.x - 30, at.y);
  await page.mouse.move(at.x, at.y, { steps: 3 });
  const row = rows.find(({ code }) => code === at.code);
  const tip = page.locator(".tip");
  const text = await settled(() => tip.innerText(), (said) => said.includes(row.name));
  for (const part of [row.name, row.kecamatan, written("id").time(row.value), row.class]) assert.ok(text.includes(part), `${part} in ${text}`);
});

browserTest("a click shows the card, and the map the route and its runner-up", {}, async ({ open }) => {
  const page = await openPlanner(open);
  const { rows, rule, district } = await firstAnswer();
  const at = await villageOnMap(page, rows.filter(within).map(({ code }) => code));
  await page.mouse.click(at.x, at.y);
  await page.locator("#card .facilities").waitFor();
  const row = rows.find(({ code }) => code === at.code);
  const village = await answer(`/villages/${at.code}`);
  const access = village.access.find((each) => each.rule.run_id === rule.run_id);
  assert.ok(access.second, "a runner-up");

  const text = await page.locator("#card").innerText();
  const { time, people } = written("id");
  const wanted = [
    row.name, row.kecamatan, time(row.value), `Kelas ${row.class}`, `Peringkat ${row.rank} dari ${rows.length}`,
    time(district.value), access.nearest.name, access.second.name, people(row.people), rule.run_id.slice(0, 8), "v1",
  ];
  for (const part of wanted) assert.ok(text.includes(part), `${part} in ${text}`);

  for (const [source, to, facility] of [["route", "nearest", access.nearest], ["route-second", "second", access.second]]) {
    const route = await answer(`/villages/${at.code}/route?service=clinic&mode=motorcycle&to=${to}`);
    const drawn = await settled(() => featuresOf(page, source), (features) => features.length === route.features.length);
    assert.ok(0 < drawn.length);
    assert.deepEqual(drawn.map(({ properties }) => properties.length_m), route.features.map(({ properties }) => properties.length_m));
    // The legs are the way to that facility: their sum is its length.
    const length = route.features.reduce((sum, { properties }) => sum + properties.length_m, 0);
    assert.ok(Math.abs(length - facility.length_m) < 1, `${length} ${facility.length_m}`);
    await page.getByText(facility.name).first().waitFor();
  }
  await whenIdle(page);
  const blue = await page.evaluate(() => {
    const { map } = document.getElementById("map").villageMap;
    return map.queryRenderedFeatures({ layers: ["route-road", "route-walk"] }).length;
  });
  assert.ok(0 < blue, "the route is within the picture");
  // Every leg with its speed and where that comes from.
  const legs = page.locator("#card .legs tbody tr");
  assert.ok(0 < (await legs.count()));
  assert.ok(0 < (await page.locator("#card .legs .sources li").count()));
});

browserTest("villages without a way have a card that says why", {}, async ({ open }) => {
  const { rows } = await firstAnswer();
  for (const state of ["unsnapped", "no_path", "beyond_cutoff"]) {
    const village = rows.find((row) => row.state === state);
    if (!village) continue;
    const page = await openPlanner(open, { hash: `#sel=${village.code}` });
    await page.locator("#card .state-means").waitFor();
    assert.ok((await page.locator("#card").innerText()).includes(village.name));
  }
});

browserTest("circles of settlements and facilities lie over the colours", {}, async ({ open }) => {
  const page = await openPlanner(open);
  await whenIdle(page);
  const counts = await page.evaluate(() => {
    const { map } = document.getElementById("map").villageMap;
    const count = (layer) => map.queryRenderedFeatures({ layers: [layer] }).length;
    return { settlements: count("settlements"), facilities: count("facilities") };
  });
  assert.ok(20 < counts.settlements && 0 < counts.facilities, JSON.stringify(counts));
  // Radius follows people.
  const radii = await page.evaluate(() => {
    const { map } = document.getElementById("map").villageMap;
    return map.queryRenderedFeatures({ layers: ["settlements"] }).map(({ properties, layer }) => [properties.people, layer.paint["circle-radius"]]);
  });
  const sorted = radii.filter(([people]) => typeof people === "number").sort(([a], [b]) => a - b);
  assert.ok(sorted[0][1] < sorted.at(-1)[1], JSON.stringify([sorted[0], sorted.at(-1)]));
});

browserTest("the map's place is in the link, and the whole district one button away", {}, async ({ open }) => {
  const page = await openPlanner(open, { hash: "#m=12/-2.3/102.7" });
  await whenIdle(page);
  const centre = () => page.evaluate(() => {
    const { map } = document.getElementById("map").villageMap;
    return [map.getZoom(), map.getCenter().lat, map.getCenter().lng];
  });
  assert.deepEqual((await centre()).map((value) => Math.round(value * 10) / 10), [12, -2.3, 102.7]);
  await page.getByRole("button", { name: "Seluruh kabupaten" }).click();
  const { bbox } = await firstAnswer();
  const [, lat, lon] = await settled(centre, ([, lat, lon]) => bbox[0] < lon && lon < bbox[2] && bbox[1] < lat && lat < bbox[3]);
  assert.ok(bbox[0] < lon && lon < bbox[2] && bbox[1] < lat && lat < bbox[3]);
  await settled(() => page.url(), (url) => !url.includes("m=12/"));
  assert.match(page.url(), /m=[\d.]+\/-?[\d.]+\/-?[\d.]+/);
});
