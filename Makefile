# Two commands do everything: `make report` and `make test`. The rest is for engineers.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_DIR ?= ./data

.PHONY: report test dev bench lint types format check lock clean

report: $(VENV)/.installed          ## install and build the demo report
	@$(BIN)/cchc demo

test: $(VENV)/.installed-dev        ## install what tests need and run them
	@$(BIN)/pytest -q -n 2 $(PYTEST_ARGS)

dev: $(VENV)/.installed             ## Dagster UI and daemon (nightly schedule, inbox sensor) on HOME_DIR
	@$(BIN)/python -m pipelines.dev --home $(HOME_DIR)

bench: $(VENV)/.installed-dev       ## speed and memory as ratios against a named peer
	@$(BIN)/python -m tests.support.bench

lint: $(VENV)/.installed-dev        ## style, types, layers, SQL
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint -q assets/mart

check: lint                         ## lint, and load everything Dagster loads
	@DAGSTER_HOME=$$(mktemp -d) $(BIN)/dg check defs

format: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Cần Python 3.11 trở lên (đang có: $$($(PYTHON) --version)). Hãy cài rồi chạy: make report PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Không tạo được môi trường Python. Trên Debian/Ubuntu hãy cài gói python3-venv rồi chạy lại."; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.python requirements.lock pyproject.toml
	@echo "Đang cài thư viện (lần đầu mất vài phút)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

lock:                               ## pin again; needs uv
	@printf 'hatchling\neditables\n' > .build.in
	uv pip compile -q --universal --no-strip-extras --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate pyproject.toml .build.in -o requirements.lock
	uv pip compile -q --universal --no-strip-extras --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --extra dev -c requirements.lock pyproject.toml .build.in -o requirements-dev.lock
	@rm -f .build.in

clean:
	rm -rf $(VENV) data/demo-home
