# site · test · lab · class · check · bench(-gpu, -site): each makes its own environment in .venv first. Windows: see README.
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
COURSE ?= class/$(EDITION)
INSTALLED := $(VENV)/.installed
# nbgrader has an environment of its own: its needs are the teacher's, not the learners'
TEACHER := $(VENV)-class
TEACHER_BIN := $(TEACHER)/$(notdir $(BIN))
TEACHER_INSTALLED := $(TEACHER)/.installed
MEASURING_INSTALLED := $(VENV)/.installed-bench
CHECKED := upsample_lib book/_ext

.DEFAULT_GOAL := help
.PHONY: help site serve lab class test check bench bench-gpu bench-site clean

help:
	@echo "make site     build both editions into _build/site (STRICT=1: any warning is an error)"
	@echo "make serve    build, then serve the site on port $(PORT)"
	@echo "make lab      open the chapters as notebooks (EDITION=en for English)"
	@echo "make class    an nbgrader course of the exercises in $(COURSE) (EDITION=en for English)"
	@echo "make test     run every test"
	@echo "make check    style, types, docstrings and their examples"
	@echo "make bench    measure the operations on the CPU (some six minutes; close what else is running)"
	@echo "make bench-gpu   measure upsample_conv2d on a GPU, with any PyTorch: PYTHON=… names its Python"
	@echo "make bench-site  the heaviest pages of the built site, the explorables' steps, Lighthouse's figures"
	@echo "make clean    remove what was built; the environment and your notebooks stay"

site: $(INSTALLED)
	@$(BIN)/python book/_ext/build_site.py $(if $(STRICT),--strict)

serve: site
	@echo "http://localhost:$(PORT)/  (Ctrl+C ends it)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 -d _build/site

lab: $(INSTALLED)
	@$(BIN)/python book/_ext/build_site.py --notebooks --editions $(EDITION)
	@$(BIN)/python -m jupyterlab _build/notebooks/$(EDITION)

class: $(TEACHER_INSTALLED)
	@$(TEACHER_BIN)/python -m upsample_lib.classroom course "$(COURSE)" --language $(EDITION)
	@cd "$(COURSE)" && PATH="$(abspath $(TEACHER_BIN)):$$PATH" && for chapter in source/*; do \
	  nbgrader generate_assignment "$${chapter#source/}" --force || exit 1; done
	@echo "source, release and nbgrader_config.py are in $(COURSE)"

test: $(INSTALLED)
	@$(BIN)/python -m pytest

check: $(INSTALLED)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy $(CHECKED)
	@$(BIN)/python book/_ext/check_docstrings.py upsample_lib
	@$(BIN)/python -m pytest -q --doctest-modules upsample_lib

bench: $(INSTALLED) $(MEASURING_INSTALLED)
	@$(BIN)/python -m benchmarks.operations
	@$(BIN)/python -m benchmarks.upsample_convolution

# on a bare machine: nothing is installed, the PyTorch that is there is the one that is measured
bench-gpu:
	@for python in "$(PYTHON)" $(BIN)/python; do \
	  if $$python -c 'import torch' 2>/dev/null; then exec $$python -m benchmarks.gpu $(GPU); fi; done; \
	  echo "no PyTorch: name a Python that has it, as in: make bench-gpu PYTHON=/path/to/python" >&2; exit 1

bench-site: $(INSTALLED)
	@$(BIN)/python -m benchmarks.site $(if $(EVERY_PAGE),--every-page)

clean:
	@rm -rf $(filter-out _build/notebooks,$(wildcard _build/* _build/.[!.]*))
	@$(if $(wildcard _build/notebooks),echo "kept _build/notebooks: it may hold your own work",:)

# $(call install,ENVIRONMENT,ITS PYTHON,PINS)
define install
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Python is missing: install Python 3.11 or newer (on Debian or Ubuntu: sudo apt install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) -V 2>&1): name a newer one, as in: make site PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing: install it (on Debian or Ubuntu: sudo apt install python3-venv)." >&2; exit 1; }
	@[ -x $(2) ] || { echo "making the environment in $(1)"; $(PYTHON) -m venv $(1); }
	@echo "installing what $(3) names (the first time takes some minutes)"
	@$(2) -m pip install --quiet --disable-pip-version-check -r $(3) || { \
	  echo "pip could not install $(3): check the network connection and the message above, then run make again." >&2; exit 1; }
	@$(2) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e . || { \
	  echo "pip could not install the library of this folder: read the message above, then run make again." >&2; exit 1; }
	@touch $@
endef

# done again when the pins or the package's own metadata change
$(INSTALLED): requirements.txt pyproject.toml
	$(call install,$(VENV),$(BIN)/python,requirements.txt)

# packages that are only measured against
$(MEASURING_INSTALLED): requirements-bench.txt $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt || { \
	  echo "pip could not install requirements-bench.txt: what it names will be listed as not installed" >&2; }
	@touch $@

$(TEACHER_INSTALLED): requirements-class.txt pyproject.toml
	$(call install,$(TEACHER),$(TEACHER_BIN)/python,requirements-class.txt)
