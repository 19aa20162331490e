#!/usr/bin/env bash
# Provides Chromium for the browser tests: installed by apt-get when root on Debian, else named.
# Debian's Chromium without windows comes first: a page takes half as much of the processor.
# Without either those tests are skipped; under CI=true their absence is a failure.
set -euo pipefail

command -v chromium-headless-shell >/dev/null && exit 0

if [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then
    echo "Installing Debian's chromium-headless-shell for the browser tests ..."
    export DEBIAN_FRONTEND=noninteractive
    # With another Chromium at hand, new lists of packages are not worth the wait for a network.
    command -v chromium >/dev/null || apt-get -qq update
    if apt-get -qq install -y --no-install-recommends \
        chromium-headless-shell fonts-dejavu-core >/dev/null </dev/null; then
        exit 0
    fi
fi

command -v chromium >/dev/null && exit 0

echo "Browser tests need Chromium: apt-get install chromium-headless-shell, or chromium." >&2
[[ ${CI:-} != true ]]
