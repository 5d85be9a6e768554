package forecast

import (
	"context"
	"math"
	"math/rand/v2"
	"time"

	"zellige"
	"zellige/runtime"
)

// Speed is how fast a network runs on a machine: 1 on the core that the work was
// measured on.
type Speed float64

// A style loss and its gradient tell the speed. The layer is one with all kinds of
// operators; in smaller pictures threads wait for each other more than in large ones.
const (
	probeSize        = 160 // pixels a side
	probeLayer       = 3
	probeEvaluations = 5
)

// MeasureSpeed takes some fifteen milliseconds, half of them to open the network. It is
// the speed that the network has while nothing else wants the processors. The errors
// are those of the model.
func MeasureSpeed(ctx context.Context, m zellige.Model) (Speed, error) {
	layer := min(probeLayer, len(m.Info().Layers)-1)
	channels := m.Info().Layers[layer].Channels
	objective := runtime.Objective{Height: probeSize, Width: probeSize, Style: []runtime.StyleTerm{
		{Layer: layer, Weight: 1e-9, Scale: 1, Target: make([]float32, channels*channels)}}}
	work, err := m.Info().Cost(objective)
	if err != nil {
		return 0, err
	}
	pixels := probePixels()
	network, err := m.Prepare(objective, pixels, make([]float32, len(pixels)))
	if err != nil {
		return 0, err
	}
	defer network.Close() // a failure shows again when the picture is painted
	fastest := time.Duration(math.MaxInt64)
	for range probeEvaluations {
		began := time.Now()
		if _, err := network.Evaluate(ctx); err != nil {
			return 0, err
		}
		fastest = min(fastest, time.Since(began))
	}
	return Speed(nanoseconds(work) / float64(max(fastest, 1))), nil
}

// probePixels are noise, [3][probeSize][probeSize].
func probePixels() []float32 {
	random := rand.New(rand.NewPCG(0, 0))
	pixels := make([]float32, 3*probeSize*probeSize)
	for i := range pixels {
		pixels[i] = random.Float32()
	}
	return pixels
}

// Time is how long work takes at a speed.
func (s Speed) Time(work time.Duration) time.Duration {
	return time.Duration(float64(work) / float64(s))
}
