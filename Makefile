# site · test · lab · check · bench: each makes its own environment in .venv first. Windows: see README.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
EDITION ?= ru
PORT ?= 8000
STRICT ?=
INSTALLED := $(VENV)/.installed
CHECKED := upsample_lib book/_ext

.DEFAULT_GOAL := help
.PHONY: help site serve lab test check bench clean

help:
	@echo "make site     build both editions into _build/site (STRICT=1: any warning is an error)"
	@echo "make serve    build, then serve the site on port $(PORT)"
	@echo "make lab      open the chapters as notebooks (EDITION=en for English)"
	@echo "make test     run every test"
	@echo "make check    style, types, docstrings and their examples"
	@echo "make bench    measure the operations"
	@echo "make clean    remove what was built; the environment and your notebooks stay"

site: $(INSTALLED)
	@$(BIN)/python book/_ext/build_site.py $(if $(STRICT),--strict)

serve: site
	@echo "http://localhost:$(PORT)/  (Ctrl+C ends it)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 -d _build/site

lab: $(INSTALLED)
	@$(BIN)/python book/_ext/build_site.py --notebooks --editions $(EDITION)
	@$(BIN)/python -m jupyterlab _build/notebooks/$(EDITION)

test: $(INSTALLED)
	@$(BIN)/python -m pytest

check: $(INSTALLED)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy $(CHECKED)
	@$(BIN)/python book/_ext/check_docstrings.py upsample_lib
	@$(BIN)/python -m pytest -q --doctest-modules upsample_lib

bench: $(INSTALLED)
	@$(BIN)/python -m benchmarks.operations

clean:
	@rm -rf $(filter-out _build/notebooks,$(wildcard _build/* _build/.[!.]*))
	@$(if $(wildcard _build/notebooks),echo "kept _build/notebooks: it may hold your own work",:)

# done again when the pins or the package's own metadata change
$(INSTALLED): requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Python is missing: install Python 3.11 or newer (on Debian or Ubuntu: sudo apt install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) -V 2>&1): name a newer one, as in: make site PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing: install it (on Debian or Ubuntu: sudo apt install python3-venv)." >&2; exit 1; }
	@[ -x $(BIN)/python ] || { echo "making the environment in $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "installing what requirements.txt names (the first time takes some minutes)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt || { \
	  echo "pip could not install requirements.txt: check the network connection and the message above, then run make again." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e . || { \
	  echo "pip could not install the library of this folder: read the message above, then run make again." >&2; exit 1; }
	@touch $@
