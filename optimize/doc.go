// Package optimize moves pixels against a gradient: Adam, its learning-rate
// schedule and the bounds of the pixels. It knows nothing of pictures or losses.
package optimize
