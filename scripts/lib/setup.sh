# What the machine must have before anything is built. Sourced by scripts/run and scripts/test.
# shellcheck shell=bash

# Standard output belongs to the program: whatever is said here goes to standard error.
say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# Whether version $1 is $2 or newer.
is_at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

# Puts cargo on the path, or says how to get it.
# $1: the checkout.
require_rust() {
    local needed found
    command -v cargo >/dev/null || PATH="${CARGO_HOME:-${HOME:-}/.cargo}/bin:$PATH"
    command -v cargo >/dev/null ||
        fail "Rust is not installed. Install it as https://rustup.rs says, then run this again."

    needed=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$1/Cargo.toml")
    found=$(rustc --version | cut -d ' ' -f 2) ||
        fail "Rust is installed but has no usable toolchain. Try: rustup default stable"
    is_at_least "$found" "$needed" ||
        fail "Rust $found is too old: $needed or newer is needed. Try: rustup update stable (https://rustup.rs)"
}

# Whether what Debian's package $1 brings is there, wherever it came from.
has() {
    local postgresql=/usr/lib/postgresql/15
    case "$1" in
        build-essential) command -v cc >/dev/null ;;
        pkg-config) command -v pkg-config >/dev/null ;;
        libgdal-dev) command -v pkg-config >/dev/null && pkg-config --exists gdal ;;
        postgresql-15) [ -x "$postgresql/bin/initdb" ] ;;
        postgresql-15-postgis-3) [ -e "$postgresql/lib/postgis-3.so" ] ;;
        postgresql-15-pgrouting) compgen -G "$postgresql/lib/libpgrouting-*.so" >/dev/null ;;
        nodejs) command -v node >/dev/null && is_at_least "$(node --version | tr -d v)" 18 ;;
        npm) command -v npm >/dev/null ;;
        chromium) command -v chromium >/dev/null ;;
        gdal-bin) command -v ogr2ogr >/dev/null ;;
        osm2pgsql) command -v osm2pgsql >/dev/null ;;
        python3-venv) command -v python3 >/dev/null && python3 -c "import ensurepip" 2>/dev/null ;;
        *) fail "scripts/lib/setup.sh does not know how to look for $1" ;;
    esac
}

# Runs a command as root: directly, or through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs those of the Debian packages $@ that are missing; does nothing, and needs no rights, when none is.
require_packages() {
    local package missing=()
    for package in "$@"; do
        has "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    command -v apt-get >/dev/null ||
        fail "Missing, and this is not Debian, so install by hand what these packages bring: ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
        fail "Missing packages, and neither root nor sudo to install them. As root: apt-get install ${missing[*]}"

    say "Installing from Debian's packages: ${missing[*]}"
    install_packages "${missing[@]}" >&2 ||
        fail "Could not install them. As root: apt-get install ${missing[*]}"
    for package in "${missing[@]}"; do
        has "$package" || fail "$package is installed, but what it should bring is not there"
    done
}

# Debian starts a database of its own when the PostgreSQL server is first installed. The program makes a private one,
# so that is switched off while we install, and only then.
install_packages() {
    # shellcheck disable=SC2016 # Expanded by the inner shell, which is root's.
    as_root env DEBIAN_FRONTEND=noninteractive sh -euc '
        no_cluster=/etc/postgresql-common/createcluster.d/jangkau.conf
        trap "rm -f $no_cluster" EXIT
        mkdir -p "${no_cluster%/*}"
        echo "create_main_cluster = false" > "$no_cluster"
        apt-get update
        apt-get install --yes --no-install-recommends "$@"
    ' install "$@"
}
