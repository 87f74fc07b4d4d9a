# The developers' commands. `make` alone prints them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
T ?= tests
CATALOGUES := $(wildcard microblog/translations/*/LC_MESSAGES/*.po)
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

.DEFAULT_GOAL := help
.PHONY: help run dev test fix migration demo bench soak shell i18n lock vendor

help: ## Print the commands.
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/catalogues.stamp ## Start the server; makes and migrates whatever is missing first.
	@exec $(BIN)/microblog serve

dev: $(VENV)/dev.stamp $(VENV)/catalogues.stamp ## Start the development server, with debugger and reloader.
	@$(BIN)/flask db upgrade
	@FLASK_DEBUG=1 exec $(BIN)/flask run

test: $(VENV)/dev.stamp $(VENV)/catalogues.stamp ## Run everything that must hold; T=path runs only the tests in there.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest --numprocesses $(CORES) --dist worksteal $(T)

fix: $(VENV)/dev.stamp ## Format the code and mend what the linter can.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migration: $(VENV)/dev.stamp ## Write a migration for what changed in the models; M="what changed".
	$(BIN)/flask db migrate --message "$(or $(M),change)"

demo: $(VENV)/catalogues.stamp ## Fill an empty server with a community, to see what it is.
	@$(BIN)/microblog demo

bench: $(VENV)/dev.stamp $(VENV)/catalogues.stamp ## Measure speed and write docs/performance.md.
	$(BIN)/python -m bench

soak: $(VENV)/dev.stamp $(VENV)/catalogues.stamp ## Run the long drills: hundreds of kills, thousands of steps.
	MICROBLOG_SOAK=1 $(BIN)/pytest --numprocesses $(CORES) --maxschedchunk 1 tests/gate tests/journeys/test_nothing_is_lost.py

shell: $(VENV)/dev.stamp ## Open a Python shell with a session and the models at hand.
	@$(BIN)/flask shell

i18n: $(VENV)/dev.stamp ## Collect the texts to translate, for every language.
	@$(BIN)/microblog translate update

lock: $(VENV)/dev.stamp ## Pin every dependency anew, with hashes.
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade --output-file requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --constraints requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade --output-file requirements-dev.txt

vendor: $(VENV)/dev.stamp ## Fetch the front-end libraries anew from npm.
	$(BIN)/python bin/vendor

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Microblog needs Python 3.11 or newer: install it, or name it, as in make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
		echo "Python's venv module is missing: install it (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }

$(VENV)/run.stamp: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Microblog needs into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/catalogues.stamp: $(CATALOGUES) | $(VENV)/run.stamp
	@$(BIN)/microblog translate compile
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what its tests need ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@
