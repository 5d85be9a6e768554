package zellige

import "testing"

// FuzzScales: what Check lets pass makes scales.
func FuzzScales(f *testing.F) {
	for _, size := range []int{-1, 0, 8, 192, 16384} {
		for _, scales := range []int{-1, 0, 1, 16, 17} {
			f.Add(size, scales, 200)
			f.Add(size, scales, 16)
		}
	}
	f.Fuzz(func(t *testing.T, size, scales, iterations int) {
		o := lab()
		o.ImageSize, o.Scales, o.Iterations = size, scales, iterations
		if o.Check(13) != nil {
			return
		}
		if n := len(o.scales()); n < 1 || scales > 0 && n != scales {
			t.Errorf("size %d, %d scales, %d iterations: %d scales", size, scales, iterations, n)
		}
	})
}
