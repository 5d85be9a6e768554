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
