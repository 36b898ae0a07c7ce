# Two commands matter: `make run` and `make test`. Both install what is missing.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# A recipe is one script: what a line sets, the next one has.
.ONESHELL:
VENV := target/venv

.PHONY: help
help: ## Say what there is.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

.PHONY: run
run: packages-run assets ## Build, make a sample service under ./data and serve it on http://127.0.0.1:8080.
	cargo build --release --package lanyard
	exec target/release/lanyard serve --sample

.PHONY: test
test: packages-test assets peers rules ## Install what the tests need, then run every test that needs only this checkout.
	postgres=$$(tests/postgres.sh start); eval "$$postgres"
	export LANYARD_TEST_VENV="$(CURDIR)/$(VENV)" INSTA_UPDATE=no INSTA_SNAPSHOT_REFERENCES_FILE="$(CURDIR)/target/snapshots"
	rm -f target/snapshots
	cargo test --workspace --no-fail-fast
	tests/setup/snapshots.sh target/snapshots
	node --test tests/browser/

.PHONY: test-shared
test-shared: packages-test assets ## Check against the published data in ../shared.
	postgres=$$(tests/postgres.sh start); eval "$$postgres"
	cargo test --workspace --no-fail-fast --features shared --test shared

.PHONY: bench
bench: packages-bench assets peers ## Measure, and write target/bench/summary.json.
	postgres="$$(tests/postgres.sh start)"; eval "$$postgres"
	LANYARD_TEST_VENV="$(CURDIR)/$(VENV)" tests/bench/run.py

.PHONY: bench-verify
bench-verify: packages-bench assets peers ## Measure verification over HTTP and in batches, and write target/bench/http.json.
	LANYARD_TEST_VENV="$(CURDIR)/$(VENV)" tests/bench/verifying.py

.PHONY: bench-import
bench-import: export LANYARD_TEST_CLUSTER := bench
bench-import: export LANYARD_TEST_CLUSTER_CONF := tests/bench/postgres.conf
bench-import: packages-bench ## Import a million completions on each database, and write target/bench/import.json.
	postgres="$$(tests/postgres.sh start)"; eval "$$postgres"
	trap 'tests/postgres.sh remove' EXIT; trap exit INT TERM
	tests/bench/importing.py

# cargo-fuzz wants flags of the nightly compiler, which this lets the stable one take.
FUZZ := RUSTC_BOOTSTRAP=1 PATH="$(CURDIR)/target/tools/bin:$$PATH" cargo fuzz
FUZZ_SECONDS ?= 600

.PHONY: fuzz
fuzz: packages-run target/tools/bin/cargo-fuzz ## Fuzz each target for FUZZ_SECONDS (600); what is found lands in target/fuzz/found.
	$(FUZZ) build --fuzz-dir fuzz --target-dir target/fuzz
	for target in $$($(FUZZ) list --fuzz-dir fuzz); do
		echo "fuzz: $$target"
		mkdir -p target/fuzz/{corpus,found}/$$target
		$(FUZZ) run --fuzz-dir fuzz --target-dir target/fuzz $$target target/fuzz/corpus/$$target fuzz/seeds/$$target -- \
			-max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=1024 -timeout=30 -dict=fuzz/jsonld.dict \
			-artifact_prefix=target/fuzz/found/$$target/
	done

target/tools/bin/cargo-fuzz:
	cargo install --quiet --locked --root target/tools cargo-fuzz

.PHONY: lint
lint: packages-run assets rules ## Format, clippy, documentation.
	cargo fmt --all -- --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo check --manifest-path fuzz/Cargo.toml --target-dir target
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

.PHONY: rules
rules: ## Check which crate may use what.
	tests/setup/rules.sh

.PHONY: assets
assets: node_modules/.installed ## Compile the pages' style sheet and pictures.
	npm run --silent build

node_modules/.installed: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

.PHONY: peers
peers: tests/peers/node_modules/.installed tests/browser/node_modules/.installed $(VENV)/.installed

tests/%/node_modules/.installed: tests/%/package.json tests/%/package-lock.json
	npm ci --prefix tests/$* --no-audit --no-fund --loglevel=error
	touch $@

$(VENV)/.installed: tests/peers/requirements.txt
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --requirement $<
	touch $@

.PHONY: packages-run packages-test packages-bench
packages-run:
	tests/setup/packages.sh run

packages-test:
	tests/setup/packages.sh run test

packages-bench:
	tests/setup/packages.sh run test bench

.PHONY: docs
docs: ## Build the book in docs/ (needs mdbook).
	mdbook build docs
