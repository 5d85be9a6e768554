package optimize

// Optimizer moves pixels. It is asked for one step after every evaluation of the
// losses, and knows by itself whether that evaluation was one of a line search.
type Optimizer interface {
	// Step is told the loss and its gradient, [3][height][width], at pixels, and
	// moves these to where the next evaluation shall be. Rate is the learning rate.
	// It reports whether it goes on from the pixels that were evaluated; if not, it
	// has gone back to earlier ones. It allocates nothing.
	Step(pixels, gradient []float32, loss, rate float64) bool
	// Retreats reports whether the next Step can go back if the loss or the
	// gradient is no finite number.
	Retreats() bool
	// Settle moves pixels that were not evaluated to the best that were, if the
	// optimiser knows better than to trust its last step.
	Settle(pixels []float32)
	// Restart forgets all that was learnt of earlier gradients.
	Restart()
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

// fits reports whether the state has so many scalars and only vectors of n values.
func (s State) fits(scalars, n int) bool {
	for _, v := range s.Vectors {
		if len(v) != n {
			return false
		}
	}
	return len(s.Scalars) == scalars
}
