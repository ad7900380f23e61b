# Every habit has a target here. Nothing is installed outside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PROTOS = $(shell find proto/geju -name '*.proto' | sort)
ARGS ?=

.PHONY: help run test lint format generate bench seeded mended simulate hostile chaos power prometheus chart scan
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): requirements-dev.lock pyproject.toml
	@echo "preparing $(VENV) (once; a minute or two) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . 2>/dev/null
	@printf '%s\n' '$(CURDIR)' '$(CURDIR)/proto/gen' > $$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')/geju.pth
	@touch $@

run: $(STAMP) ## start everything, load the demonstration if the store is empty, show the board (ARGS=--once to stop after)
	@$(BIN)/geju run --demo $(ARGS)

test: $(STAMP) ## run every test, on real PostgreSQL and real NATS
ifeq ($(ARGS),)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/e2e
	@$(BIN)/python -m pytest -n 2 tests/e2e # most share one installation
else
	@$(BIN)/python -m pytest $(ARGS)
endif

lint: $(STAMP) ## ruff, mypy, imports, dependencies, contract
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/deptry .
	@$(BIN)/buf lint
	@if git rev-parse -q --verify origin/main >/dev/null; then $(BIN)/buf breaking --against '.git#ref=origin/main'; \
	elif git rev-parse -q --verify HEAD~1 >/dev/null; then $(BIN)/buf breaking --against '.git#ref=HEAD~1'; fi

format: $(STAMP) ## rewrite the code in the one format
	@$(BIN)/ruff check --fix-only -q . ; $(BIN)/ruff format -q . && $(BIN)/buf format -w

generate: $(STAMP) ## generate code, reference pages and dashboards again; CI proves that this leaves no diff
	@rm -rf proto/gen.new && mkdir -p proto/gen.new
	@cd proto && PATH="$(CURDIR)/$(BIN):$$PATH" $(CURDIR)/$(BIN)/python -m grpc_tools.protoc -I. -Ivendor \
		--python_out=gen.new --grpc_python_out=gen.new --mypy_out=quiet:gen.new --mypy_grpc_out=quiet:gen.new \
		$(PROTOS:proto/%=%) $$(cd vendor && find buf -name '*.proto')
	@find proto/gen.new -name '*_pb2_grpc.py*' ! -name '*_service_pb2_grpc.py*' -delete
	@rm -rf proto/gen && mv proto/gen.new proto/gen
	@$(BIN)/python -m services.cli.reference docs/reference
	@$(BIN)/python -m tests.seeded.write docs/reliability/seeded.md
	@$(BIN)/python -m tests.chaos.write docs/reliability/faults.md
	@$(BIN)/python deploy/dashboards/write.py
	@$(BIN)/python deploy/prometheus/write.py
	@mkdir -p deploy/permissions && $(BIN)/geju permissions postgres > deploy/permissions/postgres.sql
	@$(BIN)/geju permissions nats > deploy/permissions/nats.conf
	@cp deploy/permissions/nats.conf charts/geju/files/nats.conf
	@$(BIN)/geju permissions nats --helm > deploy/nats/values.yaml

bench: $(STAMP) ## measure speed as ratios against plain ways of doing the same, in one run (ARGS="relay command" for some)
	@$(BIN)/python -m tests.bench $(ARGS)

seeded: $(STAMP) ## put bugs into copies of the tree and see the tests catch them (BUG="day_of_utc double_apply" for some)
	@$(BIN)/python -m tests.seeded $(BUG)

mended: $(STAMP) ## see a mended bug once more: run the tests of its FIX=commit without the fix (TESTS=path::name for some)
	@$(BIN)/python -m tests.seeded.before $(FIX) $(TESTS)

simulate: $(STAMP) ## play relay, reader and board through simulated faults (SEEDS=1000 FROM=1, or SEED=17 with its log)
	@PYTHONPATH=.:proto/gen $(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),1000) --first $(or $(FROM),1))

hostile: $(STAMP) ## attack a running installation at length: every method, random requests, two offices (SEED=1 COUNT=10000)
	@$(BIN)/python -m tests.e2e.hostile --seed $(or $(SEED),1) --count $(or $(COUNT),10000)

chaos: $(STAMP) ## break running installations and see them heal (SEED=1 MINUTES=10 RATE=400; CHANGES=40000 to an installation, FAULTS=words)
	@$(BIN)/python -m tests.chaos --seed $(or $(SEED),1) --minutes $(or $(MINUTES),10) \
		--changes $(or $(CHANGES),40000) --rate $(or $(RATE),400) --faults "$(FAULTS)"

power: $(STAMP) ## cut the power of NATS and PostgreSQL under writes and look for what was confirmed; needs root (CYCLES=500 SEED=1)
	@$(BIN)/python -m tests.chaos.power --cycles $(or $(CYCLES),30) --seed $(or $(SEED),1)

PROMETHEUS := .cache/prometheus
prometheus: ## lay Debian's Prometheus and promtool into .cache, where tests of alerts and dashboards find them
	@test -x $(PROMETHEUS)/usr/bin/promtool || command -v promtool >/dev/null || { \
		command -v apt-get >/dev/null || { echo "no apt-get here: install prometheus and promtool by other means"; exit 1; }; \
		mkdir -p $(PROMETHEUS) && cd $(PROMETHEUS) && \
		{ apt-get download -q prometheus 2>/dev/null || { apt-get update -q && apt-get download -q prometheus; }; } && \
		dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb; }

chart: $(STAMP) ## write the chart's golden files anew (tests/chart/golden)
	@$(BIN)/python -m tests.chart.charts

scan: $(STAMP) .venv-scan/.ready ## scan what the chart makes, and the Dockerfile, for what policies forbid
	@rm -rf .venv-scan/objects && $(BIN)/python -m tests.chart.charts .venv-scan/objects
	@.venv-scan/bin/checkov --config-file tests/chart/checkov.yaml -d .venv-scan/objects
	@.venv-scan/bin/checkov --config-file tests/chart/checkov.yaml -d deploy/image

# An environment of its own: the scanner's dependencies are many, and not the product's.
.venv-scan/.ready: requirements-scan.lock
	@test -x .venv-scan/bin/python || $(PYTHON) -m venv .venv-scan
	@.venv-scan/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-scan.lock
	@touch $@
