# The doors of the house. Each target works on a bare clone, as root and as an ordinary user.
.DEFAULT_GOAL := run
.NOTPARALLEL:
.PHONY: run test setup bench lighthouse messages pictures lock db-stop clean free-port environment workshop

export PORT ?= 8000

# The first Python that is new enough; pyenv's shims exist for versions that are not switched on, so each is tried.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
MACHINE = $(or $(PYTHON),@echo "Python 3.11 or newer is needed: install python3 and python3-venv." >&2; exit 1; :) \
	-m thonburi_registry.machine
IN_VENV = .venv/bin/python
MANAGE = $(IN_VENV) manage.py
CODE = manage.py thonburi_registry communities households verification reports $(wildcard benchmarks)

# Everything a fresh machine needs, the demo's data, then the site on http://127.0.0.1:$(PORT)
run: free-port environment
	@$(MANAGE) prepare
	@$(MANAGE) load_demo
	@exec $(IN_VENV) -m gunicorn --config python:thonburi_registry.serving thonburi_registry.wsgi

# The environment and the database alone; then .venv/bin/python manage.py works
setup: environment
	@$(MANAGE) prepare

# Every check and the whole test suite, browser tests included
test: workshop
	$(IN_VENV) -m ruff check $(CODE)
	$(IN_VENV) -m ruff format --check $(CODE)
	find templates */templates -name '*.html' -print0 2>/dev/null | xargs -0 .venv/bin/djade --check --target-version 5.2
	.venv/bin/lint-imports
	$(IN_VENV) -m mypy $(CODE)
	$(MANAGE) makemigrations --check --dry-run
	$(IN_VENV) -m pytest -q -n 2

# Benchmarks, each beside its peer and its limit
bench: workshop
	@$(MANAGE) prepare
	@$(IN_VENV) -m benchmarks

# Lighthouse's scores of the sign-in and the review page, and the bytes of a president's first visit (needs npm)
lighthouse: workshop
	@$(MANAGE) prepare
	@$(IN_VENV) -m benchmarks lighthouse

# Put new sentences of the pages into the Thai catalogue, and name those that still lack Thai
messages: workshop
	@$(IN_VENV) -m thonburi_registry.sentences

# The pictures of the README, taken anew from the demo
pictures: workshop
	$(IN_VENV) -m pytest -q thonburi_registry/tests/pictures.py

# Pin every package anew by hash
lock: workshop
	$(PIN) --output-file requirements.txt requirements.in
	$(PIN) --constraint requirements.txt --output-file requirements-dev.txt requirements-dev.in
PIN = .venv/bin/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

db-stop:
	@if [ -x $(IN_VENV) ]; then $(IN_VENV) -m thonburi_registry.database stop; fi

# Remove the private database with all it holds
clean:
	@if [ -x $(IN_VENV) ]; then $(IN_VENV) -m thonburi_registry.database remove; fi

free-port:
	@$(MACHINE) port $(PORT)

environment:
	@$(MACHINE) run

workshop:
	@$(MACHINE) test
