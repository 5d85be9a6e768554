#!/bin/sh
# Says what zellige cannot be built without, before Go or pip would say it less clearly.
# Usage: scripts/check_tools.sh PYTHON

missing() {
	echo "zellige: $1" >&2
	echo "zellige: $2" >&2
	exit 1
}

installed() { command -v "$1" >/dev/null 2>&1; }

installed go ||
	missing "Go is not installed, or not on the PATH" "install Go 1.26 or newer"

compiler=$(go env CC)
installed "${compiler%% *}" ||
	missing "no C compiler: $compiler is not on the PATH" \
		"install one (Debian, Ubuntu: apt install gcc; macOS: xcode-select --install), or name yours: make CC=clang"

[ "$(go env CGO_ENABLED)" = 1 ] ||
	missing "cgo is off, and ONNX Runtime is called through it" "run make again with CGO_ENABLED=1"

installed "$1" ||
	missing "$1 is not on the PATH; it fetches the ONNX Runtime library" \
		"install Python 3.8 or newer with pip, or name yours: make PYTHON=python3.12"
