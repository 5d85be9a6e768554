package picture

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// MatchColors returns values, [3][n], with the mean colour and the covariance of
// red, green and blue moved towards those of target, [3][m]: amount 0 leaves them,
// 1 reaches the target. Of all linear maps that do so it is the one that changes
// colours least, the optimal transport between two Gaussians (Pitié and Kokaram,
// "The linear Monge-Kantorovitch linear colour mapping for example-based colour
// transfer", 2007). Values are not clipped.
func MatchColors(values, target []float32, amount float64) []float32 {
	from, to := momentsOf(values), momentsOf(target)
	root, inverse := from.covariance.power(0.5), from.covariance.power(-0.5)
	transport := inverse.times(root.times(to.covariance).times(root).power(0.5)).times(inverse)
	n := len(values) / 3
	out := make([]float32, len(values))
	for i := range n {
		var centred [3]float64
		for c := range 3 {
			centred[c] = float64(values[c*n+i]) - from.mean[c]
		}
		for c := range 3 {
			moved := to.mean[c]
			for d := range 3 {
				moved += transport[c][d] * centred[d]
			}
			old := float64(values[c*n+i])
			out[c*n+i] = float32(old + amount*(moved-old))
		}
	}
	return out
}

// moments are the mean and the covariance of colours.
type moments struct {
	mean       [3]float64
	covariance matrix
}

// matrix is a matrix of red, green and blue.
type matrix [3][3]float64

// leastVariance keeps a picture of one colour from dividing by 0, in normalised
// units.
const leastVariance = 1e-3

func momentsOf(values []float32) (m moments) {
	n := len(values) / 3
	for c := range 3 {
		for _, v := range values[c*n:][:n] {
			m.mean[c] += float64(v) / float64(n)
		}
	}
	for c := range 3 {
		for d := range 3 {
			a, b := values[c*n:][:n], values[d*n:][:n]
			for i := range a {
				m.covariance[c][d] += (float64(a[i]) - m.mean[c]) * (float64(b[i]) - m.mean[d]) / float64(n)
			}
		}
		m.covariance[c][c] += leastVariance
	}
	return m
}

func (a matrix) times(b matrix) (product matrix) {
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				product[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return product
}

// power is a symmetric positive matrix to the power of exponent.
func (a matrix) power(exponent float64) (result matrix) {
	symmetric := mat.NewSymDense(3, nil)
	for i := range 3 {
		for j := range i + 1 {
			symmetric.SetSym(i, j, (a[i][j]+a[j][i])/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(symmetric, true) {
		return matrix{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}} // values that are no numbers
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	for k, value := range eigen.Values(nil) {
		factor := math.Pow(max(value, 1e-12), exponent)
		for i := range 3 {
			for j := range 3 {
				result[i][j] += factor * vectors.At(i, k) * vectors.At(j, k)
			}
		}
	}
	return result
}
