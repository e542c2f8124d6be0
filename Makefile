# Lütong's commands; `make help` names them. What they need is installed by config/dev/setup.sh.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test check golden openapi bench bench-video fault lock hooks clean
export PATH := $(CURDIR)/.build/bin:$(PATH)
export SHARED ?= ../shared
PYTHON := .venv/bin/python
PURE := $(wildcard tests/dicom tests/referral tests/video tests/server/accounts tests/server/audit tests/server/patients)

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:[^#]*## /\t/' | expand -t 13

setup: ## install what `make run` needs: .venv/bin/lutong and web/dist
	@config/dev/setup.sh run

run: setup ## start the whole hub with the demo county (ports from the environment)
	@exec .venv/bin/lutong up --demo

test: ## set up, pass every gate and every test
	@config/dev/setup.sh test
	@$(PYTHON) -m config.dev.all_tests

check: ## every gate (format, lint, types, imports, house rules, sizes, generated files) and the pure tests
	@$(PYTHON) -m config.dev.gates
	@$(PYTHON) -m pytest -q -n 2 -m "not slow" $(PURE)

golden: ## show what changed against the files that people signed (tests/golden)
	@$(PYTHON) -m config.dev.golden

openapi: ## write what is generated from the code (stale files are red in `make check`)
	@$(PYTHON) -m config.dev.generated write

bench: ## measure against the peers of the targets; prints tables
	@$(PYTHON) -m tests.bench

bench-video: ## the media worker beside Janus and aiortc's relay, in turns; prints V1 to V4 and V7
	@$(PYTHON) -m tests.bench.video

fault: export FAULT_ROUNDS ?= 40
fault: export FAULT_OBJECTS ?= 100
fault: ## kill, cut and fill in full counts; red where a floor is not met (FAULT_ROUNDS, FAULT_OBJECTS)
	@$(PYTHON) -m pytest tests/fault -s -p no:randomly --timeout=7200

lock: ## compile config/requirements/*.in into locked files with hashes
	@config/dev/lock.sh

hooks: ## run `make check` before each push from this checkout
	@git config core.hooksPath config/dev/hooks

clean: ## remove what set-up and builds left (not .lutong, where the data is)
	@rm -rf .venv .build web/node_modules web/dist
