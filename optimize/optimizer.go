package optimize

import "errors"

// Optimizer moves pixels. It is asked for one step after every evaluation of the
// losses, and knows by itself whether that evaluation was one of a line search.
type Optimizer interface {
	// Step is told the loss and its gradient, [3][height][width], at pixels, and
	// moves these to where the next evaluation shall be. Rate is the learning rate.
	// It reports whether it goes on from the pixels that were evaluated; if not, it
	// has gone back to earlier ones. It allocates nothing.
	Step(pixels, gradient []float32, loss, rate float64) bool
	// Retreats reports whether the next Step can go back if the loss or the
	// gradient is NaN or infinite.
	Retreats() bool
	// Settle moves pixels that were not evaluated to the best that were, if the
	// optimiser knows better than to trust its last step.
	Settle(pixels []float32)
	// State returns what is needed to go on later. Its vectors are the
	// optimiser's own: they change with the next step.
	State() State
	// Restore goes on from a state of the same optimiser of as many values.
	Restore(State) error
}

// State is all that an optimiser remembers between two steps.
type State struct {
	Scalars []float64
	Vectors [][]float32
}

// copyFrom copies the vectors of a state of the same form.
func (s State) copyFrom(saved State) error {
	same := len(s.Scalars) == len(saved.Scalars) && len(s.Vectors) == len(saved.Vectors)
	for i := 0; same && i < len(s.Vectors); i++ {
		same = copy(s.Vectors[i], saved.Vectors[i]) == max(len(s.Vectors[i]), len(saved.Vectors[i]))
	}
	if !same {
		return errors.New("the saved state is of another optimiser or of a picture of another size")
	}
	return nil
}
