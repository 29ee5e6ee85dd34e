SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

PORT ?= 8000
CODE ?=
BIN := .venv/bin

# A build machine may set neither a home, which Chromium wants, nor a UTF-8 locale, which our texts want.
HOME ?= $(shell echo ~)
export HOME
export PYTHONUTF8 := 1

.PHONY: help setup demo test lint check proofs bench screenshots messages format lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## virtual environment, dependencies, a browser for the tests
	@scripts/setup --browser

demo: ## the whole bot without a token, on http://127.0.0.1:8000 (PORT=...)
	@scripts/setup
	@$(BIN)/vivas-bot demo --port $(PORT)

test: setup lint check ## what CI runs
	$(BIN)/pytest -m "not chaos"

lint: ## style and types
	@scripts/setup
	$(BIN)/ruff check .
	$(BIN)/mypy

check: ## settings, translations, articles
	@scripts/setup
	$(BIN)/vivas-bot check

proofs: setup ## the long tests: kills, faults, load
	$(BIN)/pytest -m chaos

bench: ## the figures, each beside its baseline
	@scripts/setup
	$(BIN)/python -m tests.bench

screenshots: setup ## the README's pictures, from the demo
	$(BIN)/python -m tests.browser.screenshots

messages: ## catalogues from the code (CODE=pl starts a language)
	@scripts/setup
	@scripts/messages $(CODE)

format: ## lay the code out
	@scripts/setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## pin the dependencies anew (see scripts/lock)
	@scripts/lock

clean: ## all that set-up and tests made
	rm -rf .venv .venv-lock .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info locales/messages.pot
