package runtime

import (
	"testing"

	"zellige/models"
)

// BenchmarkParse takes the committed graph apart and reads its metadata.
func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(models.SqueezeNet)))
	for b.Loop() {
		g, err := ParseGraph(models.SqueezeNet)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := g.Info(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCut cuts it to the reference's losses and gradient and writes it.
func BenchmarkCut(b *testing.B) {
	g, err := ParseGraph(models.SqueezeNet)
	if err != nil {
		b.Fatal(err)
	}
	inputs, outputs := []string{"image", contentTarget(3), contentWeight(3)}, []string{contentLoss(3), "gradient"}
	for _, l := range []int{1, 4, 5, 7} {
		inputs = append(inputs, wholeMap(l).target(), wholeMap(l).weight(), wholeMap(l).scale())
		outputs = append(outputs, wholeMap(l).loss())
	}
	b.Run("layers=reference", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			cut, err := g.Cut(inputs, outputs)
			if err != nil {
				b.Fatal(err)
			}
			cut.Encode()
		}
	})
}
