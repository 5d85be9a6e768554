# Every target is a few plain commands that can be typed by hand as well; see docs/development.md.

PYTHON ?= python3
# Of make bench-peer: what to measure, see bench/compare.py --help.
PEER ?=
# Of make bench: which benchmarks, and how often each; of make fuzz: how long for each target.
BENCH ?= .
COUNT ?= 10
FUZZTIME ?= 30s

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
TOOL := go tool -modfile=tools/go.mod
DEMO := out/lion-great-wave.png

.DEFAULT_GOAL := build
.PHONY: build demo test race bench bench-peer fuzz lint golden model clean help onnxruntime

build: onnxruntime ## build bin/zellige (the default)
	go build -ldflags "-X main.version=$(VERSION)" -o bin/zellige ./cmd/zellige

demo: build ## paint the lion as the great wave
	@mkdir -p out
	bin/zellige transfer --content testdata/pictures/lion.png --style testdata/pictures/great-wave.png --output $(DEMO)
	@echo
	@echo "The picture is in $(DEMO). Next, your own photograph:"
	@echo "  bin/zellige transfer --content PHOTO.jpg --style testdata/pictures/starry-night.jpg --output out/mine.png"

test: onnxruntime ## run all tests, none skipped
	ZELLIGE_REQUIRE_ONNXRUNTIME=1 go test ./...

race: onnxruntime ## run all tests under the race detector
	ZELLIGE_REQUIRE_ONNXRUNTIME=1 go test -race ./...

bench: onnxruntime ## run the benchmarks into out/bench.txt (BENCH=Step COUNT=10)
	@mkdir -p out
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./... | tee out/bench.txt
	@! grep '^FAIL' out/bench.txt
	$(TOOL) benchstat out/bench.txt

fuzz: onnxruntime ## run every fuzz target for a while (FUZZTIME=30s)
	scripts/fuzz.sh $(FUZZTIME)

lint: ## check format, go vet, staticcheck
	@gofmt -l . | (! grep .) || { echo "not formatted; run gofmt -w on them"; exit 1; }
	go vet ./...
	$(TOOL) staticcheck ./...

golden: .venv/reference/installed ## write testdata/golden again with PyTorch
	.venv/reference/bin/python scripts/reference_torch.py --pictures testdata/pictures

model: .venv/export/installed ## export the graph again and compare it with the committed one
	@mkdir -p out
	.venv/export/bin/python scripts/export_squeezenet.py --output out/squeezenet1_1.onnx
	cmp out/squeezenet1_1.onnx models/squeezenet1_1.onnx && echo "the same bytes as models/squeezenet1_1.onnx"

bench-peer: build .venv/reference/installed ## compare with PyTorch, side by side (PEER=--huge), see bench/
	go build -o out/bench/ ./bench/...
	.venv/reference/bin/python bench/compare.py $(PEER)

clean: ## remove what was built, but keep what was downloaded
	rm -rf bin out

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

onnxruntime:
	@scripts/check_tools.sh $(PYTHON)
	@$(PYTHON) scripts/fetch_onnxruntime.py

.venv/%/installed: scripts/requirements-%.txt
	$(PYTHON) -m venv --clear .venv/$*
	.venv/$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
