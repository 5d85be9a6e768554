package zellige

import (
	"context"
	"fmt"
	"testing"

	"zellige/runtime"
)

// BenchmarkLoop is the part of a step that is not the network's: bounds, total
// variation and the optimiser. It should stay under 3 % of runtime's BenchmarkStep.
func BenchmarkLoop(b *testing.B) {
	for _, size := range [][2]int{{193, 289}, {513, 769}, {1025, 1537}} {
		for preset, o := range map[string]Options{"lab": lab(), "paint": DefaultOptions()} {
			h, w := size[0], size[1]
			b.Run(fmt.Sprintf("preset=%s/size=%dx%d", preset, w, h), func(b *testing.B) {
				pixels := noise(3*h*w, 1)
				plan := &Plan{Info: (&fakeModel{}).Info(), Options: o, Stages: []Stage{{Scale: o.scales()[0], Height: h, Width: w}}}
				l, err := newLoop(&fakeModel{}, plan, 0, runtime.Objective{Height: h, Width: w}, pixels)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := l.evaluate(context.Background(), 0); err != nil {
						b.Fatal(err)
					}
					l.move(0)
				}
			})
		}
	}
}
