package zellige

import (
	"fmt"

	"zellige/losses"
	"zellige/optimize"
	"zellige/picture"
)

// Preset returns the options of the preset paint, gram, lab or texture.
//
// paint makes the picture of the nearest features of the painting, by a matching loss
// (Kolkin et al. 2022); docs/pictures.md says how it was found.
//
// gram paints coarse to fine by L-BFGS, with weights that mean the same at all sizes
// and layers deep enough for strokes and swirls; see [Options.SetQuality] for its
// sizes. Until version 3 it was called fine, a name that is still understood.
//
// lab is the lab report's reference experiment to the letter, with the
// parameters of its lion and waves: 200 iterations of Adam at learning rate 3,
// pixels kept in -1.5..1.5, a fresh Adam with rate 0.1 at iteration 180, and the
// result stretched to its own minimum and maximum.
//
// texture is gram for what grows from noise ([Synthesize]): more levels of the
// pyramid, for there is no content that has the large areas of colour already, more
// weight on the shallow style layers and on the total variation.
func Preset(name string) (Options, error) {
	switch name {
	case "paint":
		return paint(), nil
	case "gram", "fine":
		return gram(), nil
	case "lab":
		return lab(), nil
	case TexturePreset:
		return texture(), nil
	}
	return Options{}, &OptionError{Option: "Preset", Reason: fmt.Sprintf("is %q, must be paint, gram, lab or texture", name)}
}

func lab() Options {
	return Options{
		ImageSize:  192,
		StyleSize:  576,
		StyleScale: 1,
		Objective: losses.Objective{
			Content:  losses.Content{Layer: 3, Weight: 7e-2},
			Style:    losses.Style{Layers: []int{1, 4, 5, 7}, Weights: []float64{450000, 2000, 20, 4}},
			TVWeight: 5e-2,
		},
		Strength:   neutral,
		Schedule:   optimize.Lab(),
		Scales:     1,
		Iterations: 200,
		KeepColors: KeepOff,
		Init:       InitContent,
		Range:      picture.Stretch,
		Depth:      8,
		Piece:      DefaultPiece,
	}
}

// paintPiece is less than [DefaultPiece]: more layers are compared.
const paintPiece = 1 << 20

func paint() Options {
	o := Options{
		StyleScale: 1,
		Objective: losses.Objective{
			Style: losses.Style{Layers: []int{}, Weights: []float64{}}, // none
			Match: losses.Match{Weight: 100, Layers: []int{1, 4, 7, 10, 12},
				FinalLayers: []int{1, 3, 4, 6, 7, 9, 10, 12}, Rotations: true},
			TVWeight: 10,
			Relative: true,
		},
		Strength:   0.65,
		Schedule:   optimize.Paint(),
		Recolor:    1,
		Coherence:  1,
		Brushwork:  1,
		KeepColors: KeepOff,
		Init:       InitContent,
		Range:      picture.Clip,
		Depth:      8,
		Piece:      paintPiece,
	}
	_ = o.SetQuality("fine")
	return o
}

func gram() Options {
	o := Options{
		StyleScale: 1,
		Objective: losses.Objective{
			Content:  losses.Content{Layer: 6, Weight: 20},
			Style:    losses.Style{Layers: []int{1, 4, 7, 10, 11}, Weights: []float64{2, 3, 3, 3, 3}},
			TVWeight: 0.3,
			Relative: true,
		},
		Strength:   neutral,
		Schedule:   optimize.Gram(),
		Recolor:    0.25,
		KeepColors: KeepOff,
		Init:       InitContent,
		Range:      picture.Clip,
		Depth:      8,
		Piece:      DefaultPiece,
	}
	_ = o.SetQuality("fine")
	return o
}

// TexturePreset is the preset that textures begin with ([Synthesize]).
const TexturePreset = "texture"

func texture() Options {
	o := gram()
	o.Schedule.Levels = 4
	o.Objective.Style.Weights = []float64{3, 4, 3, 2, 2}
	o.Objective.TVWeight = 4
	return o
}

// SetQuality sets the size and the iterations of all presets but lab. The names are
// draft, fine and best.
func (o *Options) SetQuality(name string) error {
	switch name {
	case "draft":
		o.ImageSize, o.Iterations = 256, 120
	case "fine":
		o.ImageSize, o.Iterations = 512, 200
	case "best":
		o.ImageSize, o.Iterations = 1024, 300
	default:
		return &OptionError{Option: "Quality", Reason: fmt.Sprintf("is %q, must be draft, fine or best", name)}
	}
	if o.Objective.Matches() { // whose coarse scales are cheap
		o.Iterations += 200
	}
	return nil
}

// DefaultOptions returns the preset paint.
func DefaultOptions() Options {
	return paint()
}

// InversionPreset is the preset of [InversionOptions].
const InversionPreset = "lab"

// InversionOptions returns the options of the lab report's feature inversion:
// those of the preset lab with the published weights 6e-2 of content and 2e-2 of
// total variation.
func InversionOptions() Options {
	o := lab().Inversion()
	o.Objective.Content.Weight, o.Objective.TVWeight = 6e-2, 2e-2
	return o
}
