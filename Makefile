# Everything that is done with this repository. `make` alone lists it.
# Needs rustup, Node and make; what else is missing is installed on the way.

.DEFAULT_GOAL := help
.PHONY: help run build dev test bench lint fmt

# end-to-end tests and lints must not wait for a person
export NPM_CONFIG_UPDATE_NOTIFIER := false
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

WASM := wasm32-unknown-unknown

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: ## build in release mode and serve http://localhost:3000
	cargo xtask run --release

build: ## build in release mode: target/release/meetframe, target/site
	cargo xtask build --release

dev: ## build and serve, again after each change
	cargo xtask dev

test: ## Rust tests, TypeScript checks, end-to-end tests in Chromium
	cargo xtask test

bench: ## figures beside their physical floor
	cargo xtask setup
	cargo xtask build --release
	cargo run --release --locked --package bench

lint: ## formatting, TypeScript, clippy for the machine and for wasm, documentation
	cargo fmt --all --check
	cargo xtask tsc
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo clippy --package client --package app --features app/hydrate \
		--target $(WASM) --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --workspace --no-deps --document-private-items --locked

fmt: ## format all Rust files
	cargo fmt --all
