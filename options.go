package zellige

import (
	"zellige/losses"
	"zellige/optimize"
	"zellige/picture"
)

// Options say how to paint. Start from [DefaultOptions] or [Preset].
type Options struct {
	ImageSize  int     // shorter side that the content is worked at, in pixels, 8 to 16384
	Size       Size    // of the result, which is enlarged or shrunk to it at the end; of its shape
	StyleSize  int     // shorter side of the style picture, in pixels, 8 to 16384; 0 for ImageSize
	StyleScale float64 // the style picture is taken this much larger yet, 1/16 to 16
	Objective  losses.Objective
	Strength   float64 // of style against content, 0 to 1; of Gram matrices, 1/2 is what Objective says
	Schedule   optimize.Schedule
	Scales     int     // sizes that are painted coarse to fine, a factor of 2 apart, of Gram matrices sqrt 2, 1 to 16; 0 for as many as begin at 48 pixels, or 128
	Iterations int     // steps of the optimiser in all scales together, at least Scales
	Recolor    float64 // how far the content takes over the style's mean colour and covariance beforehand, 0 to 1
	KeepColors KeepColors
	Init       Init
	Seed       uint64        // of the noise that InitNoise starts from
	Range      picture.Range // how the result is brought to 0..1
	Depth      int           // bits per channel of the result, 8 or 16
	KeepAlpha  bool          // the result is as transparent as the content
	// Piece is how many pixels the network sees at once, at most; a larger picture
	// is evaluated piece by piece. 0 is the whole picture at once. It changes the
	// result no more than rounding does, but so that the bytes differ.
	Piece int
	// Lean keeps no features of the whole picture while it is evaluated piece by piece,
	// which saves about 80 bytes a pixel and takes half as long again. As with Piece,
	// the result differs by rounding.
	Lean bool

	// Progress is called after every evaluation from the goroutine of the loop; nil if
	// absent.
	Progress func(Step)
	// Resume is where an interrupted run goes on; nil if absent.
	Resume *State
}

// Init says where the optimisation starts.
type Init string

// The starting points.
const (
	InitContent Init = "content" // the content image
	InitNoise   Init = "noise"   // uniform noise in [0,1) of the normalised space
	InitImage   Init = "image"   // Pictures.Init
)

// KeepColors says whether the result has the content's colours.
type KeepColors string

// The ways to keep colours (Gatys et al., "Preserving Color in Neural Artistic
// Style Transfer", 2016).
const (
	KeepOff   KeepColors = "off"   // the style's colours
	KeepLuma  KeepColors = "luma"  // the painted luma with the content's chroma
	KeepMatch KeepColors = "match" // the style takes over the content's mean colour and covariance beforehand
)

// Limits of the options and pictures.
const (
	MinSize       = 8     // smallest working size, in pixels
	MaxSize       = 16384 // largest working size, in pixels
	MaxIterations = 1_000_000
	MaxScales     = 16
	DefaultPiece  = 3 << 19 // of Options.Piece, about 1.2 GB; a photograph of 1024 pixels is one piece
	MaxStyleScale = 16
	MaxRate       = 1000  // of learning rates
	MaxLevels     = 16    // of the image pyramid
	MaxAverage    = 0.999 // of Schedule.Average
	MaxBound      = 1000  // of Schedule.Bound
)

// neutral is the strength at which the objective is what its weights say.
const neutral = 0.5

// matches reports whether the objective is a matching loss.
func (o *Options) matches() bool { return o.Objective.Match.Weight > 0 }
