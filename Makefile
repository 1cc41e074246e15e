# Two commands matter: `make run` and `make test`. `make help` lists the rest.
# Everything built or fetched lands in CACHE, outside the checkout, so a fresh clone starts warm.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/clew
LISTEN ?= 127.0.0.1:8080
DATA ?= ./data
CARGO ?= cargo

export CARGO_TARGET_DIR ?= $(CACHE)/target
export CARGO_TERM_COLOR ?= always
PATH := $(CACHE)/tools/bin:$(PATH)
export PATH

# --- DuckDB: link the vendor's own prebuilt library where there is one, compile it elsewhere. ---
DUCKDB_VERSION := 1.5.6-r.1
DUCKDB_PACKAGE := @duckdb/node-bindings-linux-x64
ifeq ($(shell uname -sm),Linux x86_64)
export DUCKDB_LIB_DIR ?= $(CACHE)/duckdb/$(DUCKDB_VERSION)
export DUCKDB_STATIC ?= 0
DUCKDB_LIB := $(DUCKDB_LIB_DIR)/libduckdb.so
FEATURES :=
else
DUCKDB_LIB :=
FEATURES := --features clew/bundled
endif

DEBUG_BIN := $(CARGO_TARGET_DIR)/debug/clew
RELEASE_BIN := $(CARGO_TARGET_DIR)/release/clew

