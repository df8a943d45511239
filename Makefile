# Every path here is relative, so that the repository may stand in a folder whose name has spaces.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
# What is installed is what locks/ says, to the byte: a clone that was green stays green.
LOCKED := $(PIP) install --require-hashes --requirement
PROJECT := $(PIP) install --no-deps --no-build-isolation --editable .
# For the two commands that look at today's releases: the newest, in an environment of its own.
UV := .uv/bin/uv
# Test processes at a time; one that is done takes what others have left, since some tests take minutes.
WORKERS ?= 2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help venv build test test-newest lock prove check format generate bench corpus scoreboard debian-packages node-packages FORCE

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/  make \1|\2/p' Makefile | awk -F '|' '{ printf "%-24s %s\n", $$1, $$2 }'

venv: $(VENV)/.made ## make .venv with the first Python on PATH that is 3.11 or later

build: $(VENV)/.runtime ## install chuoigen into .venv, with nothing but what it runs on, and build spec/qa.yaml
	$(VENV)/bin/chuoigen build spec/qa.yaml

test: debian-packages node-packages check ## install what the tests need, then check and run every test
	$(PY) -m pytest -n $(WORKERS) --dist worksteal

test-newest: $(UV) ## unit and law tests on the newest and on the lowest versions that pyproject.toml admits
	sh tools/test-newest.sh $(UV) $(WORKERS)

lock: $(UV) ## write locks/ anew with the newest versions that pyproject.toml admits
	sh tools/lock.sh $(UV) .uv/bin/python

# One part of the proof, by the name of its test: logs, joints, images, task_alive, registry, pages_in_browser, ...
PART ?=
prove: debian-packages node-packages $(VENV)/.tests ## install the tools and run what is generated in them; PART=logs runs tests/proof/test_logs.py alone
	$(PY) -m pytest $(if $(PART),tests/proof/test_$(PART).py,-n $(WORKERS) --dist worksteal tests/proof)

check: $(VENV)/.tests ## formatting, lint, types, import law, names in the docs, and that generated files are current
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/shellcheck tools/*.sh .ci/run
	$(PY) -m pytest -q tests/laws/test_layers.py tests/test_docs_names.py
	$(PY) tools/generate.py --check

format: $(VENV)/.tests ## format the Python files and repair what ruff can repair
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

generate: $(VENV)/.tests ## write schema/, the generated pages of docs/ and out/ anew
	$(PY) tools/generate.py

bench: $(VENV)/.runtime ## measure start-up against imports, and specs per second; fails on no figure
	$(PY) tools/bench.py

# A folder of real files, which is not part of the repository.
CORPUS ?=
corpus: $(VENV)/.runtime ## print what lint says about the files of a folder, by rule; CORPUS=dir
	$(PY) tools/corpus.py $(CORPUS)

# cfn-lint and checkov are nothing that chuoigen or its tests need: they have an environment of their own.
scoreboard: $(VENV)/.tests ## write docs/scoreboard.md: chuoigen lint beside cfn-lint, checkov and botocore, in one run
	sh tools/make-venv.sh .scoreboard
	.scoreboard/bin/python -m pip --disable-pip-version-check --quiet install --upgrade cfn-lint checkov
	$(PY) tools/scoreboard.py .scoreboard/bin

debian-packages: ## install the Debian packages that the tests run, where they are missing and it is allowed
	sh tools/install-debian-packages.sh

node-packages: .node/.made ## install yarn and pnpm, as locks/node says, into .node, for the proof of the recipe node

.node/.made: locks/node/package.json locks/node/package-lock.json
	sh tools/install-node-packages.sh .node

# With PYTHON given it is asked each time whether that is the one; what was installed stays unless it is another.
$(VENV)/.made: tools/make-venv.sh tools/pythons.sh $(if $(PYTHON),FORCE)
	sh tools/make-venv.sh $(VENV)
	@test $@ -nt tools/make-venv.sh || touch $@

$(VENV)/.runtime: $(VENV)/.made pyproject.toml locks/runtime.txt
	$(LOCKED) locks/runtime.txt
	$(PROJECT)
	@touch $@

$(VENV)/.tests: $(VENV)/.made pyproject.toml locks/tests.txt
	$(LOCKED) locks/tests.txt
	$(PROJECT)
	@touch $@ $(VENV)/.runtime

$(UV): tools/make-venv.sh
	sh tools/make-venv.sh .uv
	.uv/bin/python -m pip --disable-pip-version-check --quiet install --upgrade uv
	@touch $@

FORCE:
