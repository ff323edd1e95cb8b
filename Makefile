# Everything starts here; `make help` lists the targets. All that they create stays in .venv/ and
# var/ (and, for root in a folder closed to others, /var/lib/massy-grc-*).

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
TESTS ?= tests
PYTEST_ARGS ?=
BENCH_ARGS ?=
# One more than the cores of a small machine: there is always a test that waits for something.
WORKERS ?= 3

UV_VERSION := 0.13.9
BIN := .venv/bin
EMBEDDED := $(BIN)/python -m massy_grc.embedded
LOCKS := requirements/runtime.txt requirements/embedded.txt requirements/qualification.txt requirements/dev.txt requirements/e2e.txt
COMPILE := ../$(BIN)/uv pip compile --quiet --python-version 3.11 \
	--python-platform x86_64-manylinux_2_36 --generate-hashes --no-emit-index-url --no-header

# What pip cannot install: Pango for PDFs, libmagic for uploads, gettext for `make messages`,
# Chromium (and libatomic, for its driver) for the browser tests, clamd for those of the antivirus, Kannel for SMS.
# Node and npm, which may come from elsewhere than Debian, are for the OpenID provider that
# FranceConnect is tested against.
APT_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libmagic1 gettext
APT_TEST_PACKAGES := chromium-headless-shell libatomic1 clamav-daemon kannel kannel-extras $(if $(shell command -v npm),,nodejs npm)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Parallel test workers each use one core: libraries must not start threads of their own.
export PYTHONUNBUFFERED := 1
# What was compiled once is kept, whatever the shell says: the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench load lock messages clean
MAKEFLAGS += --no-print-directory

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up: each step leaves a stamp, so that a second run costs nothing -------------------
var/setup:
	@mkdir -p $@

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' \
		|| { echo "Python 3.11 or later is needed: make PYTHON=python3.11 …" >&2; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { echo "On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/pip install --quiet uv==$(UV_VERSION)

# An interrupted or failing step leaves no stamp.
var/setup/venv: $(LOCKS) .venv/bin/uv | var/setup
	@sh requirements/install.sh
	@touch $@

# Missing system libraries are no reason not to run: the application says what it cannot do.
var/setup/system: Makefile | var/setup
	@sh .ci/system-packages.sh $(APT_PACKAGES) && touch $@ || true

var/setup/system-test: Makefile | var/setup
	@sh .ci/system-packages.sh $(APT_PACKAGES) $(APT_TEST_PACKAGES) && touch $@ || true

# Without npm or its registry, the tests that need the provider fail and say so.
var/setup/oidc: tests/oidc/package.json tests/oidc/package-lock.json var/setup/system-test | var/setup
	@mkdir -p var/oidc && cp tests/oidc/package.json tests/oidc/package-lock.json var/oidc/
	@cd var/oidc && npm ci --silent --no-audit --no-fund --ignore-scripts && touch ../setup/oidc || true

setup: var/setup/venv var/setup/system ## Virtual environment and system libraries

# --- daily work ----------------------------------------------------------------------------
run: setup ## The whole demonstration on PORT (8000): web, worker, beat, PostgreSQL, Valkey
	@exec $(EMBEDDED) run --host $(HOST) --port $(PORT)

test: setup var/setup/system-test var/setup/oidc ## All tests on throw-away servers (TESTS=…, PYTEST_ARGS=…)
	@exec env DJANGO_ALLOW_ASYNC_UNSAFE=true $(EMBEDDED) exec --throwaway --in-memory --owner -- \
		$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS) $(TESTS)

check: setup ## Style, types, layers, migrations, deployment settings, translations
	@exec $(EMBEDDED) exec --throwaway --in-memory --owner -- sh .ci/checks.sh

format: setup ## Put the code into the shape that `make check` wants
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

bench: setup var/setup/system-test ## Measurements of speed, on throw-away servers (BENCH_ARGS="--sizes 10000 100000")
	@exec $(EMBEDDED) exec --throwaway --owner -- $(BIN)/python -m tests.bench $(BENCH_ARGS)

load: setup ## Fifty agents and two hundred citizens for half an hour (LOAD_ARGS="--minutes 5")
	@exec $(EMBEDDED) exec --throwaway --owner -- $(BIN)/python -m tests.bench.load $(LOAD_ARGS)

# --- maintenance ---------------------------------------------------------------------------
lock: .venv/bin/uv ## Lock the requirements again (UPGRADE=1: to their newest versions)
	@if command -v npm >/dev/null; then sh tests/oidc/lock.sh; fi
	@cd requirements && for set in runtime embedded qualification dev e2e; do \
		$(COMPILE) $(if $(UPGRADE),--upgrade) $$set.in --output-file $$set.txt || exit 1; done
	@sh .ci/locks.sh

messages: setup ## Collect the texts to translate, and compile the catalogues
	@mkdir -p locale
	@$(BIN)/python manage.py makemessages --locale fr --locale en --no-location --no-wrap \
		--ignore '.venv*' --ignore 'var/*' --ignore 'tests/*' --ignore 'deploy/*'
	@# the French catalogue repeats the sources, so that the plural follows French: 0 is singular
	@msgattrib --clear-fuzzy --clear-previous --empty --no-wrap locale/fr/LC_MESSAGES/django.po \
		| msgen --no-wrap --output-file locale/fr/LC_MESSAGES/django.po -
	@$(BIN)/python manage.py compilemessages --ignore '.venv*' --ignore 'var'

clean: ## Remove the environment, the caches and ALL data of the demonstration
	@if [ -x $(BIN)/python ]; then $(EMBEDDED) destroy; fi
	@rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@rm -rf .coverage htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
