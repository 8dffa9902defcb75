# `make verify` and `make test` each work alone in a fresh clone: they make .venv first when it is absent or older than
# constraints.txt and pyproject.toml. PYTHON is any Python >= 3.11.
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
RUN := $(VENV)/bin/python -m
PIP := $(RUN) pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: verify test campaign coq lint types bench pdf clean venv
.DELETE_ON_ERROR:

verify: $(READY)
	$(RUN) latentreuse verify

test: $(READY)
	$(RUN) pytest -n 2

campaign: $(READY)
	$(RUN) pytest -m campaign

# Every step that Coq can state, and planted errors that it must refuse; needs coqc (Debian: coq).
coq: $(READY)
	$(RUN) pytest -m coq

lint: $(READY)
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: $(READY)
	$(RUN) mypy

bench: $(READY)
	$(RUN) benchmarks

# Every statement and proof in one PDF; needs latexmk and a TeX with amsmath (Debian: texlive-latex-recommended, lmodern).
pdf: $(READY)
	mkdir -p build
	$(RUN) latentreuse export all --format latex > build/latentreuse.tex
	cd build && SOURCE_DATE_EPOCH=0 FORCE_SOURCE_DATE=1 latexmk -pdf -interaction=nonstopmode -halt-on-error latentreuse.tex

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv: $(READY)

# The build backend comes from constraints.txt too, hence no build isolation.
$(READY): constraints.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) hatchling
	$(PIP) --no-build-isolation --editable '.[data,test]'
	touch $(READY)
