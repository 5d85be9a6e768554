package zellige

// The loss is said to rise if it is many times the first for long, or above the
// first at the end. Adam's first steps, which are as large as the range of the
// pixels, raise it to some nine times the first.
const (
	muchHigher = 20
	patience   = 50 // iterations in a row
)

// Trend watches the loss of a picture.
type Trend struct {
	First float64 // loss, of iteration 0
	above int     // for how many iterations it has been much higher
	told  bool
}

// Rising looks at a step. It is true once, if the loss rises.
func (t *Trend) Rising(s Step) bool {
	total := s.Losses.Total()
	if s.Iteration == 0 {
		t.First = total
	}
	if t.above++; total <= muchHigher*t.First {
		t.above = 0
	}
	last := s.Iteration == s.Iterations-1
	if t.told || t.above < patience && !(last && total > t.First) {
		return false
	}
	t.told = true
	return true
}
