//go:build cgo

package runtime

import (
	"context"
	"fmt"
	"testing"

	"zellige/models"
)

// A photograph of shorter side size, as 3:2.
var benchmarkSizes = []int{192, 512, 1024}

func photograph(seed uint64, size int) Image { return noise(seed, size, size*3/2) }

// The layers of a benchmark: the reference needs the network down to layer 7, one
// content loss on layer 1 little of it.
var benchmarkTerms = []struct {
	layers string
	terms  terms
}{
	{"reference", reference},
	{"1", terms{content: map[int]float32{1: 1}}},
}

// BenchmarkStep evaluates the losses and their gradient once.
func BenchmarkStep(b *testing.B) {
	n := open(b, 0)
	for _, size := range benchmarkSizes {
		for _, bench := range benchmarkTerms {
			b.Run(fmt.Sprintf("size=%d/layers=%s", size, bench.layers), func(b *testing.B) {
				s := prepare(b, n, bench.terms, photograph(1, size), photograph(2, size))
				s.evaluate(b) // the first run sizes ONNX Runtime's arena
				b.ReportAllocs()
				for b.Loop() {
					if _, err := s.Evaluate(context.Background()); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(s.nodes()), "nodes")
			})
		}
	}
}

// BenchmarkPrepare cuts the graph and opens it in ONNX Runtime.
func BenchmarkPrepare(b *testing.B) {
	n := open(b, 0)
	for _, size := range benchmarkSizes {
		b.Run(fmt.Sprintf("size=%d/layers=reference", size), func(b *testing.B) {
			image := photograph(1, size)
			o := reference.objective(b, n, image.Height, image.Width, image)
			gradient := make([]float32, len(image.Pixels))
			b.ReportAllocs()
			for b.Loop() {
				s, err := n.Prepare(o, image.Pixels, gradient)
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkExtract computes the reference's targets once, its session included.
func BenchmarkExtract(b *testing.B) {
	n := open(b, 0)
	for _, size := range benchmarkSizes {
		b.Run(fmt.Sprintf("size=%d/layers=reference", size), func(b *testing.B) {
			image := photograph(1, size)
			grams := []GramTerm{{1, 1}, {4, 1}, {5, 1}, {7, 1}}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := n.Extract(context.Background(), image, []int{3}, grams); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOpen loads the library, reads the graph and gives both back.
func BenchmarkOpen(b *testing.B) {
	path := library(b)
	b.ReportAllocs()
	for b.Loop() {
		n, err := Open(Config{Model: models.SqueezeNet, Library: path})
		if err != nil {
			b.Fatal(err)
		}
		if err := n.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
