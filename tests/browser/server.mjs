// A server of our own on a free loopback port, over the sample district in a folder that goes when it stops.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { program } from "./paths.mjs";

// A debug build makes and computes the sample in some seconds; a loaded machine takes longer.
const START_MS = 120_000;
const STOP_MS = 30_000;

// Starts `jangkau run` and waits for its address; whatever it logged is in the error when it does not come.
export async function startServer(profile = "debug") {
  const folder = mkdtempSync(join(tmpdir(), "jangkau-browser-"));
  // As root the database belongs to another user, who must be able to get there.
  chmodSync(folder, 0o755);
  const child = spawn(program(profile), ["run", "--port", "0", "--data-dir", join(folder, "data")], {
    stdio: ["ignore", "pipe", "pipe"],
    // Its own process group: Ctrl-C reaches this script, which then stops the server itself.
    detached: true,
    env: { ...process.env, DATABASE_URL: "", NO_COLOR: "1" },
  });
  let log = "";
  child.stderr.on("data", (bytes) => (log += bytes));
  const exited = once(child, "exit");

  async function stop() {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGINT");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await exited;
      clearTimeout(timer);
    }
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    const address = await firstAddress(child, exited);
    return { address, stop, log: () => log };
  } catch (error) {
    await stop();
    throw new Error(`the server did not start: ${error.message}\n${log}`);
  }
}

// The origin that the last line of standard output names.
async function firstAddress(child, exited) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no address within ${START_MS / 1000} s`)), START_MS);
  });
  const gone = exited.then(([code, signal]) => {
    throw new Error(`it ended with ${code ?? signal}`);
  });
  // Once the address is there, an exit is no news for this function.
  gone.catch(() => {});
  const said = new Promise((found) => {
    let output = "";
    child.stdout.on("data", (bytes) => {
      output += bytes;
      const address = output.match(/^(http:\/\/127\.0\.0\.1:\d+)\/?\s*$/m);
      if (address) found(address[1]);
    });
  });
  try {
    return await Promise.race([said, gone, late]);
  } finally {
    clearTimeout(timer);
  }
}
