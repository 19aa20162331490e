#!/usr/bin/env bash
# Provides Java and Maven for the cluster tests: installed by apt-get when root on Debian, else named.
set -euo pipefail

command -v java >/dev/null && command -v mvn >/dev/null && exit 0

if [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then
    echo "Installing Debian's Java runtime and Maven for the cluster tests ..."
    export DEBIAN_FRONTEND=noninteractive
    if apt-get -qq update && apt-get -qq install -y --no-install-recommends \
        default-jre-headless maven >/dev/null </dev/null; then
        exit 0
    fi
fi

echo "Cluster tests need Java and Maven: apt-get install default-jre-headless maven." >&2
exit 1
