# `make demo` and `make test` work from a clean clone: they make .venv themselves.
# PYTHON=/path/to/python3.12 chooses the interpreter; TESTS="tests/unit -k lag" chooses tests.

PYTHON ?=
TESTS ?=
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: help venv demo pictures test check format docs bench wheel clean

help:
	@echo "make venv    make .venv with exact versions and the command .venv/bin/spheres"
	@echo "make demo    run the baseline world, leave tables and charts in runs/demo"
	@echo "make pictures  make the demo, then the pictures of the README (needs Chromium)"
	@echo "make test    run the tests"
	@echo "make check   lint, formatting, types, generated files"
	@echo "make format  rewrite the sources in the agreed format"
	@echo "make docs    write the files that are generated: scenarios/schema.json, sim/ODD.md"
	@echo "make bench   measure the speed of the engines"
	@echo "make wheel   build dist/*.whl and try it in a fresh environment, from an empty folder"
	@echo "make clean   remove .venv, caches and build products (runs/ stays)"

venv: $(STAMP)

# The lock lists every package with its exact version; only ready-built packages are
# accepted, so no C compiler is needed.
$(STAMP): requirements.lock pyproject.toml
	@python=$$(sh .ci/find-python "$(PYTHON)") || exit 1; \
	echo "making .venv with $$python"; \
	"$$python" -m venv .venv || { echo "This Python cannot make virtual environments; \
	on Debian or Ubuntu install the package python3-venv." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--only-binary=:all: -r requirements.lock \
		|| { echo "Installing the packages of requirements.lock failed; the lines above \
	say which. A network connection to a package index is needed once." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: venv
	@$(BIN)/spheres run baseline -o runs/demo --force
	@echo "tables: runs/demo/results   charts: runs/demo/figures   summary: runs/demo/summary.csv"

pictures: demo
	@$(BIN)/python experiments/00_demo/pictures.py runs/demo

test: venv
	@$(BIN)/python -m pytest $(TESTS)

check: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -m generated tests/health

format: venv
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: venv
	@$(BIN)/spheres schema -o scenarios/schema.json
	@$(BIN)/python -m sim.analysis.odd

bench: venv
	@$(BIN)/spheres bench

wheel: venv
	@sh .ci/try-wheel $(BIN)/python

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
