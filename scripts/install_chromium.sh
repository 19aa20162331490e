#!/usr/bin/env bash
# Provides Chromium for the browser tests: installed by apt-get when root on Debian, else named.
# Without it those tests are skipped; under CI=true its absence is a failure.
set -euo pipefail

command -v chromium >/dev/null && exit 0

if [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then
    echo "Installing Debian's chromium for the browser tests ..."
    export DEBIAN_FRONTEND=noninteractive
    if apt-get -qq update && apt-get -qq install -y --no-install-recommends \
        chromium fonts-dejavu-core >/dev/null </dev/null; then
        exit 0
    fi
fi

echo "Browser tests need Chromium: install the package 'chromium' (apt-get install chromium)." >&2
[[ ${CI:-} != true ]]
