package report

import (
	"image"
	"math"
)

// The constants of SSIM for values of 0 to 255.
const (
	ssimRadius = 5
	ssimSigma  = 1.5
	ssimC1     = (0.01 * 255) * (0.01 * 255)
	ssimC2     = (0.03 * 255) * (0.03 * 255)
)

// luma returns a picture's brightness, row by row, 0 to 255 (BT.601).
func luma(img image.Image) []float64 {
	b := img.Bounds()
	values := make([]float64, 0, b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			values = append(values, (0.299*float64(r)+0.587*float64(g)+0.114*float64(bl))/257)
		}
	}
	return values
}

// ssim is the mean structural similarity of two pictures of width x height under a
// Gaussian window (Wang et al. 2004). Over the edge the window is cut off.
func ssim(a, b []float64, width, height int) float64 {
	blur := func(v []float64) []float64 { return gaussian(v, width, height) }
	meanA, meanB := blur(a), blur(b)
	squareA, squareB, product := blur(times(a, a)), blur(times(b, b)), blur(times(a, b))
	sum := 0.0
	for i := range a {
		ma, mb := meanA[i], meanB[i]
		varA, varB, cov := squareA[i]-ma*ma, squareB[i]-mb*mb, product[i]-ma*mb
		sum += (2*ma*mb + ssimC1) * (2*cov + ssimC2) / ((ma*ma + mb*mb + ssimC1) * (varA + varB + ssimC2))
	}
	return sum / float64(len(a))
}

func times(a, b []float64) []float64 {
	p := make([]float64, len(a))
	for i := range a {
		p[i] = a[i] * b[i]
	}
	return p
}

// gaussian is the weighted mean around each pixel, first along rows, then along
// columns.
func gaussian(v []float64, width, height int) []float64 {
	rows := make([]float64, len(v))
	for y := range height {
		blurLine(rows[y*width:], v[y*width:], width, 1)
	}
	both := make([]float64, len(v))
	for x := range width {
		blurLine(both[x:], rows[x:], height, width)
	}
	return both
}

// blurLine blurs n values that are stride apart.
func blurLine(to, from []float64, n, stride int) {
	for i := range n {
		sum, weights := 0.0, 0.0
		for k := max(0, i-ssimRadius); k <= min(n-1, i+ssimRadius); k++ {
			w := gaussianWeights[max(k-i, i-k)]
			sum += w * from[k*stride]
			weights += w
		}
		to[i*stride] = sum / weights
	}
}

var gaussianWeights = func() (w [ssimRadius + 1]float64) {
	for d := range w {
		w[d] = math.Exp(-float64(d*d) / (2 * ssimSigma * ssimSigma))
	}
	return w
}()
