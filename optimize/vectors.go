package optimize

import "zellige/internal/parallel"

// vectors does linear algebra on vectors of n values, on all cores. Sums are sums
// of chunks of one size, so they have the same bits on any number of cores.
type vectors struct {
	loop *parallel.Loop
	sums []float64 // of each chunk
	call           // the one under way
}

// call is an operation on values of vectors: to may be written, and what is
// returned is added up.
type call struct {
	operation func(to, a, b []float32, factor float32) float64
	to, a, b  []float32
	factor    float32
}

func newVectors(n int) *vectors {
	v := &vectors{sums: make([]float64, chunksOf(n))}
	v.loop = parallel.New(len(v.sums), func(low, high int) {
		for c := low; c < high; c++ {
			from, to := c*chunk, min((c+1)*chunk, n)
			v.sums[c] = v.operation(v.to[from:to], v.a[from:to], v.b[from:to], v.factor)
		}
	})
	return v
}

func (v *vectors) run(c call) float64 {
	v.call = c
	v.loop.Run()
	v.call = call{}
	total := 0.0
	for _, s := range v.sums {
		total += s
	}
	return total
}

// dot returns the inner product of a and b.
func (v *vectors) dot(a, b []float32) float64 { return v.run(call{dot, a, a, b, 0}) }

// set makes to = a + factor * b. It may be one of them.
func (v *vectors) set(to, a []float32, factor float64, b []float32) {
	v.run(call{combine, to, a, b, float32(factor)})
}

// scale makes to = factor * a. It may be a.
func (v *vectors) scale(to []float32, factor float64, a []float32) {
	v.run(call{scale, to, a, a, float32(factor)})
}

// keepMoved sets to 0 what did not move.
func (v *vectors) keepMoved(values, move []float32) {
	v.run(call{keepMoved, values, move, move, 0})
}

func dot(_, a, b []float32, _ float32) float64 {
	b = b[:len(a)]
	sum := 0.0
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}

func combine(to, a, b []float32, factor float32) float64 {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = a[i] + factor*b[i]
	}
	return 0
}

func scale(to, a, _ []float32, factor float32) float64 {
	a = a[:len(to)]
	for i := range to {
		to[i] = factor * a[i]
	}
	return 0
}

func keepMoved(values, move, _ []float32, _ float32) float64 {
	move = move[:len(values)]
	for i, m := range move {
		if m == 0 {
			values[i] = 0
		}
	}
	return 0
}
