# Two commands: `make run` and `make test`. The rest serves those who work on the site.

PORT ?= 8000
# The newest Python on this machine; `make PYTHON=/path/to/python3.13 run` names another.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12,\
	$(shell $(name) -c 'import sys; sys.version_info >= (3, 12) and print("$(name)")' 2>/dev/null)))
BIN = .venv/bin
CATALOGUES = $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
WORKERS ?= auto

.DEFAULT_GOAL = help
.PHONY: help run test thorough stack test-stack property rehearse-cache rehearse-image lint format messages lock bench bench-dashboard bench-editor bench-search bench-data audit audit-pages audit-admin validate lighthouse screenshots clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/run $(CATALOGUES) ## serve the site on http://127.0.0.1:8000 (PORT=9000 for another port)
	@BASE_URL=http://127.0.0.1:$(PORT) $(BIN)/python -u manage.py serve $(PORT)

test: .venv/dev $(CATALOGUES) ## run the tests (DATABASE_URL=postgres://… for PostgreSQL)
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not audit and not thorough and not stack" $(ARGS)

thorough: .venv/dev $(CATALOGUES) ## run the tests that make test leaves out, such as every page type in every language of the admin
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m thorough $(ARGS)

stack: .venv/dev $(CATALOGUES) ## start the whole site as in production: nginx, two web processes, schedule, worker, PostgreSQL, Redis, S3 (Ctrl+C stops it)
	@$(BIN)/python -m tests.stack

test-stack: .venv/dev $(CATALOGUES) ## stop, kill and renew parts of the stack while 200 visitors a second read it
	@$(BIN)/pytest -n 0 -s -m stack tests/stack $(ARGS)

property: .venv/dev $(CATALOGUES) ## try many long made-up histories of a page (PROPERTY_EXAMPLES=200)
	@PROPERTY_EXAMPLES=$${PROPERTY_EXAMPLES:-200} PROPERTY_STEPS=$${PROPERTY_STEPS:-40} \
		$(BIN)/pytest -n 0 tests/translations/test_nobodys_words_are_lost.py

rehearse-cache: .venv/dev $(CATALOGUES) ## edit the site at random and compare every kept page with a fresh one (EDITS=300; needs redis-server)
	@EDITS=$${EDITS:-300} $(BIN)/pytest -n 0 -s tests/caching/test_rehearsal.py

rehearse-image: .venv/dev ## carry out the Dockerfile without an engine, and run both images with a read-only root (needs root, Linux, nginx)
	@$(BIN)/pytest -n 0 tests/deploy/test_image.py $(ARGS)

audit: audit-pages audit-admin validate lighthouse ## look at every page and every screen of ours in every language, in Chromium, and print the table of Lighthouse

audit-pages: .venv/dev $(CATALOGUES) ## the public site: axe, keyboard, large text, forced colours, the dark, no scripts, slow network
	@$(BIN)/pytest -n 2 -m audit $(PUBLIC_AUDIT) $(ARGS)

audit-admin: .venv/dev $(CATALOGUES) ## the admin: axe on our screens
	@$(BIN)/pytest -m audit tests/browser --ignore $(PUBLIC_AUDIT) $(ARGS)

PUBLIC_AUDIT = tests/browser/test_public_audit.py

validate: .venv/dev node_modules/.packages $(CATALOGUES) ## the HTML of every page in every language by the Nu checker, and the CSS; needs Java and Node
	@$(BIN)/python tests/audit/validate.py $(ARGS)

lighthouse: .venv/dev node_modules/.packages $(CATALOGUES) ## Lighthouse on every page in every language, on a server as in production; needs Chromium and Node
	@$(BIN)/python tests/audit/lighthouse.py $(ARGS)

# Exact versions in package.json and no lock file: that would hold the addresses of one registry. No install scripts.
node_modules/.packages: package.json
	@npm install --no-package-lock --no-audit --no-fund --ignore-scripts --silent
	@touch $@

lint: .venv/dev $(CATALOGUES) ## check style, templates, migrations, catalogues and production settings
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint --quiet --check templates || { echo "The templates are not in the house style: make format." >&2; exit 1; }
	@$(BIN)/djlint --quiet --lint templates
	@DJANGO_SETTINGS_MODULE=ichei_site.settings.test $(BIN)/python manage.py makemigrations --check --dry-run
	@DJANGO_SETTINGS_MODULE=ichei_site.settings.test $(BIN)/python manage.py messages --check
	@SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') ALLOWED_HOSTS=example.org \
		DATABASE_URL=sqlite://:memory: DJANGO_SETTINGS_MODULE=ichei_site.settings.production $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/pytest -q tests/test_import_direction.py

format: .venv/dev ## write Python and templates in the house style
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djlint --quiet --reformat templates || true

bench: .venv/dev $(CATALOGUES) ## measure requests a second, queries and bytes of every page, and the translation memory; needs wrk and nginx
	@$(BIN)/python tests/benchmarks/rates.py
	@$(BIN)/python tests/benchmarks/pages.py
	@$(BIN)/python tests/benchmarks/memory.py

screenshots: .venv/dev $(CATALOGUES) ## take the pictures in docs/images anew, in Chromium
	@$(BIN)/python tests/browser/screenshots.py $(ARGS)

bench-dashboard: .venv/dev $(CATALOGUES) ## measure the overview of translations with 5,000 records (DATABASE_URL=… for PostgreSQL)
	@$(BIN)/python tests/benchmarks/dashboard.py

bench-editor: .venv/dev $(CATALOGUES) ## measure an article of 60 blocks in the admin, in Chromium
	@$(BIN)/python tests/benchmarks/editor.py

bench-data: .venv/dev $(CATALOGUES) ## measure every page among 100, 10,000 and 100,000 articles (DATABASE_URL=… for PostgreSQL)
	@$(BIN)/python tests/benchmarks/growth.py

bench-search: .venv/dev $(CATALOGUES) ## measure searches among 50,000 articles in six languages (DATABASE_URL=… for PostgreSQL)
	@$(BIN)/python tests/benchmarks/search.py

messages: .venv/dev ## bring the message catalogues up to date with the code
	@$(BIN)/python manage.py messages

lock: .venv/dev ## renew requirements/*.txt from pyproject.toml
	@$(BIN)/pip-compile $(LOCK) --output-file requirements/base.txt pyproject.toml
	@$(BIN)/pip-compile $(LOCK) --extra dev --allow-unsafe --output-file requirements/dev.txt pyproject.toml

LOCK = --quiet --upgrade --generate-hashes --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

clean: ## forget the environment; the database and the pictures in var/ stay
	rm -rf .venv $(CATALOGUES)

# The environment is made anew when the locked requirements change; .venv/run holds what the site needs to run,
# .venv/dev what its tests and checks need besides.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.12 or newer is needed, and none was found: install it, or name it with make PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' || { echo "Python 3.12 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) can't make virtual environments: install its venv package (Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) -V) …"
	@$(PYTHON) -m venv .venv

.venv/run: requirements/base.txt | .venv/bin/python
	@echo "Installing the locked requirements …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/dev: requirements/dev.txt | .venv/bin/python
	@echo "Installing the locked requirements, with those of the tests …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ .venv/run

%.mo: %.po | .venv/run
	@$(BIN)/pybabel --quiet compile --locale $(word 2,$(subst /, ,$<)) --input-file $< --output-file $@
