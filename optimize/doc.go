// Package optimize moves pixels against a gradient. [Optimizer] is Adam, on the pixels
// or on the levels of an image pyramid, or L-BFGS with a line search, which takes the
// pyramid for its first guess; [Schedule] says which, with what learning rates and
// bounds. [Bounds] keep the pixels in their range, [Average] smooths them over the
// iterations. It knows nothing of pictures or losses.
package optimize
