package optimize

// In four_amd64.s; n is a positive multiple of 4.

//go:noescape
func adamFours(pixels, gradient, mean, square *float32, n int, f *adamFactors)

//go:noescape
func clampFours(values *float32, n int, low, high float32)

//go:noescape
func smoothFours(to, values, before, behind *float32, n int, weight float32)

// moveSome does as many values as it can and returns how many: the bits are those
// of [adamFactors.move].
func (f *adamFactors) moveSome(pixels, gradient, mean, square []float32) int {
	n := len(pixels) &^ 3
	if n > 0 {
		adamFours(&pixels[0], &gradient[0], &mean[0], &square[0], n, f)
	}
	return n
}

// clampSome does as many values as it can and returns how many.
func clampSome(values []float32, low, high float32) int {
	n := len(values) &^ 3
	if n > 0 {
		clampFours(&values[0], n, low, high)
	}
	return n
}

// smoothSome does as many values as it can and returns how many: the bits are those of [smooth].
func smoothSome(to, values, before, behind []float32) int {
	n := len(to) &^ 3
	if n > 0 {
		smoothFours(&to[0], &values[0], &before[0], &behind[0], n, linear)
	}
	return n
}
