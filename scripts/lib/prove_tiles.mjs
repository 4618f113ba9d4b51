// Imports Jakarta's roads into a database of its own and asks once for every tile that their box touches, zoom 0 to 14.
// Fails where a tile is larger than MAX_BYTES before compression, takes longer than MAX_MS to make, or leaves roads out.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { program, root } from "../../tests/browser/paths.mjs";

const MAX_BYTES = 500_000;
const MAX_MS = 200;
const N_ROADS = 18_574;

const data = process.env.JANGKAU_REAL_DATA ?? join(root, "../shared/real-data");
const roads = join(data, "roads-jakarta-osm2012/jakarta_roads.shp");
if (!existsSync(roads)) {
  console.error(`${roads} is not there: set JANGKAU_REAL_DATA`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "jangkau-tiles-"));
// As root the database belongs to another user, who must be able to get there.
chmodSync(folder, 0o755);
const jangkau = program("release");
const place = ["--data-dir", join(folder, "data")];
const env = { ...process.env, RUST_LOG: "warn" };
delete env.DATABASE_URL;
const server = spawn(jangkau, [...place, "run", "--no-sample", "--port", "0"], {
  env,
  stdio: ["ignore", "pipe", "inherit"],
});
const gone = once(server, "exit");
let failures = 1;
try {
  const [line] = await once(createInterface({ input: server.stdout }), "line");
  failures = await prove(line.trim().replace(/\/$/, ""));
} finally {
  server.kill("SIGINT");
  await gone;
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failures === 0 ? 0 : 1);

async function prove(address) {
  const started = performance.now();
  const imported = spawnSync(jangkau, [...place, "import", "roads", roads, "--json"], { env });
  if (imported.status !== 0) {
    throw new Error(`the import failed: ${imported.stdout}${imported.stderr}`);
  }
  const { new: imports } = JSON.parse(imported.stdout);
  if (imports !== N_ROADS) throw new Error(`${imports} roads were imported and not ${N_ROADS}`);
  console.log(`import of ${N_ROADS} roads: ${seconds(started)} s`);
  const described = JSON.parse((await fetched(`${address}/tiles/roads`, "identity")).body);
  const tiles = [];
  for (let z = 0; z <= described.maxzoom; z += 1) {
    for (const [x, y] of covering(z, described.bounds)) {
      const url = described.tiles[0].replace("{z}", z).replace("{x}", x).replace("{y}", y);
      // What browsers send: the tile is made, and compressed in every form, before the first byte comes.
      const cold = await fetched(url, "gzip, deflate, br, zstd");
      const plain = cold.status === 204 ? cold : await fetched(url, "identity");
      tiles.push({
        name: `${z}/${x}/${y}`,
        ms: cold.ms,
        sent: cold.body.length,
        bytes: plain.body.length,
        dropped: Number(cold.dropped ?? 0),
        empty: cold.status === 204,
        fine: [200, 204].includes(cold.status),
      });
    }
  }
  const full = tiles.filter((tile) => !tile.empty);
  const by = (key) => full.reduce((most, tile) => (most[key] < tile[key] ? tile : most));
  const [largest, slowest] = [by("bytes"), by("ms")];
  const times = full.map((tile) => tile.ms).sort((a, b) => a - b);
  console.log(`tiles with roads: ${full.length} of ${tiles.length}, each asked for once`);
  console.log(`largest: ${largest.name}, ${largest.bytes} bytes, ${largest.sent} as brotli`);
  console.log(`slowest cold: ${slowest.name}, ${slowest.ms.toFixed(0)} ms`);
  console.log(`median cold: ${times[Math.floor(times.length / 2)].toFixed(0)} ms`);
  const wrong = tiles.filter(
    (tile) => !tile.fine || MAX_BYTES < tile.bytes || MAX_MS < tile.ms || 0 < tile.dropped,
  );
  for (const tile of wrong) {
    console.error(`${tile.name}: ${tile.bytes} bytes, ${tile.ms.toFixed(0)} ms, ${tile.dropped} left out`);
  }
  return wrong.length + (full.length === 0 ? 1 : 0);
}

// Columns and rows of the tiles that a box of degrees touches.
function* covering(z, [west, south, east, north]) {
  const n = 2 ** z;
  const within = (number) => Math.min(n - 1, Math.max(0, Math.floor(number)));
  const column = (lon) => within(((lon + 180) / 360) * n);
  const row = (lat) => within(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n);
  for (let x = column(west); x <= column(east); x += 1) {
    for (let y = row(north); y <= row(south); y += 1) yield [x, y];
  }
}

// An answer with the milliseconds until its last byte, its body as it was sent.
function fetched(url, encoding) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { headers: { "accept-encoding": encoding } }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode,
          dropped: response.headers["x-jangkau-dropped"],
          body: Buffer.concat(parts),
          ms: performance.now() - started,
        }),
      );
    }).on("error", reject);
  });
}

function seconds(started) {
  return ((performance.now() - started) / 1000).toFixed(1);
}
