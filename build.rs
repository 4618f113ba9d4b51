//! Says clearly what to do when the bundle of the front end is missing: the program embeds it.

use std::path::Path;

const MANIFEST: &str = "web/dist/manifest.json";

fn main() {
    println!("cargo::rerun-if-changed={MANIFEST}");
    if !Path::new(MANIFEST).exists() {
        println!(
            "cargo::error={MANIFEST} is missing: the front end is not built. \
             Run scripts/build-web (needs Node 18 or newer and npm), or scripts/run, which does it for you."
        );
    }
}
