package report

import (
	"image"
	"math"

	"zellige/experiment"
)

// styleDistance is |G - A| / |C - A| by layer, see [Measures]. It is no number
// where content and style are alike.
func styleDistance(at, content, style views) map[int]experiment.Number {
	d := map[int]experiment.Number{}
	for l, a := range style.grams {
		if g, ok := at.grams[l]; ok {
			d[l] = experiment.Number(distance(g, a) / distance(content.grams[l], a))
		}
	}
	return d
}

// distance is the Euclidean distance of two vectors, for matrices Frobenius'.
func distance(a, b []float32) float64 {
	sum := 0.0
	for i, x := range a {
		d := float64(x) - float64(b[i])
		sum += d * d
	}
	return math.Sqrt(sum)
}

func (g *gauge) contentDistance(a, b views) map[int]experiment.Number {
	d := map[int]experiment.Number{}
	for l, f := range a.features {
		d[l] = experiment.Number(featureDistance(f, b.features[l], g.info.Layers[l].Channels))
	}
	return d
}

// featureDistance normalises the features at each place to unit length and returns
// the mean squared distance over places, as LPIPS does before it weighs channels
// (Zhang et al. 2018). a and b are [channels][h*w]. Features are not negative, so
// it is at most 2.
func featureDistance(a, b []float32, channels int) float64 {
	n := len(a) / channels
	lengthA, lengthB := lengths(a, n), lengths(b, n)
	sum := 0.0
	for i := range a {
		d := float64(a[i])/lengthA[i%n] - float64(b[i])/lengthB[i%n]
		sum += d * d
	}
	return sum / float64(n)
}

// lengths are those of the features at each of n places.
func lengths(f []float32, n int) []float64 {
	length := make([]float64, n)
	for i, x := range f {
		length[i%n] += float64(x) * float64(x)
	}
	for i, l := range length {
		length[i] = math.Sqrt(l) + 1e-10
	}
	return length
}

// colorDistance is the mean over channels of the Wasserstein distance of their
// histograms, in levels: how far each value moves on average. The pictures may
// differ in size.
func colorDistance(a, b image.Image) float64 {
	ha, hb := histograms(a), histograms(b)
	sum := 0.0
	for c := range ha {
		earth := 0.0 // carried from one level to the next
		for level := range ha[c] {
			earth += ha[c][level] - hb[c][level]
			sum += math.Abs(earth)
		}
	}
	return sum / float64(len(ha))
}

// histograms are the shares of each level in each channel.
func histograms(img image.Image) (h [3][256]float64) {
	b := img.Bounds()
	share := 1 / float64(b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			h[0][r>>8] += share
			h[1][g>>8] += share
			h[2][bl>>8] += share
		}
	}
	return h
}
