# Tools that Rust's own toolchain does not bring along. Sourced by scripts/test, after setup.sh.
# shellcheck shell=bash

# rustfmt and clippy, which a minimal toolchain lacks.
require_rust_components() {
    if cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; then return 0; fi
    command -v rustup >/dev/null || fail "rustfmt or clippy is missing: install them with your Rust toolchain"
    rustup component add rustfmt clippy >&2 || fail "Could not add rustfmt and clippy to the Rust toolchain"
}

# Prints the path of cargo-deny, built where the machine has none.
cargo_deny() { cargo_tool cargo-deny 0.20.2; }

# Prints the path of cargo-fuzz, built where the machine has none.
cargo_fuzz() { cargo_tool cargo-fuzz 0.13.2; }

# Prints the path of a tool, building it once into the user's cache where the machine has none.
# A debug build takes less than half as long, and is quick enough for what these tools do themselves.
# $1: its name. $2: the version that is built, and the oldest that will do.
cargo_tool() {
    local tool=$1 version=$2 found home
    found=$("$tool" --version 2>/dev/null | cut -d ' ' -f 2) || found=
    if [ -n "$found" ] && is_at_least "$found" "$version"; then
        command -v "$tool"
        return 0
    fi

    home=${XDG_CACHE_HOME:-${HOME:?is not set, and neither is XDG_CACHE_HOME}/.cache}/jangkau/$tool-$version
    if [ ! -x "$home/bin/$tool" ]; then
        say "Building $tool $version into $home"
        env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 \
            cargo install "$tool@$version" --locked --debug --quiet --root "$home" >&2 ||
            fail "Could not build $tool $version"
    fi
    printf '%s\n' "$home/bin/$tool"
}
