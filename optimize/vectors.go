package optimize

import "zellige/internal/parallel"

// chunk is how many values are worth handing to another core.
const chunk = 4096

// overChunks returns a loop over n values, in chunks.
func overChunks(n int, body func(from, to int)) *parallel.Loop {
	return parallel.New((n+chunk-1)/chunk, func(low, high int) {
		for c := low; c < high; c++ {
			body(c*chunk, min((c+1)*chunk, n))
		}
	})
}

// vectors does linear algebra on vectors of as many values, on all cores. A sum is
// the sum of the sums of chunks, so it has the same bits on any number of cores.
type vectors struct {
	loop    *parallel.Loop
	body    func(to, a, b []float32, factors [2]float32) float64 // of the call under way
	to      []float32
	a, b    []float32
	factors [2]float32
	sums    []float64 // of each chunk
}

func newVectors(n int) *vectors {
	v := &vectors{sums: make([]float64, (n+chunk-1)/chunk)}
	v.loop = overChunks(n, func(i, j int) { v.sums[i/chunk] = v.body(v.to[i:j], v.a[i:j], v.b[i:j], v.factors) })
	return v
}

// dot returns the inner product of a and b.
func (v *vectors) dot(a, b []float32) (sum float64) {
	v.body, v.to, v.a, v.b = dot, a, a, b
	v.loop.Run()
	for _, s := range v.sums {
		sum += s
	}
	return sum
}

// combine makes to = p*a + q*b. It may be one of them.
func (v *vectors) combine(to []float32, p float64, a []float32, q float64, b []float32) {
	v.body, v.to, v.a, v.b, v.factors = combine, to, a, b, [2]float32{float32(p), float32(q)}
	v.loop.Run()
}

func dot(_, a, b []float32, _ [2]float32) (sum float64) {
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}

func combine(to, a, b []float32, factors [2]float32) float64 {
	for i := range to {
		to[i] = factors[0]*a[i] + factors[1]*b[i]
	}
	return 0
}
