package zellige

import (
	"fmt"
	"math"

	"zellige/runtime"
)

// Scale is one size of a picture that is painted coarse to fine.
type Scale struct {
	Size, StyleSize int // shorter sides, in pixels
	First, End      int // its iterations are [First, End) of the whole run
}

// coarsest is the size that painting begins at where the number of scales is not
// given, in pixels: there, the network's deep layers see the whole of large shapes.
const coarsest = 128

// scales are those of a run, coarsest first. Each gets the same number of iterations.
func (o *Options) scales() []Scale {
	image, style, n := float64(o.ImageSize), float64(o.StyleSize)*o.StyleScale, o.Scales
	if style == 0 {
		style = image * o.StyleScale
	}
	if n == 0 {
		n = max(1, min(1+int(2*math.Log2(min(image, style)/coarsest)), MaxScales, o.Iterations))
	}
	scales := make([]Scale, n)
	for i := range scales {
		factor := math.Pow(2, -0.5*float64(n-1-i))
		scales[i] = Scale{
			Size:      int(math.Round(image * factor)),
			StyleSize: int(math.Round(style * factor)),
			First:     o.Iterations * i / n,
			End:       o.Iterations * (i + 1) / n,
		}
	}
	return scales
}

// resumes reports whether the run to be resumed was interrupted at this scale.
func (s Scale) resumes(o *Options) bool {
	return o.Resume != nil && s.First <= o.Resume.Iteration && (o.Resume.Iteration < s.End || s.End == o.Iterations)
}

// finished reports whether the run to be resumed was done with this scale.
func (s Scale) finished(o *Options) bool {
	return o.Resume != nil && s.End <= o.Resume.Iteration && s.End < o.Iterations
}

// checkScales refuses a coarsest scale that is too small, for the deepest layer also.
func (o *Options) checkScales(info *runtime.Info) error {
	deepest := 0
	if o.Objective.Content.Weight > 0 {
		deepest = o.Objective.Content.Layer
	}
	for i, l := range o.Objective.Style.Layers {
		if o.Objective.Style.Weights[i] > 0 {
			deepest = max(deepest, l)
		}
	}
	scales := o.scales()
	s := scales[0]
	least := max(MinSize, info.MinimumSize(deepest))
	if len(scales) == 1 || min(s.Size, s.StyleSize) >= least {
		return nil
	}
	return &OptionError{Field: "scales", Reason: fmt.Sprintf("is %d, which begins with a picture of %d and a style of %d pixels, layer %d needs at least %d; use fewer scales or a larger size",
		len(scales), s.Size, s.StyleSize, deepest, least)}
}
