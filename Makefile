SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3)
ARGS ?=

BIN := .venv/bin
# -qq: errors only, since Debian 12's pip warns about an extra of lxml that is there.
PIP := $(BIN)/pip install -qq --disable-pip-version-check --no-input
TESTS := scripts/run_tests.sh
# A changed stamp file stands for an installed set of requirements or a finished index.
VENV := .venv/stamp-venv
APP := .venv/stamp-app
DEV := .venv/stamp-dev
BENCH := .venv/stamp-bench
SAMPLE_INDEX := var/stamp-sample-index
RANKING := benchmarks/relevance/ranking
RANKING_INDEX := var/stamp-ranking-index

BUILD_PINS := requirements/build.txt
APP_PINS := requirements/app.txt
DEV_PINS := requirements/dev.txt
BENCH_PINS := requirements/bench.txt
# Folders are listed too: their time changes when a document is deleted.
SAMPLES := $(shell find sample_docs)
INDEX_CODE := $(shell find analyzers index -type f -not -path '*/__pycache__/*')

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

$(VENV):
	$(PYTHON) -m venv --clear .venv
	@touch $@

$(APP): $(VENV) $(BUILD_PINS) $(APP_PINS) pyproject.toml
	$(PIP) --require-hashes -r $(BUILD_PINS) -r $(APP_PINS)
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(APP) $(DEV_PINS)
	$(PIP) --require-hashes -r $(DEV_PINS)
	@touch $@

$(BENCH): $(DEV) $(BENCH_PINS)
	$(PIP) --require-hashes -r $(BENCH_PINS)
	@touch $@

$(SAMPLE_INDEX): $(APP) $(SAMPLES) $(INDEX_CODE)
	$(BIN)/timbao index sample_docs
	@mkdir -p $(@D) && touch $@

$(RANKING_INDEX): $(APP) $(RANKING)/articles.jsonl $(INDEX_CODE)
	$(BIN)/timbao index --index whoosh:var/ranking $(RANKING)/articles.jsonl
	@mkdir -p $(@D) && touch $@

.PHONY: setup
setup: $(DEV) ## Make .venv with the pinned requirements, development tools included

.PHONY: serve
serve: $(SAMPLE_INDEX) ## Index the sample documents and serve the search page (ARGS="--port 8080")
	$(BIN)/timbao serve $(ARGS)

.PHONY: test
test: $(DEV) ## Run the tests quickly, browser tests included, on all cores (ARGS="-k folding")
	@scripts/install_chromium.sh
	$(TESTS) "not slow and not cluster" $(ARGS)

.PHONY: test-browser
test-browser: $(DEV) ## Run the browser tests only
	@scripts/install_chromium.sh
	$(TESTS) "browser and not slow and not cluster" $(ARGS)

.PHONY: test-deep
test-deep: $(DEV) ## Run the slow tests, and closer what `make test` samples (HYPOTHESIS_PROFILE=nightly: longer)
	@scripts/install_chromium.sh
	HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-deep} $(TESTS) "(slow or deep) and not cluster" $(ARGS)

.PHONY: test-nightly
test-nightly: $(DEV) ## Kill and cut the power at every point, then 10,000 and 1,000 times (ARGS="--kills 100")
	HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest --log-cli-level=INFO tests/index/test_index_faults.py
	$(BIN)/python tests/support/random_kills.py $(ARGS)

.PHONY: test-cluster
test-cluster: $(DEV) ## Run the tests against real OpenSearch nodes, which they start (needs Java)
	@scripts/install_java.sh
	@scripts/install_chromium.sh
	$(BIN)/python -m pytest -m cluster $(ARGS)

.PHONY: lint
lint: $(DEV) ## Check style and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

.PHONY: fmt
fmt: $(DEV) ## Lay out the code and sort its imports
	$(BIN)/ruff check --quiet --select I --fix .
	$(BIN)/ruff format .

.PHONY: types
types: $(DEV) ## Check types, strictly
	$(BIN)/mypy

.PHONY: check
check: lint types ## Everything that needs no running program: lint and types

.PHONY: bench
bench: $(BENCH) ## Measure speed and size beside other engines, over an hour (FAST=1: a trial)
	scripts/bench.sh

.PHONY: eval
eval: $(SAMPLE_INDEX) $(RANKING_INDEX) ## Check the relevance of results on judged queries (ARGS="--lang en")
	$(BIN)/timbao eval check --suite benchmarks/relevance/suite $(ARGS)
	$(BIN)/timbao eval check --suite $(RANKING) --index whoosh:var/ranking $(ARGS)

.PHONY: eval-accept
eval-accept: $(SAMPLE_INDEX) $(RANKING_INDEX) ## Make the present results of both suites the baseline (REASON="why")
	$(BIN)/timbao eval baseline --suite benchmarks/relevance/suite --accept --reason "$(REASON)" $(ARGS)
	$(BIN)/timbao eval baseline --suite $(RANKING) --index whoosh:var/ranking --accept --reason "$(REASON)" $(ARGS)

.PHONY: docs
docs: $(APP) ## Write docs/cli.md from the commands' own help, and record what the API promises
	$(BIN)/python scripts/build_cli_docs.py
	$(BIN)/python scripts/build_api_contract.py

.PHONY: screenshot
screenshot: $(SAMPLE_INDEX) $(DEV) ## Take the picture in the README from the sample documents
	@scripts/install_chromium.sh
	$(BIN)/python scripts/screenshot.py

.PHONY: translations
translations: $(DEV) ## Collect the messages of the website and compile their English
	$(BIN)/python scripts/build_translations.py

.PHONY: lock
lock: ## Pin the requirements anew from pyproject.toml (ARGS=--upgrade for newer versions)
	PYTHON=$(PYTHON) scripts/lock_requirements.sh $(ARGS)

.PHONY: clean
clean: ## Remove var/ (indexes included), dist/ and caches; .venv stays
	rm -rf var dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
