package forecast

import (
	"image"

	"zellige"
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
	drawnMemory   = 32       // for a pixel of a result whose marks are drawn out
	stayingMemory = 40       // for a pixel of a result with brushwork: itself twice, and of the content what stays
	brushedMemory = 100      // for a pixel of the rows that are brushed at once
	brushMemory   = 36       // for a pixel of a style that brushwork is taken from
	recolorMemory = 28       // for a pixel of a result whose colours are moved: itself, in other colours, shares
)

// resizedCopies is how often a process holds a result that was resized: on the way,
// while it is written, and before Go collects it.
const resizedCopies = 3

// lookedAtMemory is what a pixel of a picture takes while targets are found for it: the
// picture, the content and what is looked for, as the network reads them.
const lookedAtMemory = 3 * tensorMemory

// evaluatedMemory is what [zellige.Evaluate] holds for a pixel: the image, a gradient
// that nobody asks for and the content as the network reads them, and the content.
const evaluatedMemory = 3*tensorMemory + pictureMemory

// Memory is the most memory that a process holds, in bytes.
type Memory struct {
	Total   int64
	Outside int64 // what of it Go's collector does not know: the network and its library
}

// MemoryOf foresees the memory of a process that follows a plan: that of the stage that
// takes the most. Measured on Linux, it is within 15 %.
func MemoryOf(p *zellige.Plan) Memory {
	fixed := processMemory + readMemory(p) + keptMemory(p)
	if p.Image != nil {
		s := &p.Stages[len(p.Stages)-1]
		return Memory{Total: fixed + max(evaluationMemory(p.Info, s), targetsMemory(p.Info, s)), Outside: processMemory}
	}
	var most Memory
	for i := range p.Stages {
		if m := stageMemory(p, &p.Stages[i]); m.Total > most.Total {
			most = m
		}
	}
	return Memory{Total: fixed + most.Total, Outside: processMemory + most.Outside}
}

// stageMemory is what painting a stage takes, beside what the process holds anyway.
func stageMemory(p *zellige.Plan, s *zellige.Stage) Memory {
	network, kept, _ := p.Info.Memory(s.Objective) // a plan's pieces are large enough
	pixels := s.Width * s.Height
	targets, more, before := matchMemory(p, s, network)
	if targets == 0 {
		targets = contentMemory(p.Info, &s.Objective)
	}
	moved := movingMemory(&p.Options.Schedule, pixels)
	loop := moved + max(network+kept+targets+more, finishMemory(p, s))
	painted := int64(p.Options.Depth / 8 * pictureMemory)
	loop += int64(pixels) * (pictureMemory + painted) // the content at the working size and the result
	if s.Result != image.Pt(s.Width, s.Height) {
		loop += resizedCopies * int64(s.Result.X*s.Result.Y) * painted
	}
	return Memory{Total: max(loop, before, targetsMemory(p.Info, s)), Outside: network}
}

// evaluationMemory is what evaluating a stage once takes, without its gradient.
func evaluationMemory(info *runtime.Info, s *zellige.Stage) int64 {
	bytes, _ := info.LossesMemory(s.Objective) // a plan's pieces are large enough
	return bytes + contentMemory(info, &s.Objective) + int64(s.Width*s.Height)*evaluatedMemory
}

// readMemory is what the pictures take as they were read.
func readMemory(p *zellige.Plan) int64 {
	all := []image.Image{p.Pictures.Content, p.Pictures.Init, p.Image, p.Pictures.Style}
	for _, s := range p.Pictures.Styles {
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
func movingMemory(s *optimize.Schedule, pixels int) int64 {
	bytes, garbage := int64(loopMemory), int64(0)
	if s.Method == optimize.MethodLBFGS {
		bytes += lbfgsMemory + stepMemory*int64(optimize.History(3*pixels)+1)
		garbage = lbfgsGarbage
	} else {
		bytes += adamMemory
	}
	if s.Levels > 0 {
		bytes += levelsMemory
	}
	if s.Average > 0 {
		bytes += averageMemory
	}
	return bytes*int64(pixels) + garbage
}

// contentMemory is what the features of the content take.
func contentMemory(info *runtime.Info, o *runtime.Objective) (bytes int64) {
	if o.Recomputes() {
		return 0
	}
	for _, t := range o.Content {
		h, w := info.FeatureSize(t.Layer, o.Height, o.Width)
		bytes += int64(info.Layers[t.Layer].Channels*h*w) * 4
	}
	return bytes
}

// targetsMemory is what computing the styles' targets takes, before the loop: one
// style after another, but all are held.
func targetsMemory(info *runtime.Info, s *zellige.Stage) int64 {
	if len(s.Objective.Style) == 0 {
		return 0
	}
	deepest := 0
	for _, t := range s.Objective.Style {
		deepest = max(deepest, t.Layer)
	}
	var extraction, resized, tensors int64
	for _, size := range s.Styles {
		pixels := int64(size.X * size.Y)
		extraction = max(extraction, info.ExtractionMemory(deepest, size.Y, size.X))
		resized = max(resized, pixels*pictureMemory)
		tensors += pixels * tensorMemory
	}
	return extraction + resized + tensors
}
