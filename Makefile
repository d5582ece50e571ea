# Everything a newcomer needs: `make demo` and `make test` set up by themselves.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
MODEL := tests/data/whisper-fixture
export QT_QPA_PLATFORM := offscreen

.PHONY: help setup blender system system-test demo serve gallery test lint chaos chaos-full bench sample lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) system ## Make .venv with everything pinned, from a bare Python 3.11

$(VENV)/bin/uv: requirements-setup.lock
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: install it, or say 'make PYTHON=/path/to/python3.11'"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	@touch $@

$(STAMP): $(VENV)/bin/uv requirements.lock pyproject.toml
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock requirements-setup.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python -e .
	$(BIN)/python -m compileall -q ai_video_editor flows tasks
	@rm -f $(DEV_STAMP) && touch $@

$(DEV_STAMP): $(VENV)/bin/uv requirements-dev.lock pyproject.toml
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements-dev.lock requirements-setup.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python -e .
	$(BIN)/python -m compileall -q ai_video_editor flows tasks
	@touch $@ $(STAMP)

blender: $(VENV)/bin/uv ## Set up Blender in .venv-blender, for --characters (0.9 GB)
	@bash deployments/system_packages.sh blender
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .venv-blender
	$(BIN)/uv pip sync --quiet --require-hashes --python .venv-blender/bin/python requirements-blender.lock
	.venv-blender/bin/python -I -c "import bpy; print('Blender', bpy.app.version_string, 'is ready')"

system: ## Install the few system libraries where that is allowed, else name them
	@bash deployments/system_packages.sh run

system-test:
	@bash deployments/system_packages.sh test

demo: setup ## Edit the bundled sample, offline, and say where the result is
	@bash samples/demo.sh $(BIN)/ai-video-editor

serve: setup ## Dashboard, worker and watched folders on this machine, until Ctrl-C
	@$(BIN)/python -m deployments.serve

gallery: setup ## Build samples/gallery/ and docs/pictures/: what is drawn for the bundled sample
	$(BIN)/python samples/make_gallery.py

test: $(DEV_STAMP) system system-test lint ## Run every check that CI runs
	$(BIN)/python -m pytest -n 2 --dist loadgroup --durations=20

lint: $(DEV_STAMP) ## Style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests benchmarks
	$(BIN)/lint-imports

chaos: $(DEV_STAMP) ## Break things for MINUTES=20, a seeded sample of all cases
	$(BIN)/python -m tests.chaos --minutes $(or $(MINUTES),20) --seed $(or $(SEED),1)

chaos-full: $(DEV_STAMP) ## Break everything once
	$(BIN)/python -m tests.chaos --all --seed $(or $(SEED),1)

bench: $(DEV_STAMP) ## Measure, as ratios side by side in one run
	$(BIN)/python -m benchmarks.run

sample: $(DEV_STAMP) ## Make the bundled sample again (needs Debian's flite)
	$(BIN)/python samples/make_sample.py

lock: $(VENV)/bin/uv ## Pin all dependencies again
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --quiet --no-header -o requirements.lock
	printf 'bpy==4.5.3\nnumpy>=1.26,<2\n' | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --quiet --no-header --no-annotate -o requirements-blender.lock
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --quiet --no-header --extra cluster -c requirements.lock -o requirements-cluster.lock
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --quiet --no-header --extra cluster --group dev -c requirements-cluster.lock -o requirements-dev.lock

clean: ## Remove what make has made
	rm -rf $(VENV) .venv-blender output .demo
