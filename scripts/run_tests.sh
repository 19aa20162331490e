#!/usr/bin/env bash
# Runs tests: first those that may run side by side, a process a core or two, then the serial ones.
#   scripts/run_tests.sh "not slow and not cluster" -k folding
# The first argument chooses by markers, all others go to pytest.
set -uo pipefail
cd "$(dirname "$0")/.."
# Compiled modules are kept: half the time that a process needs to collect the tests.
unset PYTHONDONTWRITEBYTECODE

markers=$1
shift

none=5 # pytest's exit code when no test was chosen
run() { .venv/bin/python -m pytest --durations=10 --durations-min=1 "$@"; }

# Quick tests wait for servers, browsers and processes a third of their time; deep ones work. CI has
# time, and no patience with a test that did not get its share of a core.
workers=auto
[[ $markers == "not slow"* && ${CI:-} != true ]] && workers=$((2 * $(nproc)))
run -n "$workers" --dist worksteal -m "($markers) and not serial" "$@"
parallel=$?
# Interrupted, or wrong arguments.
((parallel == 2 || parallel == 4)) && exit $parallel
run -m "($markers) and serial" "$@"
serial=$?

((parallel == none)) && exit $serial
((serial == none)) && serial=0
exit $((parallel ? parallel : serial))
