package zellige

import "math"

// Scale is one size of a picture that is painted coarse to fine.
type Scale struct {
	Size, StyleSize int // shorter sides, in pixels
	First, End      int // its iterations are [First, End) of the whole run
	// Refines marks the second pass at a size with a matching loss: every layer looks for
	// its own nearest features, again and again.
	Refines bool
}

// coarsest is the size that painting begins at where the number of scales is not
// given, in pixels: there, the network's deep layers see the whole of large shapes.
const coarsest = 128

// scales are those of a run, coarsest first.
func (o *Options) scales() []Scale {
	if o.Objective.Matches() {
		return o.matchScales()
	}
	return o.gramScales()
}

// finestSizes are the shorter sides of the picture and of a style at the finest scale.
func (o *Options) finestSizes() (image, style float64) {
	image, style = float64(o.ImageSize), float64(o.StyleSize)*o.StyleScale
	if style == 0 {
		style = image * o.StyleScale
	}
	return image, style
}

// scaleAt is the scale whose sizes are a factor of the finest.
func (o *Options) scaleAt(factor float64) Scale {
	image, style := o.finestSizes()
	return Scale{Size: int(math.Round(image * factor)), StyleSize: int(math.Round(style * factor))}
}

// gramScales lie a factor of sqrt 2 apart. Each gets the same number of iterations.
func (o *Options) gramScales() []Scale {
	image, style := o.finestSizes()
	n := o.Scales
	if n == 0 {
		n = max(1, min(1+int(2*math.Log2(min(image, style)/coarsest)), MaxScales, o.Iterations))
	}
	scales := make([]Scale, n)
	for i := range scales {
		scales[i] = o.scaleAt(math.Pow(2, -0.5*float64(n-1-i)))
		scales[i].First, scales[i].End = o.Iterations*i/n, o.Iterations*(i+1)/n
	}
	return scales
}

// coarsestMatch is the size at which a matching loss begins, in pixels; its scales lie a
// factor of 2 apart.
const coarsestMatch = 48

// largestRefined is the largest size of a pass that refines, which holds whole maps of
// features, in pixels.
const largestRefined = 1448

// composedScales is how many scales, the coarsest, begin with a pass that looks for whole
// places of the painting: they say what is painted where. Finer scales only refine that,
// so motifs and strokes stay as large as they were found.
const composedScales = 3

// Weights of the iterations of a matching loss.
const (
	composingIterations = 6
	refiningIterations  = 4
)

// matchScales are those of the matching loss, coarse to fine. The last pass at a size
// refines, if its maps are not too large.
func (o *Options) matchScales() []Scale {
	image, style := o.finestSizes()
	n := o.Scales
	if n == 0 {
		n = max(1, min(1+int(math.Log2(min(image, style)/coarsestMatch)), MaxScales))
	}
	var scales []Scale
	var weights []int
	for i := range n {
		s := o.scaleAt(math.Pow(2, -float64(n-1-i)))
		refined := len(o.Objective.Match.FinalLayers) > 0 && s.Size <= largestRefined
		if i < composedScales || !refined {
			scales, weights = append(scales, s), append(weights, composingIterations)
		}
		if refined {
			s.Refines = true
			scales, weights = append(scales, s), append(weights, refiningIterations)
		}
	}
	return o.divide(scales, weights)
}

// divide gives scales one iteration each and the others by weight. The coarsest go if
// there are more scales than iterations.
func (o *Options) divide(scales []Scale, weights []int) []Scale {
	fewer := max(0, len(scales)-o.Iterations)
	scales, weights = scales[fewer:], weights[fewer:]
	total, before := 0, 0
	for _, w := range weights {
		total += w
	}
	more := o.Iterations - len(scales)
	for i := range scales {
		scales[i].First = i + more*before/total
		before += weights[i]
		scales[i].End = i + 1 + more*before/total
	}
	scales[0].Refines = false // there would be nothing to refine
	return scales
}

// matchLayers are those whose features a matching loss compares at a scale.
func (o *Options) matchLayers(s Scale) []int {
	if s.Refines {
		return o.Objective.Match.FinalLayers
	}
	return o.Objective.Match.Layers
}

// resumes reports whether the run to be resumed was interrupted at this scale.
func (s Scale) resumes(o *Options) bool {
	return o.Resume != nil && s.First <= o.Resume.Iteration && (o.Resume.Iteration < s.End || s.End == o.Iterations)
}

// finished reports whether the run to be resumed was done with this scale.
func (s Scale) finished(o *Options) bool {
	return o.Resume != nil && s.End <= o.Resume.Iteration && s.End < o.Iterations
}

// reopened is from how many pixels on the network is closed for a search, which takes its
// memory. To open it again takes as long as a step at a quarter of them.
const reopened = 1 << 17

// Reopens reports whether the network is closed whenever a stage looks for its targets.
func (s *Stage) Reopens() bool { return s.Refines && s.Width*s.Height > reopened }
