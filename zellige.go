// Package zellige repaints a photograph in the style of another picture: neural
// style transfer on the pixels (Gatys, Ecker and Bethge 2016) with a frozen
// ImageNet SqueezeNet, on a CPU.
//
// Open the network once, then ask for as many pictures as you like:
//
//	network, err := zellige.Open(zellige.Config{})
//	...
//	defer network.Close()
//	result, err := zellige.Transfer(ctx, network, zellige.Pictures{Content: lion, Style: waves}, zellige.DefaultOptions())
//
// [Transfer] paints, [Synthesize] paints a texture of the style alone, [Invert]
// rebuilds a picture from the features of one layer (Mahendran and Vedaldi 2015),
// [Evaluate] returns the losses of any picture.
//
// Each of them makes a [Plan] and follows it: for every [Stage], coarse to fine, the
// pictures are brought to its size, package runtime computes the targets, then each
// iteration takes the losses and the gradient from runtime, adds the total variation
// of package losses, and lets package optimize move the pixels. A Plan can be had
// without painting ([PlanTransfer]); package forecast tells its memory and time.
//
// Pictures are float32 tensors [3][H][W], RGB, normalised by the network's mean
// and standard deviation. The same inputs, options, machine and library give the
// same picture, whatever the number of threads.
//
// The interface may change before version 1.
package zellige

import (
	"context"
	"errors"
	"image"

	"zellige/losses"
	"zellige/match"
	"zellige/models"
	"zellige/runtime"
)

// Transfer paints the content picture in the style of the style picture, or in a
// blend of several, each where its mask lets it.
//
// If ctx is done before the end, the result holds the picture so far, without its last marks, and the error
// is the context's; likewise with a *[DivergedError]. Other errors: *[OptionError],
// *[PictureError], or what the model reports.
func Transfer(ctx context.Context, m Model, p Pictures, o Options) (*Result, error) {
	return painted(ctx, m)(PlanTransfer(m.Info(), p, o))
}

// Invert rebuilds the content picture from noise, given nothing but its features at
// the objective's content layer (feature inversion; Mahendran and Vedaldi 2015, in
// the lab report: the style weights 0). Of p only the content and its opacity count.
// Errors as with [Transfer].
func Invert(ctx context.Context, m Model, p Pictures, o Options) (*Result, error) {
	return painted(ctx, m)(PlanInversion(m.Info(), p, o))
}

// Synthesize paints a texture from noise that has nothing but the statistics of the
// styles (Gatys et al., "Texture Synthesis Using Convolutional Neural Networks",
// 2015). Its size is o.Size, a square if that is one side, or if it is zero a square
// of o.ImageSize. [TexturePreset] has options for it. Errors as with [Transfer].
func Synthesize(ctx context.Context, m Model, styles []Style, o Options) (*Result, error) {
	return painted(ctx, m)(PlanTexture(m.Info(), styles, o))
}

// painted paints what is planned.
func painted(ctx context.Context, m Model) func(*Plan, error) (*Result, error) {
	return func(p *Plan, err error) (*Result, error) {
		if err != nil {
			return nil, err
		}
		return p.Paint(ctx, m)
	}
}

// Evaluate returns the losses of any picture under an objective, at the working
// sizes of the options and without bounding its pixels. Content or style may be nil;
// their terms are then left out. The picture must have the shape of the content.
// Errors: *[OptionError], *[PictureError], or what the model reports.
func Evaluate(ctx context.Context, m Model, img, content, style image.Image, o Options) (losses.Values, error) {
	p, err := PlanEvaluation(m.Info(), img, content, style, o)
	if err != nil {
		return losses.Values{}, err
	}
	return p.Evaluate(ctx, m)
}

// Model is what painting needs of a network; [Network] is the real one. It must
// serve several goroutines at once.
type Model interface {
	// Prepare returns an evaluator that reads pixels and writes their gradient,
	// both [3][Height][Width] of the objective, in every call.
	Prepare(o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error)
	// Extract computes features and Gram matrices of an image.
	Extract(ctx context.Context, image runtime.Image, features []int, grams []runtime.GramTerm) (runtime.Extraction, error)
	match.Network // for a matching loss
}

// Config says which network Open opens.
type Config = runtime.Config

// Network is the exported graph in ONNX Runtime, and the graph that compares features.
type Network struct {
	*runtime.Network
	*runtime.Matcher
}

var _ Model = Network{}

// Open opens the graph of c, by default the embedded SqueezeNet, in ONNX Runtime.
// The caller must Close it. The errors are those of [runtime.Open].
func Open(c Config) (Network, error) {
	if c.Model == nil {
		c.Model = models.SqueezeNet
	}
	n, err := runtime.Open(c)
	if err != nil {
		return Network{}, err
	}
	c.Model = models.Matching
	m, err := runtime.OpenMatcher(c)
	if err != nil {
		return Network{}, errors.Join(err, n.Close())
	}
	return Network{n, m}, nil
}

// Close closes both graphs; see [runtime.Network.Close].
func (n Network) Close() error { return errors.Join(n.Matcher.Close(), n.Network.Close()) }
