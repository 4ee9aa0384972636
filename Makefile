# One entry for people and for CI. `make demo` and `make test` set everything up themselves on a
# machine that has Python 3.11+, pip, make and gcc.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
STAMP := $(VENV)/.stamp
SERVICES := $(addprefix proto/framegate/v1/,moderation.proto provenance.proto audit.proto)
CODE := media models moderation provenance tests benchmarks

.PHONY: setup models proto fmt lint type test bench bench-clips bench-detect bench-fingerprint bench-peers bench-prompts bench-recognise bench-watermark demo fuzz clean

setup: $(STAMP)

# torch first and alone: the pinned version is the one that constraints.txt names, and nothing
# installed after it may pull another build.
$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(STAMP)

models: setup
	$(BIN)/framegate models fetch

proto: setup
	cd proto && ../$(BIN)/python -m grpc_tools.protoc -I . --python_out=. --mypy_out=quiet:. \
		framegate/v1/*.proto
	cd proto && ../$(BIN)/python -m grpc_tools.protoc -I . --grpc_python_out=. \
		--mypy_grpc_out=quiet:. $(SERVICES:proto/%=%)

fmt: setup
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix --quiet $(CODE)

lint: setup
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/buf lint proto

type: setup
	$(BIN)/mypy

# Two at a time: each test file in one process. One after the other: python -m pytest.
test: models
	$(BIN)/python -m pytest -n 2 --dist loadfile --durations 15

# How good prompt screening is, against what could be installed instead; needs FRAMEGATE_DATA.
bench-prompts: models
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m benchmarks.prompts

# What clip review finds, and what it costs beside two packages that could be installed instead
# (nudenet is under the AGPL: measured, never shipped); needs FRAMEGATE_DATA.
bench-clips: models
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps openmoderate==1.1.3 nudenet==3.4.2
	$(BIN)/framegate models evaluate frames --data $${FRAMEGATE_DATA:-../shared/data}
	$(BIN)/python -m benchmarks.reviewing

# Mutated clips through the review, and mutated signed files through the verification.
fuzz: models
	$(BIN)/python -m benchmarks.fuzzing --mutations 10000
	$(BIN)/python -m benchmarks.forging --mutations 10000

# How well the invisible watermark survives what happens to clips; needs FRAMEGATE_DATA.
bench-watermark: setup
	$(BIN)/python -m benchmarks.watermarking --data $${FRAMEGATE_DATA:-../shared/data}

# The watermark and the fingerprint beside packages that could be installed instead; needs FRAMEGATE_DATA.
bench-peers: setup
	$(PYTHON) -m venv .cache/peers
	.cache/peers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r benchmarks/peers-requirements.txt
	$(BIN)/python -m benchmarks.watermark_peers --data $${FRAMEGATE_DATA:-../shared/data} --peers .cache/peers/bin/python

# How well a clip is found again by its fingerprint; needs FRAMEGATE_DATA.
bench-fingerprint: setup
	$(BIN)/python -m benchmarks.fingerprinting --data $${FRAMEGATE_DATA:-../shared/data}

# How often released clips are recognised after laundering; needs FRAMEGATE_DATA.
bench-recognise: setup
	$(BIN)/python -m benchmarks.recognising --data $${FRAMEGATE_DATA:-../shared/data}

# How well generated clips are told from real ones; needs FRAMEGATE_DATA.
bench-detect: models
	$(BIN)/python -m benchmarks.detecting --data $${FRAMEGATE_DATA:-../shared/data}
	$(BIN)/python -m benchmarks.detection.adapting --data $${FRAMEGATE_DATA:-../shared/data}

bench: models
	for each in $(filter-out benchmarks/averaging.py benchmarks/copies.py benchmarks/detecting.py benchmarks/outcomes.py benchmarks/reposting.py benchmarks/watermark_peers.py, $(wildcard benchmarks/*.py)); do \
		$(BIN)/python -m benchmarks.$$(basename $$each .py) || exit 1; \
	done

demo: models
	$(BIN)/python -m moderation.demo

clean:
	rm -rf $(VENV) .cache demo-out .pytest_cache .mypy_cache .ruff_cache .hypothesis
