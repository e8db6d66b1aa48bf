# Two commands suffice: make run, make test. Variables may come from the environment or as arguments:
#   make run PORT=8001 MOBILITY_HOME=/srv/portal ATLAS_DATA_DIR=../shared/data
# PYTHON names the interpreter (3.11 to 3.13). Relative folders start where make runs.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# A name left over from another project must not make pytest read our settings too early.
unexport DJANGO_SETTINGS_MODULE
export PYTHON PORT MOBILITY_HOME ATLAS_DATA_DIR DATABASE_URL REDIS_URL POSTGRES_BIN ADVISORY_URL UPGRADE
RUN := .venv/bin/python

.PHONY: help run test test-full coverage check fix bench sample client messages lock licenses sbom audit

help:
	@echo "make run     the portal on http://127.0.0.1:8000 (PORT=...); Ctrl-C stops it"
	@echo "make test    all everyday tests (PYTEST_ARGS='-k name')"
	@echo "make test-full  slow tests and a long random run of the properties (PYTEST_ARGS='--stop-after 600')"
	@echo "make coverage   everyday tests with the share of the code they run"
	@echo "make check   lint, format, types, import directions, missing migrations"
	@echo "make fix     format, and fix what the linter can fix"
	@echo "make bench   measure imports, pages and the coverage of intervals (ONLY=imports,pages)"
	@echo "make client  the Python client's functions, from the API's own description"
	@echo "make lock    requirements.txt and requirements-dev.txt from their .in files (UPGRADE=1: newer releases)"
	@echo "make licenses  of every package, against a list of those allowed"
	@echo "make sbom    the bill of materials of the runtime, as CycloneDX, in var/sbom.json (OUT=...)"
	@echo "make audit   known vulnerabilities of every package (ADVISORY_URL=https://api.osv.dev/v1/query)"
	@echo "make messages  words to translate, for a catalog (LOCALE=es); needs xgettext"
	@echo "make sample  small generated data to look around with"

run:
	@scripts/prepare_venv.sh requirements.txt
	@exec $(RUN) manage.py up --under-make

test:
	@scripts/prepare_venv.sh requirements-dev.txt
	@exec $(RUN) -m pytest $(PYTEST_ARGS)

# One process: slow tests measure times and memory, which hold for a machine that does nothing else.
test-full:
	@scripts/prepare_venv.sh requirements-dev.txt
	@exec $(RUN) -m pytest -n0 -m "slow or hypothesis" --hypothesis-profile=long $(PYTEST_ARGS)

# What runs in the tests' own processes; the servers they start as processes of their own are not counted.
coverage:
	@scripts/prepare_venv.sh requirements-dev.txt
	@COVERAGE_CORE=$$($(RUN) -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")') \
		$(RUN) -m pytest --cov --cov-report=term:skip-covered $(PYTEST_ARGS)

check:
	@scripts/prepare_venv.sh requirements-dev.txt
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	PORTAL_OFFLINE=1 $(RUN) -m mypy
	$(RUN) -m mypy --config-file clients/python/pyproject.toml
	.venv/bin/lint-imports
	$(RUN) manage.py makemigrations --check --dry-run

fix:
	@scripts/prepare_venv.sh requirements-dev.txt
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

# Parts of the bench make their cities and people with the factories of the tests: the tests' packages are needed.
bench:
	@scripts/prepare_venv.sh requirements-dev.txt
	@exec $(RUN) manage.py bench $(if $(ONLY),--only $(ONLY))

client:
	@scripts/prepare_venv.sh requirements-dev.txt
	@exec $(RUN) manage.py make_client

lock:
	@scripts/prepare_venv.sh requirements-dev.txt
	@PYTHON=$(RUN) scripts/lock.sh

licenses:
	@scripts/prepare_venv.sh requirements-dev.txt
	@$(RUN) -m scripts.supply.licenses

sbom:
	@scripts/prepare_venv.sh requirements-dev.txt
	@$(RUN) -m scripts.supply.bill $(or $(OUT),var/sbom.json)

# 1: something is known of a package. 3: not run, for the reason that is printed.
audit:
	@scripts/prepare_venv.sh requirements-dev.txt
	@$(RUN) -m scripts.supply.audit

sample:
	@scripts/prepare_venv.sh requirements.txt
	@exec $(RUN) manage.py sample

# English needs no catalog: the words are in the code. A translator gets locale/LOCALE/LC_MESSAGES/django.po.
messages:
	@scripts/prepare_venv.sh requirements.txt
	@mkdir -p locale/$(or $(LOCALE),en_US)
	@PORTAL_OFFLINE=1 $(RUN) manage.py makemessages --locale $(or $(LOCALE),en_US) --ignore 'tests/*' --ignore 'clients/*' \
		--ignore 'var/*' --ignore '.venv/*'
