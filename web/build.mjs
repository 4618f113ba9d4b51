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
const ENTRIES = ["src/page.js", "src/page.css"];
// Served as they are, under a hashed name.
const STATIC = ["src/icon.svg"];
// The font of server-drawn pictures, embedded by the program under these names, with its licence.
const FONT = "node_modules/dejavu-fonts-ttf";
const FONT_FILES = { "DejaVuSans.ttf": "ttf/DejaVuSans.ttf", "DejaVuSans-Bold.ttf": "ttf/DejaVuSans-Bold.ttf", "DejaVu-LICENSE.txt": "LICENSE" };
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

const { metafile, outputFiles } = await build({
  entryPoints: ENTRIES,
  bundle: true,
  splitting: true,
  format: "esm",
  target: TARGET,
  minify: true,
  metafile: true,
  write: false,
  outdir: OUT,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "file" },
});
for (const { path, contents } of outputFiles) write(basename(path), contents);
for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (entryPoint) manifest[basename(entryPoint)] = basename(path);
}
for (const path of STATIC) {
  const bytes = readFileSync(path);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const name = basename(path);
  const suffix = extname(name);
  manifest[name] = `${name.slice(0, -suffix.length)}-${hash}${suffix}`;
  write(manifest[name], bytes);
}
for (const [name, path] of Object.entries(FONT_FILES)) write(name, readFileSync(`${FONT}/${path}`));
const page = readFileSync("src/index.html", "utf8").replaceAll(/\{\{(.+?)\}\}/g, (_, name) => manifest[name]);
writeFileSync(`${OUT}/index.html`, page);
writeFileSync(`${OUT}/manifest.json`, JSON.stringify(manifest, null, 2));
