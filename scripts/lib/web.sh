# The front end's packages and bundle. Sourced by scripts/run, scripts/test and scripts/build-web, after setup.sh.
# shellcheck shell=bash

# Installs what web/package-lock.json names, unless that was done already, checks the types of web/src
# and bundles it into web/dist.
# $1: the checkout.
build_web() {
    local web=$1/web
    # npm writes this file last, so a cut-off install is done again.
    if [ ! "$web/node_modules/.package-lock.json" -nt "$web/package-lock.json" ]; then
        (cd "$web" && npm ci --no-audit --no-fund >&2) || fail "Could not install the packages of web/package-lock.json"
    fi
    (cd "$web" && npm run --silent check >&2) || fail "The front end has type errors: see the messages above"
    (cd "$web" && npm run --silent build >&2) || fail "Could not build the front end: see the messages above"
}