TRACKER_SOURCES := $(shell find tracker -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
DASHBOARD_SOURCES := $(shell find dashboard -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

# --- Build ---

$(DUCKDB_LIB): tools/duckdb/package-lock.json
	cd tools/duckdb && npm install --no-save --ignore-scripts --no-audit --no-fund
	mkdir -p $(DUCKDB_LIB_DIR)
	cp tools/duckdb/node_modules/$(DUCKDB_PACKAGE)/{LICENSE,libduckdb.so} $(DUCKDB_LIB_DIR)/
	touch $@

# Plain `cargo` works too once this file exists.
.cargo/config.toml: Makefile $(DUCKDB_LIB)
	mkdir -p .cargo
	printf '[build]\ntarget-dir = "%s"\n' '$(CARGO_TARGET_DIR)' > $@
	$(if $(DUCKDB_LIB),printf '[env]\nDUCKDB_LIB_DIR = "%s"\nDUCKDB_STATIC = "0"\n' '$(DUCKDB_LIB_DIR)' >> $@)

# Not `npm ci`: it refuses a lock file without the optional packages of every other platform, and
# not every registry mirror carries those. Versions and integrity still come from the lock file.
NPM_INSTALL := npm install --no-save --no-audit --no-fund

tracker/node_modules/.package-lock.json: tracker/package-lock.json
	cd tracker && $(NPM_INSTALL) && touch node_modules/.package-lock.json

dashboard/node_modules/.package-lock.json: dashboard/package-lock.json
	cd dashboard && $(NPM_INSTALL) && touch node_modules/.package-lock.json

tracker/dist/manifest.json: tracker/node_modules/.package-lock.json $(TRACKER_SOURCES)
	cd tracker && npm run --silent build && touch dist/manifest.json

dashboard/dist/index.html: dashboard/node_modules/.package-lock.json $(DASHBOARD_SOURCES) api/openapi.json
	cd dashboard && npm run --silent build && touch dist/index.html

.PHONY: setup assets build release
# Cargo tells checkouts that share a target folder apart by the age of their files alone, and would
# take another checkout's newer objects for this one's.
setup: .cargo/config.toml ## Fetch DuckDB's library and write .cargo/config.toml
	@mkdir -p $(CARGO_TARGET_DIR)
	@[[ "$$(cat $(CARGO_TARGET_DIR)/checkout 2>/dev/null)" == "$(CURDIR)" ]] || \
		{ find crates -name '*.rs' -exec touch {} +; echo "$(CURDIR)" > $(CARGO_TARGET_DIR)/checkout; }
assets: tracker/dist/manifest.json dashboard/dist/index.html ## Build tracker and dashboard
# Always the whole workspace: another selection of packages resolves other features, and Cargo
# would compile the dependencies once more.
build: setup assets ## Build everything, unoptimised
	$(CARGO) build --workspace --all-targets $(FEATURES)
release: setup assets ## Build the optimised binaries
	$(CARGO) build --release --workspace $(FEATURES)
	mkdir -p bin && ln -sfn $(RELEASE_BIN) bin/clew

.PHONY: run
run: release ## Serve dashboard, demo shop and API on http://127.0.0.1:8080
	exec $(RELEASE_BIN) serve --data-dir $(DATA) --listen $(LISTEN)

# --- Test ---

.PHONY: test test-deep check check-rust check-web test-rust test-api test-browser test-crash test-tools
test: test-tools check test-rust test-api test-browser test-crash ## Everything, in under 30 minutes
	@echo "make test: all suites passed"

test-deep: test-tools check ## The full counts: 1,000 kills, 200 power cuts, long property and fuzz runs
	CLEW_DEEP=1 PROPTEST_CASES=5000 $(MAKE) test-rust test-browser
	$(MAKE) test-api EXAMPLES=60
	$(MAKE) fuzz
	$(MAKE) crash KILLS=1000 POWER_CUTS=200

test-tools:
	tools/setup/test-tools.sh "$(CACHE)"

check: check-rust check-web ## Format, lint, licences, types, sizes

check-rust: setup assets
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets $(FEATURES) -- -D warnings
	cargo-deny --log-level error check licenses bans sources

check-web: assets
	cd tracker && npm run --silent check
	cd dashboard && npm run --silent check

test-rust: setup assets
	tools/setup/rust-tests.sh $(FEATURES)

test-browser: build
	cd tracker && CLEW_BIN=$(DEBUG_BIN) npm run --silent e2e
	cd dashboard && CLEW_BIN=$(DEBUG_BIN) npm run --silent e2e

# About 12,000 requests by default; EXAMPLES=60 makes more than 20,000 of them.
EXAMPLES ?= 5
test-api: test-tools build ## Ask a server whatever its API description allows and forbids (EXAMPLES=)
	tools/schemathesis/run.sh $(CACHE)/tools/schemathesis/bin/schemathesis $(DEBUG_BIN) $(EXAMPLES)

# Cutting the power means mounting images, which only root may do.
test-crash: build
	$(CARGO_TARGET_DIR)/debug/xtask crash --bin $(DEBUG_BIN) --kills 20 \
		--power-cuts $(if $(filter 0,$(shell id -u)),4,0)

# --- Measure ---

SECONDS_OF_FUZZING ?= 60
KILLS ?= 200
POWER_CUTS ?= 50
.PHONY: crash bench measure fuzz openapi screenshots
crash: test-tools release ## kill -9 and power cuts under load (KILLS=, POWER_CUTS=)
	$(CARGO_TARGET_DIR)/release/xtask crash --bin $(RELEASE_BIN) --kills $(KILLS) --power-cuts $(POWER_CUTS)

bench: test-tools release ## Print the performance table
	$(CARGO_TARGET_DIR)/release/xtask bench --bin $(RELEASE_BIN)

measure: test-tools release ## Print how fast the dashboard is with a million events (EVENTS=)
	cd dashboard && CLEW_BIN=$(RELEASE_BIN) npm run --silent measure

fuzz: ## Fuzz the journal's recovery (SECONDS_OF_FUZZING=, needs a nightly toolchain)
	crates/clew-journal/fuzz/run.sh $(SECONDS_OF_FUZZING)

openapi: build ## Regenerate api/openapi.json
	$(DEBUG_BIN) openapi > api/openapi.json

screenshots: test-tools release ## Make the README's pictures (CLEW_SHOTS=folder: every page)
	cd dashboard && CLEW_BIN=$(RELEASE_BIN) npm run --silent screenshots

.PHONY: clean
clean: ## Remove what was built inside the checkout
	rm -rf tracker/dist dashboard/dist tracker/node_modules dashboard/node_modules tools/duckdb/node_modules
