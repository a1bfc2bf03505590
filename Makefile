# Two commands matter: `make demo` and `make test`. Each sets up what it needs; only Python 3.11+ and make are assumed.
PYTHON ?= python3
BIN := .venv/bin
SEEDS ?= 0:2000
KILLS ?= 10
SECONDS ?= 60


.PHONY: help setup demo demo-real-engine test reseed lint format types check simulate kills fuzz audit bench docs lock clean
.DEFAULT_GOAL := help

help:
	@echo "make demo      watch messages survive a gateway that dies (ends with Ctrl-C)"
	@echo "make demo-real-engine   the same with the real protocol engine and a fake WhatsApp: panics, kill -9 of everything"
	@echo "make test      all tests: units, contracts, simulation, mutants, kills"
	@echo "make setup     only the program: .venv/bin/unlost"
	@echo "make check     lint, formatting and strict types"
	@echo "make simulate  SEEDS=from:to   seeded histories with faults (default $(SEEDS))"
	@echo "make reseed    a fresh schedule for each broken program whose own went stale"
	@echo "make kills     KILLS=n         kill -9 of real processes under load"
	@echo "make fuzz      SECONDS=n       hostile bytes for each reader, chosen by coverage"
	@echo "make audit     known weaknesses of the dependencies"
	@echo "make bench     the budgets, as JSON"
	@echo "make docs      the documentation as a site, in docs/_build"

setup: .venv/.program
.venv/.program: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "unlost needs Python 3.11 or later; name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	@touch $@

.venv/.tools: .venv/.program requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup
	$(BIN)/unlost demo

# Linux with glibc, and libmagic. With the tests' tools: the fake WhatsApp is one of them.
demo-real-engine: .venv/.tools
	$(BIN)/python -m tests.demo_real_engine

# Some environments forbid bytecode files; each of the hundreds of programs that the tests start would be compiled anew there.
test: .venv/.tools
	PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

lint: .venv/.tools
	$(BIN)/ruff check .

format: .venv/.tools
	$(BIN)/ruff format .

types: .venv/.tools
	$(BIN)/mypy

check: lint types
	$(BIN)/ruff format --check .

simulate: .venv/.tools
	$(BIN)/python -m tests.simulation $(SEEDS)

# After a change of the program: the schedules that tell each broken program from it.
reseed: .venv/.tools
	PYTHONHASHSEED=0 $(BIN)/python -m tests.simulation.mutant_seeds

kills: .venv/.tools
	$(BIN)/python -m tests.kills $(KILLS)

# What is found stands in .fuzz/. Atheris has wheels for Linux on x86-64 only.
fuzz: .venv/.tools
	$(BIN)/python -m tests.fuzz --for $(SECONDS)

# Known weaknesses of what the program is made of. Needs the advisories of the package index; says of which packages it had none.
audit: .venv/.tools
	$(BIN)/pip-audit --disable-pip --require-hashes --progress-spinner off -r requirements.lock

bench: .venv/.tools
	$(BIN)/python -m bench

# A warning fails it. The pages stand in docs/_build.
docs: .venv/.tools
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build

# Needs uv on the PATH; resolves for every Python from 3.11 on.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
