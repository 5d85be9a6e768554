package zellige

import "math"

// stage is one scale of a picture that is painted coarse to fine.
type stage struct {
	size, styleSize int // shorter sides
	first, end      int // its iterations, from first up to but not with end
}

// stages are the scales of a run, coarsest first. Each gets the same number of
// iterations.
func (o *Options) stages() []stage {
	styleSize := o.StyleSize
	if styleSize == 0 {
		styleSize = o.ImageSize
	}
	stages := make([]stage, o.Scales)
	for i := range stages {
		factor := math.Pow(2, -0.5*float64(o.Scales-1-i))
		stages[i] = stage{
			size:      int(math.Round(float64(o.ImageSize) * factor)),
			styleSize: int(math.Round(float64(styleSize) * o.StyleScale * factor)),
			first:     o.Iterations * i / o.Scales,
			end:       o.Iterations * (i + 1) / o.Scales,
		}
	}
	return stages
}

// resumes reports whether the run to be resumed was interrupted in this stage.
func (s stage) resumes(o *Options) bool {
	return o.Resume != nil && s.first <= o.Resume.Iteration && (o.Resume.Iteration < s.end || s.end == o.Iterations)
}

// finished reports whether the run to be resumed was done with this stage.
func (s stage) finished(o *Options) bool {
	return o.Resume != nil && s.end <= o.Resume.Iteration && s.end < o.Iterations
}
