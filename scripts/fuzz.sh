#!/bin/sh
# Runs every fuzz target of every package, one after the other; go test takes one at a time.
# Usage: scripts/fuzz.sh TIME, for example 30s
set -e

packages=$(go list ./...)
for package in $packages; do
	targets=$(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true)
	for target in $targets; do
		echo "$package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 5x "$package"
	done
done
