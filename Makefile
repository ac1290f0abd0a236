# Each target is one command once the environment is made; without make, CONTRIBUTING.md
# says how to make the environment by hand.

BIN := .venv/bin
ENVIRONMENT := .venv/installed
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11

.PHONY: reports workshop notebooks test stress benchmarks clean

reports: $(ENVIRONMENT)
	$(BIN)/funnelkit batch

workshop: $(ENVIRONMENT)
	$(BIN)/funnelkit workshop $(CLIENT)

notebooks: $(ENVIRONMENT)
	$(BIN)/funnelkit notebooks

test: $(ENVIRONMENT)
	$(BIN)/python -m pytest -n logical

stress: $(ENVIRONMENT)
	$(BIN)/python -m pytest -m stress

benchmarks: $(ENVIRONMENT)
	@set -e; for benchmark in $(wildcard benchmarks/*.py); do \
	    echo "== $$benchmark"; $(BIN)/python $$benchmark; \
	done

clean:
	rm -rf .venv reports dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

$(ENVIRONMENT): requirements.lock pyproject.toml
	@for python in $(PYTHONS); do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        echo "Making the environment in .venv with $$python: once, a minute or two."; \
	        exec $$python -m venv .venv; \
	    fi; \
	done; \
	echo "funnelkit needs Python 3.11 or newer; none of these is: $(PYTHONS)." >&2; exit 1
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
