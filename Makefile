# One recipe a verb; `make help` lists them.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
# What the lock carries. Not tamer and lpg: their licences are for the user to accept.
EXTRAS := anthropic aries distributed enhsp evals lean mcp otel proofs pyomo
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: help install system demo test lint format bench chaos load fuzz images-steps results results-smoke lock docs clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Make .venv with quod and everything it needs in it

$(STAMP): requirements.lock requirements-uv.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "quod needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	touch $(STAMP)

system: ## Install the Debian packages that widen what quod can do, where we may
	@docker/install-system.sh

demo: install ## Solve plain-language problems of several kinds, with evidence
	$(BIN)/python examples/demo.py

test: system install lint ## Run every check and test that decides a landing
	$(BIN)/pytest -n 2 --dist worksteal tests
	$(MAKE) --no-print-directory results-smoke

lint: install ## ruff, mypy, import-linter, generated docs up to date
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

format: install ## Format and mend what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: install ## Regenerate the generated pages (schema, diagnostics, settings, help texts)
	$(BIN)/python docs/generate.py

bench: install ## Ratios of our time to the bare engines', in one run each
	$(BIN)/python benchmarks/overhead.py
	$(BIN)/python benchmarks/milp.py
	$(BIN)/python benchmarks/fol.py
	$(BIN)/python benchmarks/pddl.py
	$(BIN)/python benchmarks/itp.py
	$(BIN)/python benchmarks/model_overhead.py

chaos: system install ## Kill every part of the service at random while jobs run (the long form)
	$(BIN)/python benchmarks/chaos.py
	$(BIN)/python benchmarks/chaos.py --embedded

load: system install ## 200 clients at once for five minutes
	$(BIN)/python benchmarks/load.py

fuzz: install ## Put the whole OpenAPI description to the test with schemathesis (the long form)
	$(BIN)/python benchmarks/fuzz.py

images-steps: ## Try every install step of the images in a bare Debian root (needs root and debootstrap)
	docker/try-steps.sh

results: install ## All acceptance figures, into docs/results.md (resumable, under 3 hours)
	$(BIN)/python benchmarks/results.py

results-smoke: install ## A seeded sample of them (under 8 minutes)
	$(BIN)/python benchmarks/results.py --smoke

lock: ## Resolve the locked requirements anew
	printf 'uv==0.13.8\n' | $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header - -o requirements-uv.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header $(addprefix --extra ,$(EXTRAS)) --group dev pyproject.toml -o requirements.lock

clean: ## Remove what the other verbs made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache results dist
