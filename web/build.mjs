// Bundles the front end into dist/: hashed names, compressed variants beside each file, and manifest.json,
// which says under which name each file is served.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { build } from "esbuild";

const OUT = "dist";
// What a browser of the last two years runs.
const TARGET = ["es2022"];
const ENTRIES = ["src/planner.tsx", "src/planner.css", "src/embed.tsx", "src/embed.css"];
// Served as they are, under a hashed name.
const STATIC = ["src/icon.svg"];
// The font of server-drawn pictures, embedded by the program under these names, with its licence.
const FONT = "node_modules/dejavu-fonts-ttf";
const FONT_FILES = { "DejaVuSans.ttf": "ttf/DejaVuSans.ttf", "DejaVuSans-Bold.ttf": "ttf/DejaVuSans-Bold.ttf", "DejaVu-LICENSE.txt": "LICENSE" };
// The map library, loaded after the first screen; its worker is a file of its own.
const MAP_LIBRARY = ["maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"];
const COMPRESSIBLE = [".js", ".mjs", ".css", ".svg", ".json", ".html"];

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const manifest = {};

function write(file, bytes) {
  writeFileSync(`${OUT}/${file}`, bytes);
  if (!COMPRESSIBLE.includes(extname(file))) return;
  writeFileSync(`${OUT}/${file}.gz`, gzipSync(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  writeFileSync(`${OUT}/${file}.br`, brotliCompressSync(bytes, { params }));
}

// Writes bytes under a name that carries their hash, and notes it.
function writeHashed(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const suffix = extname(name);
  manifest[name] = `${name.slice(0, -suffix.length)}-${hash}${suffix}`;
  write(manifest[name], bytes);
}

for (const path of STATIC) writeHashed(basename(path), readFileSync(path));
for (const name of MAP_LIBRARY) {
  const text = readFileSync(`node_modules/maplibre-gl/dist/${name}`, "utf8");
  // Its source map is not served.
  writeHashed(name, Buffer.from(text.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n")));
}

// What most people never open is a bundle of its own, with nothing in common: sharing would cost every first view.
const alone = await build({
  entryPoints: ["src/faults/main.tsx"],
  bundle: true,
  format: "esm",
  target: TARGET,
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  legalComments: "eof",
  write: false,
});
writeHashed("faults.js", Buffer.from(alone.outputFiles[0].contents));

const { metafile, outputFiles } = await build({
  entryPoints: ENTRIES,
  bundle: true,
  splitting: true,
  format: "esm",
  target: TARGET,
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  legalComments: "eof",
  metafile: true,
  write: false,
  outdir: OUT,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "file" },
  // Their names are in the entries, so an entry's hash changes with them.
  define: {
    FAULTS_FILE: JSON.stringify(`./${manifest["faults.js"]}`),
    MAP_LIBRARY_FILE: JSON.stringify(`./${manifest["maplibre-gl.mjs"]}`),
    MAP_WORKER_FILE: JSON.stringify(`./${manifest["maplibre-gl-worker.mjs"]}`),
    MAP_STYLES_FILE: JSON.stringify(`./${manifest["maplibre-gl.css"]}`),
  },
  external: ["./maplibre-gl-*", "./faults-*"],
});
for (const { path, contents } of outputFiles) write(basename(path), contents);
for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (entryPoint) manifest[basename(entryPoint).replace(/\.tsx?$/, ".js")] = basename(path);
}
for (const [name, path] of Object.entries(FONT_FILES)) write(name, readFileSync(`${FONT}/${path}`));
writeFileSync(`${OUT}/manifest.json`, JSON.stringify(manifest, null, 2));
