#!/bin/sh
# Some tests need programs of Debian: install what is missing where that is allowed, else say so.
#   chromium, chromium-driver    pages as a browser shows them
#   virtuoso-opensource-7-bin    releases in a store of another maker
have() { command -v "$1" >/dev/null 2>&1; }
missing=""
have chromium || missing="$missing chromium"
have chromedriver || missing="$missing chromium-driver"
have virtuoso-t || missing="$missing virtuoso-opensource-7-bin"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && have apt-get && apt-get update -qq >/dev/null; then
    for package in $missing; do
        echo "Installing $package for the tests ..." >&2
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null ||
            echo "Tests that need $package are skipped: it could not be installed." >&2
    done
    exit 0
fi
echo "Tests that need them are skipped, for these programs are missing (Debian: apt-get install$missing)." >&2
exit 0
