#!/bin/sh
# Renew run.lock (what users get) and dev.lock (what tests get) from pyproject.toml.
set -eu
uv=$1
here=$(dirname "$0")
build=$(mktemp)
trap 'rm -f "$build"' EXIT
printf 'hatchling\nnodejs-wheel>=22,<25\n' >"$build" # so that installing needs no build isolation
options="--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade"
# shellcheck disable=SC2086
"$uv" pip compile -q $options "$here/../pyproject.toml" "$build" -o "$here/run.lock"
# shellcheck disable=SC2086
"$uv" pip compile -q $options "$here/../pyproject.toml" --extra dev -o "$here/dev.lock"
