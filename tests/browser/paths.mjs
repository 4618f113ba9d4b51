// Where things are: the checkout, what cargo builds, Debian's Chromium.

import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const target = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
// Pictures and logs of tests that failed.
export const failures = join(target, "browser");

// The program as cargo built it: `debug` or `release`.
export function program(profile) {
  const path = join(target, profile, "jangkau");
  if (!existsSync(path)) {
    throw new Error(`${path} is missing: cargo build${profile === "release" ? " --release" : ""}`);
  }
  return path;
}

export function chromiumPath() {
  const path = process.env.PATH.split(delimiter)
    .map((folder) => join(folder, "chromium"))
    .find(existsSync);
  if (!path) throw new Error("chromium is missing: install Debian's package of that name");
  return path;
}
