# Every command sets up what it needs by itself. `make help` lists them.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
DEMO   ?= demo

.PHONY: help demo stop test proof check bench docs fmt front lock clean

help:  ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(VENV)/.run: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Fuxiao needs Python 3.11 or newer: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Node bundles what browsers load. Where the machine has none, a wheel brings it.
FRONT := src/fuxiao/web/static/fuxiao/style.css
$(FRONT): package-lock.json $(shell find src/fuxiao/web/front -type f) | $(VENV)/.run
	$(BIN)/python src/fuxiao/web/front/bundle.py
	@touch $@

front: $(FRONT)  ## bundle scripts, styles and icons

demo: $(VENV)/.run $(FRONT)  ## simulate a service department and run it from raw log to bonus
	$(BIN)/fuxiao demo $(DEMO) --serve

stop:  ## stop the demonstration's web site
	@-test -f $(DEMO)/home/serve.pid && kill $$(cat $(DEMO)/home/serve.pid) && rm -f $(DEMO)/home/serve.pid && echo stopped

# The end-to-end tests drive a Chromium: one without windows where it can be installed, the machine's, or Playwright's.
$(VENV)/.browser: | $(VENV)/.dev
	@test -n "$$FUXIAO_CHROMIUM" || command -v chromium-headless-shell >/dev/null \
		|| { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && timeout 90 apt-get update -qq && timeout 180 apt-get install -y -qq chromium-headless-shell fonts-noto-cjk; } >/dev/null 2>&1 \
		|| command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
		|| $(BIN)/python -m playwright install chromium || echo "No Chromium could be installed: the end-to-end tests will be skipped."
	@touch $@

# The tests are one list of work for two processors, the longest first; a third part works while others wait for what they
# started. Each part is a process of its own, which sets up its database, its home folders and its company once. What no
# other part names is in `rest`.
PARTS   := postgres lake rest cli e2e pages traced docs check
TRACED  := tests/core tests/engine tests/metrics/test_values_drill.py tests/metrics/test_values_examples.py
PAGES   := tests/base tests/guards tests/org tests/service tests/web
NASTY   := tests/web/test_nasty_input.py
PROVED  := tests/core $(shell grep -rl --include='test_*.py' hypothesis tests/engine tests/metrics tests/datasets tests/performance)
PYTEST  := $(BIN)/python -m pytest
WHOLE   := $(if $(filter output-sync,$(.FEATURES)),--output-sync)
# Python that keeps nothing it compiled compiles the product again for every process that a test starts.
unexport PYTHONDONTWRITEBYTECODE

test:  ## types, lint, import contracts, all tests with coverage
	@$(MAKE) --no-print-directory --jobs=3 $(WHOLE) $(PARTS:%=test-%)
	@# The full figure is 100, with the versions of libraries that are pinned.
	@$(BIN)/python -m coverage report --precision=2 --fail-under=99.9

$(PARTS:%=test-%): $(VENV)/.dev $(VENV)/.browser $(FRONT)
test-check: check
test-e2e:
	$(PYTEST) tests/e2e
test-postgres:  # PostgreSQL is the stricter of the two about what it stores and in which order it answers
	$(BIN)/python tests/with_postgres.py $(PYTEST) -m "not lake" $(PAGES)
test-traced:  # by itself: tracing adds more than half to what it watches
	$(PYTEST) --cov --cov-report= $(TRACED)
test-pages:
	$(PYTEST) -m "both and not lake" $(PAGES)
test-lake:
	$(PYTEST) -m lake $(PAGES)
test-cli:
	$(PYTEST) tests/cli
test-docs:
	$(PYTEST) tests/docs
test-rest:
	$(PYTEST) $(addprefix --ignore=,tests/e2e tests/cli tests/docs $(TRACED) $(PAGES)) tests

proof: $(VENV)/.dev $(VENV)/.browser $(FRONT)  ## the long runs of what the tests do briefly: kills, closers, other random examples, writers, a cycle of every pack
	FUXIAO_KILLINGS=30 FUXIAO_FOLDINGS=60 FUXIAO_CYCLE_KILLS=200 FUXIAO_CLOSERS=100 $(PYTEST) \
		tests/cli/test_killed_at_any_moment.py tests/datasets/test_store_folding.py tests/web/test_closing_killed.py
	$(PYTEST) --hypothesis-profile=proof $(PROVED)
	FUXIAO_NASTY_SHARE=1 $(BIN)/python tests/with_postgres.py $(PYTEST) $(NASTY)
	$(BIN)/python tests/with_postgres.py $(PYTEST) -m lake $(PAGES)
	$(PYTEST) -m "not lake and not both" --ignore $(NASTY) $(PAGES)
	FUXIAO_PACKS=appliance,ecommerce,saas $(PYTEST) tests/e2e/test_whole_cycle.py
	$(BIN)/python -m bench.desk --processes 20 --most 500 --seconds 1800

check: $(VENV)/.dev  ## types, lint, format, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev  ## measure against hand-written SQL, pandas, polars and Spark
	$(BIN)/python -m bench $(BENCH)

docs: $(VENV)/.dev  ## rebuild the generated reference pages
	$(BIN)/python -m fuxiao.cli.docs docs/reference

fmt: $(VENV)/.dev  ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

LOCK = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras \
	--no-annotate --no-header --quiet pyproject.toml
lock:  ## pin the dependencies again (needs uv in the environment)
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) --group build -o requirements/run.txt
	$(LOCK) --group build --group dev --group bench --group spark -o requirements/dev.txt

clean:  ## remove what the commands made
	rm -rf $(VENV) $(DEMO) build .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
