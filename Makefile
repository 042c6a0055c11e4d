# Two commands do all the set-up: `make run` and `make test`.
# Needed beforehand: Python 3.11 to 3.14 and make. PYTHON=… chooses the interpreter.
.PHONY: help run serve test lint format check train models lock clean

help:
	@echo "make run     translate and summarise the sample article (installs what is missing)"
	@echo "make serve   start the server (installs what is missing)"
	@echo "make test    run the tests (installs what is missing)"
	@echo "make lint    ruff and mypy"
	@echo "make format  let ruff put the code into shape"
	@echo "make check   lint, then test"
	@echo "make train   install the training part (PyTorch)"
	@echo "make models  install the two published models that the forge is proved on"
	@echo "make lock    write requirements/ anew from pyproject.toml (needs uv)"
	@echo "make clean   remove the environment and everything that was generated"

run:
	@scripts/setup run
	@scripts/run

serve:
	@scripts/setup run
	@.venv/bin/kakehashi serve

test:
	@scripts/setup test
	@scripts/test

lint:
	@scripts/setup test
	@scripts/lint

format:
	@scripts/setup test
	@scripts/format

check:
	@scripts/setup test
	@scripts/check

train:
	@scripts/setup train

models:
	@scripts/setup models

lock:
	@scripts/lock

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests runs models -name __pycache__ -type d -prune -exec rm -rf {} +
