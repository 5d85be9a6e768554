// Package losses says what is asked of a picture: a content loss, a style loss
// on Gram matrices, and a total-variation loss, with their layers and weights
// (Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural
// Networks", 2016; the sums and weights are those of the lab report).
//
// The content and the style loss live in the network's graph, value and gradient
// alike; here are their parameters. Total variation needs no network and is
// computed here.
package losses
