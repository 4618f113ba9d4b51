// Styles against MapLibre's own validator, and tiles read by the readers that web maps use against the answers.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { root } from "./paths.mjs";

const packages = createRequire(join(root, "web/package.json"));
const load = (name) => import(pathToFileURL(packages.resolve(name)));
const { validateStyleMin } = await load("@maplibre/maplibre-gl-style-spec");
const { VectorTile } = await load("@mapbox/vector-tile");
const pbf = await load("pbf");
const Pbf = pbf.PbfReader ?? pbf.default ?? pbf.Pbf;

const address = process.env.JANGKAU_ADDRESS;

async function json(path) {
  const answer = await fetch(new URL(path, address));
  assert.equal(answer.status, 200, path);
  return answer.json();
}

// The features of a source layer over a whole zoom, once each however many tiles they are in.
async function features(description, sourceLayer, z, key) {
  const [west, south, east, north] = description.bounds;
  const n = 2 ** z;
  const column = (lon) => Math.floor(((lon + 180) / 360) * n);
  const row = (lat) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n);
  const found = new Map();
  for (let x = column(west); x <= column(east); x += 1) {
    for (let y = row(north); y <= row(south); y += 1) {
      const url = description.tiles[0].replace("{z}", z).replace("{x}", x).replace("{y}", y);
      const answer = await fetch(url);
      if (answer.status === 204) continue;
      assert.equal(answer.status, 200, url);
      const tile = new VectorTile(new Pbf(new Uint8Array(await answer.arrayBuffer())));
      const layer = tile.layers[sourceLayer];
      for (let index = 0; index < (layer?.length ?? 0); index += 1) {
        const feature = layer.feature(index);
        found.set(feature.properties[key], feature);
      }
    }
  }
  return found;
}

test("every style is valid, complete and names no other server", async () => {
  for (const name of ["day", "print", "contrast"]) {
    for (const query of ["", "?metric=distance&classes=quantile&n=4&lang=en", "?service=water&mode=foot&n=1"]) {
      const style = await json(`/styles/${name}${query}`);
      const problems = validateStyleMin(style).map((problem) => problem.message);
      assert.deepEqual(problems, [], `${name}${query}`);
      const text = JSON.stringify(style);
      assert.ok(!text.includes('"$'), `${name}${query} has a blank`);
      for (const address of text.match(/https?:\/\/[^"/]+/g) ?? []) {
        assert.equal(address, new URL(address).origin);
      }
      assert.equal(style.glyphs, undefined);
      for (const layer of style.layers) {
        if (layer.source) assert.ok(style.sources[layer.source], layer.id);
      }
    }
  }
});

test("what a style draws is in the tiles that it names", async () => {
  const style = await json("/styles/day");
  for (const layer of style.layers.filter((layer) => layer.source)) {
    const description = await json(new URL(style.sources[layer.source].url));
    const ids = description.vector_layers.map((each) => each.id);
    assert.ok(ids.includes(layer["source-layer"]), `${layer.id} in ${ids}`);
  }
});

test("patterns and marks of the styles are on the sheet at both densities", async () => {
  for (const suffix of ["", "@2x"]) {
    const places = await json(`/styles/sprite${suffix}.json`);
    for (const name of ["beyond_cutoff", "no_path", "unsnapped", "no_input"]) {
      assert.ok(places[`hatch-${name}`], name);
    }
    for (const name of ["clinics", "water-points", "schools", "closed"]) {
      assert.ok(places[`mark-${name}`], name);
    }
    const picture = await fetch(new URL(`/styles/sprite${suffix}.png`, address));
    assert.equal(picture.headers.get("content-type"), "image/png");
  }
});

test("villages in tiles are the villages of the answer, number by number", async () => {
  const description = await json("/tiles/access");
  const items = await json("/collections/access/items?limit=1000");
  for (const z of [6, 9, 12]) {
    const found = await features(description, "access", z, "code");
    assert.equal(found.size, items.features.length, `zoom ${z}`);
    for (const item of items.features) {
      const feature = found.get(item.id);
      assert.equal(feature.id, Number(item.id.replaceAll(".", "")));
      // From zoom 9 tiles also hold people, and the lengths of a run that minimises time.
      const closer = z < 9 ? [] : ["population", "length_m"];
      for (const name of ["name", "kecamatan", "time_s", "state", ...closer]) {
        assert.equal(feature.properties[name] ?? null, item.properties[name], `${item.id} ${name}`);
      }
    }
  }
});

test("people of the points in tiles are the people of the answer", async () => {
  const description = await json("/tiles/access");
  const { people } = await json("/access");
  const found = await features(description, "access-points", 10, "id");
  const inVillages = [...found.values()].filter(({ properties }) => properties.village !== undefined);
  const sum = inVillages.reduce((sum, { properties }) => sum + (properties.people ?? 0), 0);
  const states = ["within", "beyond_cutoff", "no_path", "unsnapped", "no_input"];
  const whole = states.reduce((sum, state) => sum + people[state], 0);
  assert.ok(Math.abs(sum - whole) < 0.01, `${sum} and ${whole}`);
});

test("layers in tiles are the collections", async () => {
  for (const layer of ["roads", "clinics", "schools", "water-points", "settlements", "barriers", "crossings"]) {
    const description = await json(`/tiles/${layer}`);
    const items = await json(`/collections/${layer}/items?limit=10000`);
    const found = await features(description, layer, 13, "id");
    assert.equal(found.size, items.features.length, layer);
    for (const item of items.features) {
      const { properties } = found.get(String(item.id));
      for (const [name, value] of Object.entries(properties)) {
        const expected = name === "id" ? String(item.id) : item.properties[name];
        assert.deepEqual(value, expected, `${layer} ${item.id} ${name}`);
      }
    }
  }
});
