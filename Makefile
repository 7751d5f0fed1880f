# Two commands on a fresh machine: `make pdf` and `make test`.  They need python3 (3.11 or newer) with pip, make
# and git; everything else goes into .venv, and TeX, where the system has none, into the user's cache.
# A checkout that cannot be written is served with folders elsewhere: make pdf VENV=~/solgen-venv INTO=~/solutions

PYTHON ?= python3
VENV ?= .venv
INTO ?= .
override VENV := $(patsubst ~/%,$(HOME)/%,$(VENV))
override INTO := $(patsubst ~/%,$(HOME)/%,$(INTO))
BIN := $(abspath $(VENV))/bin/python
PIP := $(BIN) -m pip --disable-pip-version-check --no-input install --quiet --constraint constraints.txt
SOLGEN := $(BIN) -m solgen
BASE ?=
SETS ?=
SLICE ?= calculus
SAMPLE ?= 0
FILES ?= 20000
PYTEST_ARGS ?= -n auto --maxprocesses 4

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help pdf test documents elsewhere elsewhere-short bench mutants breaks surroundings same counts lint format clean distclean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST)

pdf: $(VENV)/.ready ## the solutions of everything in problems/, in output/
	@mkdir -p $(INTO) && cd $(INTO) && { test -e problems || ln -s $(CURDIR)/problems problems; } && $(SOLGEN) build

test: $(VENV)/.ready-dev ## the whole suite, real PDFs included
	@$(SOLGEN) doctor >/dev/null 2>&1 || $(SOLGEN) doctor --fix
	@$(BIN) -m pytest $(PYTEST_ARGS)

documents: $(VENV)/.ready-dev ## every set in every notation, all three products, without a defect
	@$(SOLGEN) doctor >/dev/null 2>&1 || $(SOLGEN) doctor --fix
	@SOLGEN_DOCUMENTS=all $(BIN) -m pytest $(PYTEST_ARGS) tests/document/test_documents.py

elsewhere: ## both commands in fresh roots of other releases, as an ordinary user; needs root and debootstrap
	@$(PYTHON) -m tests.elsewhere

elsewhere-short: ## `make pdf` alone, where such roots may be made; says loudly where they may not
	@$(PYTHON) -m tests.elsewhere --short --where-possible

bench: $(VENV)/.ready-bench ## cost, whole processes, right and wrong, beside sympy and others
	@$(BIN) -m tests.bench

mutants: $(VENV)/.ready-dev ## the engine broken in one place after another; each must be noticed: make mutants SLICE=reader SAMPLE=60
	@$(BIN) -m tests.mutants --slice '$(SLICE)' --sample '$(SAMPLE)'

breaks: $(VENV)/.ready-dev ## the way from text to tree to page broken in one place after another; each must stop a build
	@$(BIN) -m tests.breaks

surroundings: $(VENV)/.ready-dev ## damaged caches and TeX trees, full disks, builds that are killed, and mutated files: none ends wrong
	@$(SOLGEN) doctor >/dev/null 2>&1 || $(SOLGEN) doctor --fix
	@$(BIN) -m tests.surroundings.damage
	@$(BIN) -m tests.surroundings.fuzz --count '$(FILES)'

same: $(VENV)/.ready-dev ## every output token for token what another commit makes: make same BASE=main~3
	@$(BIN) -m tests.same --base '$(BASE)' $(SETS)

counts: $(VENV)/.ready-dev ## where operations are named outside their table, printed text is taken apart, names say little
	@$(BIN) -m tests.counts

lint: $(VENV)/.ready-dev ## style, format, types, direction of imports
	@$(BIN) -m ruff check .
	@$(BIN) -m ruff format --check .
	@$(BIN) -m mypy
	@$(VENV)/bin/lint-imports

format: $(VENV)/.ready-dev ## put the source into ruff's format
	@$(BIN) -m ruff check --fix --select I .
	@$(BIN) -m ruff format .

clean: ## remove what was built, keep the environment
	rm -rf output build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find solgen tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environment too
	rm -rf $(VENV)

# --- set-up, once per change of pyproject.toml or constraints.txt -----------------------------------------------

NO_PACKAGES = { echo "The Python packages could not be installed from $${PIP_INDEX_URL:-the index that pip is configured for}; pip says why\
 above. Is the network there? PIP_INDEX_URL names another index. Then run make again: what is there already stays." >&2; exit 1; }

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/.python
	@echo "Installing solgen and what it needs into $(VENV) ..."
	@$(PIP) --editable . || $(NO_PACKAGES)
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@echo "Installing the test and lint tools into $(VENV) ..."
	@$(PIP) --editable '.[test,lint]' || $(NO_PACKAGES)
	@touch $@

$(VENV)/.ready-bench: $(VENV)/.ready-dev
	@$(PIP) --editable '.[bench]' || $(NO_PACKAGES)
	@touch $@

# Debian ships python3 without ensurepip: then the environment is made bare, and the system's pip fills it.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "solgen needs Python 3.11 or newer as $(PYTHON); name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@mkdir -p $(VENV) 2>/dev/null && test -w $(VENV) || { \
	    echo "$(abspath $(VENV)) cannot be written; name folders that can: make $(MAKECMDGOALS) VENV=~/solgen-venv INTO=~/solutions" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 \
	    || { $(PYTHON) -m venv --clear --without-pip $(VENV) \
	        && $(PYTHON) -m pip --python $(BIN) --disable-pip-version-check --no-input install --quiet pip; } \
	    || { echo "No environment could be made in $(VENV). On Debian or Ubuntu: sudo apt install python3-venv python3-pip" >&2; exit 1; }
	@touch $@
