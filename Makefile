# `make demo` and `make test` work from a clean clone: they make .venv themselves.
# PYTHON=/path/to/python3.12 chooses the interpreter; TESTS="tests/unit -k lag" chooses tests.

PYTHON ?=
TESTS ?=
BIN := .venv/bin
RUN := .venv/.installed
DEV := .venv/.installed-dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help venv demo pictures test check format docs bench wheel clean

help:
	@echo "make venv    make .venv with exact versions and the command .venv/bin/spheres: runs, report,"
	@echo "             live page, developers' tools (make demo installs only what runs need)"
	@echo "make demo    run the baseline world, leave tables and charts in runs/demo"
	@echo "make pictures  make the demo, then the pictures of the README (needs Chromium)"
	@echo "make test    run the tests"
	@echo "make check   lint, formatting, types, generated files"
	@echo "make format  rewrite the sources in the agreed format"
	@echo "make docs    write the files that are generated: scenarios/schema.json, sim/ODD.md"
	@echo "make bench   measure the speed of the engines"
	@echo "make wheel   build dist/*.whl and try it in a fresh environment, from an empty folder"
	@echo "make clean   remove .venv, caches and build products (runs/ stays)"

venv: $(DEV)

# The locks list every package with its exact version; only ready-built packages are
# accepted, so no C compiler is needed.
$(RUN): requirements.lock pyproject.toml
	@python=$$(sh .ci/find-python "$(PYTHON)") || exit 1; \
	echo "making .venv with $$python"; begun=$$(date +%s); \
	"$$python" -m venv .venv || { echo "This Python cannot make virtual environments; \
	on Debian or Ubuntu install the package python3-venv." >&2; exit 1; }; \
	made=$$(date +%s); echo "installing the packages that runs need"; \
	$(call install,requirements.lock); \
	$(PIP) --no-deps --no-build-isolation -e . || exit 1; \
	echo "environment $$((made - begun)) s, packages $$(($$(date +%s) - made)) s" >.venv/.took
	@touch $(RUN)

$(DEV): $(RUN) requirements-dev.lock
	@echo "installing the packages of report, page and development"
	@$(call install,requirements-dev.lock)
	@touch $(DEV)

# One lock into .venv; says which one failed.
define install
$(PIP) --only-binary=:all: -r $(1) || { echo "Installing the packages of $(1) failed; the lines \
	above say which. A network connection to a package index is needed once." >&2; exit 1; }
endef

demo: $(RUN)
	@$(BIN)/spheres run baseline -o runs/demo --force
	@if [ -f .venv/.took ]; then echo "installed once: $$(cat .venv/.took)"; fi
	@echo "tables: runs/demo/results   charts: runs/demo/figures   summary: runs/demo/summary.csv"

pictures: venv demo
	@$(BIN)/python experiments/00_demo/pictures.py runs/demo

test: venv
	@$(BIN)/python -m pytest -n auto --dist loadfile $(TESTS)

check: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy .ci/odd
	$(BIN)/python -m pytest -q -m generated tests/health

format: venv
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: venv
	@$(BIN)/spheres schema -o scenarios/schema.json
	@$(BIN)/python .ci/odd

bench: $(RUN)
	@$(BIN)/spheres bench

wheel: venv
	@sh .ci/try-wheel $(BIN)/python

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
