package zellige

import (
	"context"

	"zellige/models"
	"zellige/runtime"
)

// Model is what the loop needs of a network; [Network] is the real one. It must
// serve several goroutines at once.
type Model interface {
	// Info describes the layers and the normalisation.
	Info() *runtime.Info
	// Extract computes features and Gram matrices of one image.
	Extract(ctx context.Context, image runtime.Image, features []int, grams []runtime.GramTerm) (runtime.Extraction, error)
	// Prepare returns an evaluator that reads pixels and writes their gradient,
	// both [3][Height][Width] of the objective, in every call.
	Prepare(o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error)
}

// Config says which network Open opens.
type Config = runtime.Config

// Network is the exported graph in ONNX Runtime.
type Network struct{ *runtime.Network }

var _ Model = Network{}

// Open opens the graph of c, by default the embedded SqueezeNet, in ONNX Runtime.
// The caller must Close it. The errors are those of [runtime.Open].
func Open(c Config) (Network, error) {
	if c.Model == nil {
		c.Model = models.SqueezeNet
	}
	n, err := runtime.Open(c)
	return Network{n}, err
}

// Prepare implements [Model].
func (n Network) Prepare(o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	return n.Network.Prepare(o, pixels, gradient)
}
