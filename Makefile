# Everything that is done with Sonde, each by one command.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

RID := $(shell dotnet --info 2>/dev/null | awk '/RID:/ {print $$2; exit}' | sed -E 's/^[^-]+-/linux-/')
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.PHONY: help init build run test soak bench coverage format urls

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

init: ## restore packages
	dotnet restore Sonde.slnx

build: ## make the executable out/sonde
	dotnet publish src/Sonde -c Release -r $(RID) --no-self-contained -p:PublishReadyToRun=true -o out -v quiet

run: build ## measure sonde.yaml if it lies here, else a demonstration
	if [ -f sonde.yaml ]; then exec out/sonde run; else exec out/sonde run --demo; fi

test: ## build, run all tests, count them
	@build/test.sh

soak: ## the long tests: hours
	@SONDE_SOAK=1 build/test.sh

bench: build ## measure the promised figures beside other tools; FIGURES="NAME… --runs N --quick" chooses
	build/packages.sh bench
	dotnet run -c Release --project bench/Sonde.Benchmarks -- figures $(FIGURES)

coverage: ## say how many lines the tests run
	dotnet build Sonde.slnx -c Debug -v quiet
	dotnet build build/Coverage -restore -t:Cover -v minimal

format: ## bring the C# code into its form
	dotnet format Sonde.slnx

urls: ## check the links of the documents
	@build/urls.sh
