# Every target is a few plain commands that can be typed by hand as well; see docs/development.md.

PYTHON ?= python3
# Of make bench-peer: what to measure, see bench/compare.py --help.
PEER ?=
# Of make bench: which benchmarks, and how often each; of make fuzz: how long for each target.
BENCH ?= .
COUNT ?= 10
FUZZTIME ?= 30s

# Of make attack: which attacks and how often.
ATTACK ?=

# Of make install: where to; DESTDIR stands before it and is where a package is put together.
PREFIX ?= /usr/local
DESTDIR ?=

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null)
# Without symbols, and without the manual pages of the library of flags: help --man is our own.
STRIPPED := -s -w -X main.version=$(VERSION)
GO_BUILD := go build -tags urfave_cli_no_docs
TOOL := go tool -modfile=tools/go.mod
DEMO := out/cat-starry-night.png
LAB := out/lab-report
# IMAGES=FOLDER takes your own pictures instead of those of the same name.
LAB_RUN := bin/zellige run experiments/lab-report.yaml --out $(LAB) $(if $(IMAGES),--images "$(IMAGES)")

.DEFAULT_GOAL := build
.PHONY: auvers starry-night great-wave kandinsky fire waves zellige ablations inversion report
.PHONY: build install dist demo test test-browser test-export test-networks test-slurm test-clusters race asan attack bench bench-peer fuzz lint golden model clean help onnxruntime

build: onnxruntime ## build bin/zellige (the default)
	$(GO_BUILD) -ldflags "$(STRIPPED)" -o bin/zellige ./cmd/zellige

install: build ## put the program, the library and the manual page below PREFIX=/usr/local
	$(PYTHON) scripts/dist.py --install "$(DESTDIR)$(PREFIX)"

dist: build .venv/dist/installed ## pack releases for Linux and Windows into out/dist/ (minutes; needs Linux x86-64)
	$(PYTHON) scripts/dist.py --version "$(VERSION)" $(GO_BUILD) -trimpath -ldflags "$(STRIPPED) -buildid= -extldflags=-s"

demo: build ## paint the cat in the style of The Starry Night
	@mkdir -p out
	bin/zellige transfer --content testdata/pictures/cat.png --style testdata/pictures/starry-night.jpg --output $(DEMO)
	@echo
	@echo "The picture is in $(DEMO). Next, your own photograph:"
	@echo "  bin/zellige transfer PHOTO.jpg testdata/pictures/starry-night.jpg"

auvers starry-night great-wave kandinsky fire waves zellige: build ## paint the lab report's picture in this style
	$(LAB_RUN) --only "transfers/*-$@"
	@echo "The picture is in $$(ls $(LAB)/transfers/*-$@/picture.png)"

ablations: build ## repeat the lab report's ablations of the lion and waves
	$(LAB_RUN) --only transfers/lion-waves
	$(LAB_RUN) --only ablations/
	@echo "The pictures are in $(LAB)/ablations/, what they are compared with in $(LAB)/transfers/lion-waves/"

inversion: build ## repeat the lab report's feature inversions, and one from each layer
	$(LAB_RUN) --only inversion/
	$(LAB_RUN) --only depth/
	@echo "The pictures are in $(LAB)/inversion/ and $(LAB)/depth/"

report: build ## repeat the whole lab report and show it as one HTML file
	$(LAB_RUN)
	bin/zellige report $(LAB) --contact-sheet $(LAB)/contact-sheet.png
	@echo "The report is in $(LAB)/report.html, all pictures on one sheet in $(LAB)/contact-sheet.png"

test: onnxruntime ## run all tests, those in a browser if there is one
	ZELLIGE_REQUIRE_ONNXRUNTIME=1 go test -timeout 30m ./...

test-browser: ## look at the report and the live view in Chromium, which must be installed
	ZELLIGE_REQUIRE_BROWSER=1 go test -count=1 -run InABrowser ./internal/report ./internal/view

test-export: .venv/export/installed ## see that the exporter refuses what it must, in one line each
	.venv/export/bin/python -m unittest discover scripts

test-networks: .venv/reference/installed ## compare exported networks, also random ones, with PyTorch (half an hour)
	.venv/reference/bin/python scripts/reference_networks.py

test-slurm: build ## run an array of tasks on a Slurm of this machine alone (minutes; root, Debian)
	scripts/test_slurm.sh

test-clusters: build .venv/clusters/installed ## run the other recipes of docs/clusters.md, and two workers on a file system that lies (root, Debian)
	.venv/clusters/bin/python scripts/check_clusters.py

race: onnxruntime ## run all tests under the race detector but those that compare numbers for long
	ZELLIGE_REQUIRE_ONNXRUNTIME=1 go test -race -short -timeout 40m ./...

# ONNX Runtime throws exceptions, and the sanitizer must know the C++ library before it is loaded. It allocates
# in Go itself, which some tests forbid.
asan: onnxruntime ## run the tests of the boundary to C under the address sanitizer (minutes; Linux)
	ZELLIGE_REQUIRE_ONNXRUNTIME=1 CGO_LDFLAGS="-O2 -g -Wl,--no-as-needed -lstdc++" go test -asan -count=1 -timeout 60m -skip 'Allocates?Nothing' ./runtime/...

bench: onnxruntime ## run the benchmarks into out/bench.txt (BENCH=Step COUNT=10)
	@mkdir -p out
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./... | tee out/bench.txt
	@! grep '^FAIL' out/bench.txt
	$(TOOL) benchstat out/bench.txt

fuzz: onnxruntime ## run every fuzz target for a while (FUZZTIME=30s)
	scripts/fuzz.sh $(FUZZTIME)

attack: build ## signals, full disks, little memory, long runs: try to break the program (ATTACK=--help)
	$(PYTHON) scripts/attack.py $(ATTACK)

lint: ## check format, go vet, staticcheck
	@gofmt -l . | (! grep .) || { echo "not formatted; run gofmt -w on them"; exit 1; }
	go vet ./...
	$(TOOL) staticcheck ./...

golden: .venv/reference/installed ## write testdata/golden again with PyTorch
	.venv/reference/bin/python scripts/reference_torch.py --pictures testdata/pictures
	.venv/reference/bin/python scripts/reference_matching.py
	.venv/reference/bin/python scripts/reference_measures.py

model: .venv/export/installed ## export the graphs again and compare them with the committed ones
	@mkdir -p out
	.venv/export/bin/python scripts/export_squeezenet.py --output out/squeezenet1_1.onnx
	.venv/export/bin/python scripts/export_squeezenet.py --operators fused --output out/squeezenet1_1_fused.onnx
	.venv/export/bin/python scripts/export_matching.py --output out/matching.onnx
	for f in squeezenet1_1 squeezenet1_1_fused matching; do cmp out/$$f.onnx models/$$f.onnx && echo "the same bytes as models/$$f.onnx" || exit 1; done

bench-peer: build .venv/reference/installed ## compare with PyTorch, side by side (PEER=--huge), see bench/
	go build -o out/bench/ ./bench/...
	.venv/reference/bin/python bench/compare.py $(PEER)

clean: ## remove what was built, but keep what was downloaded
	rm -rf bin out

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## / { n = split($$1, t, " "); for (i = 1; i <= n; i++) printf "make %-13s %s\n", t[i], $$2 }' Makefile

onnxruntime:
	@scripts/check_tools.sh $(PYTHON)
	@$(PYTHON) scripts/fetch_onnxruntime.py

.venv/%/installed: scripts/requirements-%.txt
	$(PYTHON) -m venv --clear .venv/$*
	.venv/$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
