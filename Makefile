# Everything on a machine with Python 3.11+ and make: `make demo`, `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# of pytest: two for each processor, because the tests wait for two thirds of their time
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) \* 2)
# How much of the code the tests come by is measured where none is left out: it doubles their processor time.
MEASURED := $(if $(SIDECAR_TEST_ALL),--cov --cov-report=)

# Where it is set, each worker and each process that a test starts compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test tests lint soak bench coverage lock format words clean
.DEFAULT_GOAL := help

help:  ## what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.installed  ## a simulated Zammad, the sidecar and a scripted phone; Ctrl-C ends it
	$(BIN)/sipgate-sidecar demo $(ARGS)

test: lint tests  ## formatter, linter, types, tests; ARGS are pytest's own, all tests without any

tests: $(VENV)/.developing  ## the tests alone
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(or $(ARGS),$(MEASURED))

lint: $(VENV)/.developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

coverage: ARGS := --cov --cov-report=term-missing:skip-covered
coverage: tests  ## the tests, and the lines and branches that they do not come by

soak: $(VENV)/.developing  ## a hundred crashes, then half an hour of faults, on either database
	SIDECAR_TEST_CRASHES=100 SIDECAR_TEST_SOAK_MINUTES=30 $(BIN)/python -m pytest -s \
	  tests/whole_service/reliability/test_crashes.py tests/whole_service/reliability/test_long_run.py

bench: $(VENV)/.developing  ## every benchmark: tables on the screen, JSON under bench/results
	$(BIN)/python -m bench $(ARGS)

format: $(VENV)/.developing  ## let the formatter and the linter mend what they can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:  ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements/runtime.lock
	uv pip compile pyproject.toml --group dev -c requirements/runtime.lock --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements/dev.lock

words: $(VENV)/.developing  ## bring the catalogues of messages up to the code; says what has to be translated
	$(BIN)/python -m sidecar.words

clean:  ## remove what the targets above made
	rm -rf $(VENV) .venv-newest build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements/runtime.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/runtime.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.developing: requirements/dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@
