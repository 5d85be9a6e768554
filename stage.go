package zellige

import "math"

// stage is one scale of a picture that is painted coarse to fine.
type stage struct {
	size, styleSize int // shorter sides
	first, end      int // its iterations, from first up to but not with end
}

// coarsest is the size that painting begins at where the number of scales is not
// given, in pixels: there, the network's deep layers see the whole of large shapes.
const coarsest = 128

// stages are the scales of a run, coarsest first. Each gets the same number of
// iterations.
func (o *Options) stages() []stage {
	image, style, n := float64(o.ImageSize), float64(o.StyleSize)*o.StyleScale, o.Scales
	if style == 0 {
		style = image * o.StyleScale
	}
	if n == 0 {
		n = max(1, min(1+int(2*math.Log2(min(image, style)/coarsest)), MaxScales, o.Iterations))
	}
	stages := make([]stage, n)
	for i := range stages {
		factor := math.Pow(2, -0.5*float64(n-1-i))
		stages[i] = stage{
			size:      int(math.Round(image * factor)),
			styleSize: int(math.Round(style * factor)),
			first:     o.Iterations * i / n,
			end:       o.Iterations * (i + 1) / n,
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

// finest is the last of the stages.
func (o *Options) finest() stage {
	stages := o.stages()
	return stages[len(stages)-1]
}
