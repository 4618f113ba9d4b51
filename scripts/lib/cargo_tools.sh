# Tools that Rust's own toolchain does not bring along. Sourced by scripts/test, after setup.sh.
# shellcheck shell=bash

# rustfmt and clippy, which a minimal toolchain lacks.
require_rust_components() {
    if cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; then return 0; fi
    command -v rustup >/dev/null || fail "rustfmt or clippy is missing: install them with your Rust toolchain"
    rustup component add rustfmt clippy >&2 || fail "Could not add rustfmt and clippy to the Rust toolchain"
}

# Prints the path of cargo-deny, building it once into the user's cache where the machine has none.
# A debug build takes less than half as long, and is quick enough for a few hundred packages.
cargo_deny() {
    local version=0.20.2 found home
    found=$(cargo-deny --version 2>/dev/null | cut -d ' ' -f 2) || found=
    if [ -n "$found" ] && is_at_least "$found" "$version"; then
        command -v cargo-deny
        return 0
    fi

    home=${XDG_CACHE_HOME:-${HOME:?is not set, and neither is XDG_CACHE_HOME}/.cache}/jangkau/cargo-deny-$version
    if [ ! -x "$home/bin/cargo-deny" ]; then
        say "Building cargo-deny $version into $home"
        env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 \
            cargo install "cargo-deny@$version" --locked --debug --quiet --root "$home" >&2 ||
            fail "Could not build cargo-deny $version"
    fi
    printf '%s\n' "$home/bin/cargo-deny"
}
