// Runs the browser tests against one server: node tests/browser/run.mjs [WORD…] runs the files whose names hold a WORD.

import { setMaxListeners } from "node:events";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

import { failures } from "./paths.mjs";
import { startServer } from "./server.mjs";

const words = process.argv.slice(2);
const folder = fileURLToPath(new URL(".", import.meta.url));
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".test.mjs"))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .map((name) => folder + name);
if (files.length === 0) throw new Error(`no test file is called ${words.join(", ")}`);

rmSync(failures, { recursive: true, force: true });
mkdirSync(failures, { recursive: true });

const started = Date.now();
const server = await startServer();
process.env.JANGKAU_ADDRESS = server.address;
let isInterrupted = false;
const interrupt = new AbortController();
// Each file listens.
setMaxListeners(files.length + 10, interrupt.signal);
process.once("SIGINT", () => {
  isInterrupted = true;
  interrupt.abort();
});

const counts = {};
try {
  // Two at once: a browser draws while another waits.
  const stream = run({ files, concurrency: 2, signal: interrupt.signal });
  stream.on("test:diagnostic", ({ message }) => {
    const count = message.match(/^(tests|pass|fail|cancelled|skipped) (\d+)$/);
    if (count) counts[count[1]] = Number(count[2]);
  });
  for await (const text of stream.compose(new spec())) process.stdout.write(text);
} finally {
  await server.stop();
}

// What the server itself calls an error is one, whatever the browser made of it.
const errors = server.log().split("\n").filter((line) => /\bERROR\b/.test(line));
for (const line of errors) console.error(`server: ${line}`);
const seconds = Math.round((Date.now() - started) / 1000);
const { tests = 0, pass = 0, skipped = 0 } = counts;
console.log(
  `browser: ${tests} tests in ${files.length} files, ${pass} passed, ${tests - pass} failed or left out, ` +
    `${errors.length} errors in the server's log, ${seconds} s`,
);
if (pass < tests) console.log(`browser: pictures of what failed are in ${failures}`);
const isGood = 0 < tests && pass === tests && skipped === 0 && errors.length === 0 && !isInterrupted;
process.exit(isGood ? 0 : 1);
