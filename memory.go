package zellige

import (
	"fmt"
	"image"
	"slices"

	"zellige/optimize"
	"zellige/runtime"
)

// What a process holds at its peak beside the network's evaluation, in bytes.
const (
	processMemory = 66 << 20 // the program, the library and the graph
	loopMemory    = 2 * 12   // for a pixel: itself and its gradient, three float32 each
	adamMemory    = 2 * 12   // for a pixel: the two moments
	levelsMemory  = 40       // for a pixel more, if a pyramid moves: gradient, move and the moments of the coarser levels
	lbfgsMemory   = 3 * 12   // for a pixel: where the line search began
	lbfgsGarbage  = 25 << 20 // that Go has not yet collected
	stepMemory    = 2 * 12   // for a pixel and each step that L-BFGS remembers, and one more
	averageMemory = 12       // for a pixel
	tensorMemory  = 12       // for a pixel of a picture as the network reads it
	pictureMemory = 4        // for a pixel of a picture as it was read
)

// resizedCopies is how often a process holds a result that was resized: on the way,
// while it is written, and before Go collects it.
const resizedCopies = 3

// Memory is the most memory that a process holds, in bytes.
type Memory struct {
	Total   int64
	Outside int64 // what of it Go's collector does not know: the network and its library
}

// Memory foresees the memory of a process that paints from pictures; without a
// content picture it is a texture ([Synthesize]). Measured on Linux, it is within
// 15 %. The error is that of painting these pictures: *[OptionError] or
// *[PictureError].
func (o Options) Memory(info *runtime.Info, p Pictures) (Memory, error) {
	result, height, width, err := o.sizes(p.Content)
	if err != nil {
		return Memory{}, err
	}
	styles := p.styles()
	objective := o.layersOf(height, width, &p)
	network, kept, err := info.Memory(objective)
	if err != nil {
		return Memory{}, tooSmallPiece(err)
	}
	targets, err := o.styleMemory(info, objective, styles)
	if err != nil {
		return Memory{}, err
	}
	loop := network + kept + o.movingMemory(height*width) + o.targetMemory(info, objective)
	painted := int64(o.Depth / 8 * pictureMemory)
	loop += int64(height*width) * (pictureMemory + painted) // the content at the working size and the result
	if resized := result.X * result.Y; resized != height*width {
		loop += resizedCopies * int64(resized) * painted
	}
	return Memory{Total: processMemory + p.memory() + max(loop, targets), Outside: processMemory + network}, nil
}

func tooSmallPiece(err error) error {
	return &OptionError{Field: "piece", Reason: fmt.Sprintf("is too small: %v", err)}
}

// WorkingSize is the size that a picture is painted at, in pixels: that of the
// result, unless Size asks for another. Errors as with [Options.Memory].
func (o Options) WorkingSize(p Pictures) (image.Point, error) {
	_, height, width, err := o.sizes(p.Content)
	return image.Pt(width, height), err
}

// sizes are those of the result and of the picture that is worked at. For a
// texture it makes o the options of one.
func (o *Options) sizes(content image.Image) (result image.Point, height, width int, err error) {
	if content == nil {
		*o, err = o.Texture()
		return o.Size.point(), o.Size.Height, o.Size.Width, err
	}
	if height, width, err = workingSize("content", content, o.ImageSize); err == nil {
		result, err = o.Size.of(content.Bounds().Size(), o.ImageSize)
	}
	return result, height, width, err
}

// targetMemory is what the features of the content take.
func (o *Options) targetMemory(info *runtime.Info, objective runtime.Objective) (bytes int64) {
	for _, t := range objective.Content {
		if !objective.Recomputes() {
			h, w := info.FeatureSize(t.Layer, objective.Height, objective.Width)
			bytes += int64(info.Layers[t.Layer].Channels*h*w) * 4
		}
	}
	return bytes
}

// memory is what the pictures take as they were read, in bytes.
func (p *Pictures) memory() int64 {
	all := []image.Image{p.Content, p.Init}
	for _, s := range p.styles() {
		all = append(all, s.Image, s.Mask)
	}
	pixels := 0
	for _, img := range all {
		if img != nil {
			pixels += img.Bounds().Dx() * img.Bounds().Dy()
		}
	}
	return int64(pixels) * pictureMemory
}

// movingMemory is what the loop holds for so many pixels.
func (o *Options) movingMemory(pixels int) int64 {
	bytes, garbage := int64(loopMemory), int64(0)
	if o.Schedule.Method == optimize.MethodLBFGS {
		bytes += lbfgsMemory + stepMemory*int64(optimize.History(3*pixels)+1)
		garbage = lbfgsGarbage
	} else {
		bytes += adamMemory
	}
	if o.Schedule.Levels > 0 {
		bytes += levelsMemory
	}
	if o.Schedule.Average > 0 {
		bytes += averageMemory
	}
	return bytes*int64(pixels) + garbage
}

// layersOf is the objective of a picture as far as memory goes.
func (o *Options) layersOf(height, width int, p *Pictures) runtime.Objective {
	objective := runtime.Objective{Height: height, Width: width, Piece: o.Piece, Lean: o.Lean}
	if c := o.Objective.Content; c.Weight > 0 && p.Content != nil {
		objective.Content = []runtime.ContentTerm{{Layer: c.Layer, Content: func(runtime.Image, int, int) {}}}
	}
	terms := p.terms()
	for _, l := range o.styleLayers() {
		for _, t := range terms {
			t.Layer = l
			objective.Style = append(objective.Style, t)
		}
	}
	return objective
}

// terms are the style terms of a layer: one, or with masks one of each style.
func (p *Pictures) terms() []runtime.StyleTerm {
	styles := p.styles()
	if !slices.ContainsFunc(styles, func(s Style) bool { return s.Mask != nil }) {
		return make([]runtime.StyleTerm, min(len(styles), 1))
	}
	return slices.Repeat([]runtime.StyleTerm{{Mask: []float32{}}}, len(styles))
}

// styleMemory is what computing the styles' targets takes, before the loop: one
// style after another, but all are held.
func (o *Options) styleMemory(info *runtime.Info, objective runtime.Objective, styles []Style) (int64, error) {
	if len(objective.Style) == 0 {
		return 0, nil
	}
	deepest := 0
	for _, t := range objective.Style {
		deepest = max(deepest, t.Layer)
	}
	var extraction, resized, tensors int64
	for i, s := range styles {
		height, width, err := workingSize(Role("style", i), s.Image, o.finest().styleSize)
		if err != nil {
			return 0, err
		}
		extraction = max(extraction, info.ExtractionMemory(deepest, height, width))
		resized = max(resized, int64(height*width)*pictureMemory)
		tensors += int64(height*width) * tensorMemory
	}
	return extraction + resized + tensors, nil
}
