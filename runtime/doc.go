// Package runtime runs the exported network on ONNX Runtime; it is unrelated
// to Go's package runtime, which this module always imports as goruntime.
//
// The network is one ONNX graph that holds, for every layer, its features, its
// Gram matrix, a content, a style and a matching loss, and the gradient of the fed losses
// with respect to the image, all as ordinary operators. [Open] reads the graph,
// [Network.Extract] computes features and Gram matrices, and [Network.Prepare]
// cuts out the part that an [Objective] needs and returns an [Evaluator] that
// evaluates it again and again. A [Matcher] finds the nearest of many vectors with a
// second, small graph.
//
// Data layout. An image is planar float32 RGB, [3][H][W], normalised as
// (x/255 - mean)/std with the [Info.Mean] and [Info.Std] of the graph. Features
// are [C][h][w], Gram matrices [C][C], both row-major; the columns of a [Matrix] are
// vectors, [C][n], as those of features are.
//
// Memory. ONNX Runtime reads and writes the slices it is given in place and Go's
// garbage collector does not know it, so a Network and an Evaluator hold every tensor
// that they passed on until Close. Close waits for what is under way, is
// idempotent and in order: sessions, tensors, options, and with the last Network
// of the process the library. Afterwards other calls return an error.
//
// Threads. A Network may be used by several goroutines at once; an Evaluator by one at
// a time. Evaluators of one Network may run in parallel, but share the processors.
//
// Without cgo the package compiles, reads graphs and cuts them, but Open returns
// [ErrNoCgo].
package runtime
