# Needs Python 3.11 (with venv) and make; everything else is installed into this folder by lock file.
BIN := .venv/bin
RUN := PATH="$(CURDIR)/$(BIN):$$PATH"
PYTEST := $(RUN) pytest -q
unexport PYTHONDONTWRITEBYTECODE # compiled modules are kept: without them every start compiles all again, which takes most of it

.PHONY: help setup web up down status logs reset seed unit test test-systems test-pages test-services test-rest long lint format generate bench chaos ci

help: ## what there is
	@grep -E '^[a-z ]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 32

setup: ## install everything
	@sh deploy/local/setup.sh

web: setup ## build the pages
	@sh deploy/local/pages.sh

up: web ## run the whole system; Ctrl-C ends it (UP="--brokers 3 --split" for more; another number of brokers starts from nothing: make reset)
	@$(BIN)/qingyuan up $(UP)

down status logs reset seed: setup ## stop, look at, follow, empty, fill the system
	@$(BIN)/qingyuan $@

unit: setup ## fast tests, no servers, on all cores
	@$(PYTEST) -n auto -m "not servers and not browser and not slow"

test: web ## the tests, at most a quarter of an hour
	@$(MAKE) --no-print-directory -k -j2 test-systems test-pages test-services test-rest

test-systems: # what needs a whole running system, and so takes longest
	@$(PYTEST) -m "system and not long"

test-pages:
	@sh web/check.sh

test-services: # beside the one above and the one below, so that both cores have work until the end
	@$(PYTEST) -m "not system and not long" services

test-rest:
	@$(PYTEST) -m "not system and not long" libs deploy/local cli tests

long: web ## the tests that take minutes each: the browser, deaths at every step, a restore by its page
	@$(PYTEST) -m long

lint: setup ## rules of the house
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(RUN) lint-imports --no-cache
	@$(RUN) sh deploy/local/dependencies.sh

format: setup ## what of the rules a program can mend
	@$(RUN) ruff check -q --fix . && $(RUN) ruff format -q .

generate: setup ## files that are made from others
	@$(RUN) python -m qingyuan_events.generate
	@$(RUN) python -m qingyuan_cli.openapi
	@$(RUN) python -m qingyuan_cli.rules
	@$(RUN) python -m qingyuan_cli.report_rules
	@sh deploy/local/node-modules.sh
	@$(RUN) npm run --silent --prefix web types

bench: ## speed, as JSON lines (BENCH="append http" for some)
	@QINGYUAN_GROUPS="--group bench" sh deploy/local/setup.sh
	@$(RUN) PYTHONPATH=libs/runtime/tests python -m bench $(BENCH)

chaos: web ## hurt the running system and compare what it said with what is (CHAOS="poison kill" for some)
	@$(RUN) PYTHONPATH=tests python -m chaos $(CHAOS)

ci: lint test long ## what .ci/run calls
