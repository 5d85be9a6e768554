package main

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestFlagsFirst(t *testing.T) {
	tests := []struct{ args, want string }{
		{"zellige run a.yaml --list", "zellige run --list a.yaml"},
		{"zellige run a.yaml --only tv --jobs 2", "zellige run --only tv --jobs 2 a.yaml"},
		{"zellige run --only tv a.yaml --list", "zellige run --only tv --list a.yaml"},
		{"zellige run --only=tv a.yaml b.yaml -h", "zellige run --only=tv -h a.yaml b.yaml"},
		{"zellige run a.yaml --only", "zellige run --only a.yaml"},
		{"zellige run --quiet -- --list", "zellige run --quiet -- --list"},
		{"zellige run a.yaml -- -b", "zellige run -- a.yaml -b"},
		{"zellige run - --list", "zellige run --list -"},
		{"zellige rerun a.png -o b.png", "zellige rerun -o b.png a.png"},
		{"zellige rerun a.png --unknown b", "zellige rerun --unknown a.png b"},
		{"zellige transfer a b --seed 1", "zellige transfer --seed 1 a b"},
		{"zellige transfer a -o c --lean b", "zellige transfer -o c --lean a b"},
		{"zellige transfer - b -o - --format png", "zellige transfer -o - --format png - b"},
		{"zellige transfer --mask m --mask n a -- -b", "zellige transfer --mask m --mask n -- a -b"},
		{"zellige doctor now --threads 1", "zellige doctor --threads 1 now"},
		{"zellige nothing a --list", "zellige nothing a --list"},
		{"zellige run", "zellige run"},
		{"zellige", "zellige"},
	}
	for _, tt := range tests {
		got := flagsFirst(newApp(io.Discard, io.Discard), strings.Fields(tt.args))
		if want := strings.Fields(tt.want); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", tt.args, got, want)
		}
	}
}
