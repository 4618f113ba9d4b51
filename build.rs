//! Says clearly what to do when the bundle of the front end is missing: the program embeds it.

use std::path::Path;

const MANIFEST: &str = "web/dist/manifest.json";
/// Everything that is embedded by name; the manifest is written last.
const BUNDLE: [&str; 3] = [
    MANIFEST,
    "web/dist/DejaVuSans.ttf",
    "web/dist/DejaVuSans-Bold.ttf",
];

fn main() {
    println!("cargo::rerun-if-changed={MANIFEST}");
    if let Some(missing) = BUNDLE.iter().find(|file| !Path::new(file).exists()) {
        println!(
            "cargo::error={missing} is missing: the front end is not built. \
             Run scripts/build-web (needs Node 18 or newer and npm), or scripts/run, which does it for you."
        );
    }
}
