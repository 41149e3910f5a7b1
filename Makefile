# Two commands are all a newcomer needs: make run, make test. Each does its own set-up.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

CONFIG := Release
PROGRAM := artifacts/signal/signal
SDK := sdk/datafly
SDK_SOURCES := $(shell find $(SDK)/src $(SDK)/build -type f 2>/dev/null) $(wildcard $(SDK)/*.json $(SDK)/*.mjs $(SDK)/*.ts)

.PHONY: help run build test clean format bench

help: ## Show what there is to do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

run: build ## Start the demo: collection, management, a shop and a Matomo sandbox, wired together
	@exec $(PROGRAM) demo

build: $(SDK)/dist/manifest.json ## Build the program into artifacts/signal
	@dotnet publish src/Signal -c $(CONFIG) -o artifacts/signal --nologo -v quiet
	@echo "Built $(PROGRAM)"

$(SDK)/node_modules/.package-lock.json: $(SDK)/package-lock.json
	@cd $(SDK) && npm ci --no-audit --no-fund --loglevel=error

$(SDK)/dist/manifest.json: $(SDK)/node_modules/.package-lock.json $(SDK_SOURCES)
	@cd $(SDK) && npm run --silent build

test: build ## Run every test
	@rm -rf artifacts/test-results
	@dotnet build Signal.slnx -c $(CONFIG) --nologo -v quiet
	@eng/suite.sh sdk-unit bash -c 'cd $(SDK) && npm test'
	@eng/suite.sh signal dotnet test --project test/Signal.Tests -c $(CONFIG) --no-build
	@eng/suite.sh openapi bash -c 'cd test/openapi && npm ci --no-audit --no-fund --loglevel=error && npm test --silent'
	@eng/suite.sh browser bash -c 'export CHROMIUM=$$(eng/chromium.sh) && cd test/Signal.Browser && npm ci --no-audit --no-fund --loglevel=error && npm test'
	@eng/total.sh

bench: build ## Compare collection with a bare Kestrel on this machine, and drain a backlog (minutes; needs wrk)
	@eng/wrk.sh
	@dotnet build bench/Signal.Bench -c $(CONFIG) --nologo -v quiet
	@artifacts/bin/Signal.Bench/release/Signal.Bench

format: ## Put the code into its format
	@dotnet format Signal.slnx

clean: ## Remove what was built
	@rm -rf artifacts $(SDK)/dist $(SDK)/node_modules
