#!/bin/sh
# Make a virtual environment, also on a Debian whose Python came without venv.
set -eu
python=$1
folder=$2
if "$python" -m venv "$folder" >/dev/null 2>&1; then exit 0; fi
rm -rf "$folder"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing python3-venv ..." >&2
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    exec "$python" -m venv "$folder"
fi
echo "Python cannot make a virtual environment here. On Debian or Ubuntu: apt-get install python3-venv" >&2
exit 1
