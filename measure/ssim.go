package measure

import "math"

// SSIM is the mean structural similarity of the luma of two pictures of one size
// (Wang, Bovik, Sheikh and Simoncelli, 2004): 1 for equal pictures, about 0 for
// unrelated ones. As there, the window is a Gaussian of 1.5 pixels, 11 wide, and
// the constants are .01 and .03; at the edges the window is cut off.
func SSIM(a, b Planes) float64 {
	x, y := a.luma(), b.luma()
	smooth := func(v []float64) []float64 { return gaussian(v, a.Height, a.Width) }
	meanX, meanY := smooth(x), smooth(y)
	xx, yy, xy := smooth(product(x, x)), smooth(product(y, y)), smooth(product(x, y))
	const c1, c2 = 0.01 * 0.01, 0.03 * 0.03
	total := 0.0
	for i, mx := range meanX {
		my := meanY[i]
		varX, varY, covariance := xx[i]-mx*mx, yy[i]-my*my, xy[i]-mx*my
		total += (2*mx*my + c1) * (2*covariance + c2) / ((mx*mx + my*my + c1) * (varX + varY + c2))
	}
	return total / float64(len(x))
}

func product(a, b []float64) []float64 {
	p := make([]float64, len(a))
	for i := range p {
		p[i] = a[i] * b[i]
	}
	return p
}

// gaussian smooths v, [height*width], first along rows, then along columns.
func gaussian(v []float64, height, width int) []float64 {
	rows, out := make([]float64, len(v)), make([]float64, len(v))
	for y := range height {
		smoothLine(rows[y*width:], v[y*width:], width, 1)
	}
	for x := range width {
		smoothLine(out[x:], rows[x:], height, width)
	}
	return out
}

var window = func() (w [6]float64) {
	for d := range w {
		w[d] = math.Exp(-float64(d*d) / (2 * 1.5 * 1.5))
	}
	return w
}()

// smoothLine smooths n values that lie step apart.
func smoothLine(out, in []float64, n, step int) {
	for i := range n {
		sum, weight := 0.0, 0.0
		for j := max(0, i-5); j <= min(n-1, i+5); j++ {
			w := window[max(i-j, j-i)]
			sum += w * in[j*step]
			weight += w
		}
		out[i*step] = sum / weight
	}
}
