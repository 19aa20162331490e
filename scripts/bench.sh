#!/usr/bin/env bash
# Every benchmark into benchmarks/runs/<day>, then docs/performance.md from the results.
# Takes over an hour; FAST=1 runs each on a few articles to see that it works.
set -euo pipefail
cd "$(dirname "$0")/.."

run=benchmarks/runs/$(date +%F)
python=.venv/bin/python
small=()
[[ -n "${FAST:-}" ]] && small=(--articles 2000 --queries 20 --rounds 2)
mkdir -p "$run"

"$python" benchmarks/bench_segmentation.py --json "$run/segmentation.json"
"$python" benchmarks/bench_index.py --corpus news20k --json "$run/index-news20k.json" "${small[@]:0:2}"
"$python" benchmarks/bench_query.py --corpus news60k --json "$run/query-news60k.json" "${small[@]}"
"$python" benchmarks/bench_suggest.py --corpus news60k --json "$run/suggest.json" "${small[@]:0:4}"
"$python" benchmarks/bench_start.py --corpus news60k --json "$run/start.json" "${small[@]:0:2}"
"$python" benchmarks/bench_memory.py --corpus news60k --json "$run/memory.json" "${small[@]:0:2}"
"$python" benchmarks/bench_growth.py --json "$run/growth.json" "${small[@]:0:2}"
"$python" benchmarks/bench_load.py --corpus news60k --json "$run/load.json" "${small[@]:0:2}"
"$python" benchmarks/report.py "$run"
