#!/usr/bin/env bash
# Rewrites requirements/*.txt from pyproject.toml: exact versions with hashes, no index address.
# Give --upgrade to move to the newest versions that pyproject.toml allows.
set -euo pipefail
cd "$(dirname "$0")/.."

workspace=$(mktemp -d)
trap 'rm -rf "$workspace"' EXIT
"${PYTHON:-python3}" -m venv "$workspace/venv"
"$workspace/venv/bin/pip" install --quiet --disable-pip-version-check pip-tools==7.6.2

lock() {
    local output=$1
    shift
    CUSTOM_COMPILE_COMMAND="make lock" "$workspace/venv/bin/pip-compile" --quiet \
        --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
        --output-file "$output" "$@"
}

build=requirements/build.txt
app=requirements/app.txt
lock "$build" --only-build-deps --build-deps-for editable --build-deps-for wheel "$@" pyproject.toml
lock "$app" --extra eval --extra formats --constraint "$build" "$@" pyproject.toml
lock requirements/dev.txt --extra dev --extra eval --extra formats --extra opensearch --constraint "$build" \
    --constraint "$app" "$@" pyproject.toml
lock requirements/bench.txt --constraint "$app" "$@" requirements/bench.in
# Apart from the others: newspaper4k needs an older python-dateutil than they have.
lock requirements/extraction.txt "$@" requirements/extraction.in
