package runtime

import (
	"math"
	"testing"
)

// compare fails unless got is want within tolerance of want's largest magnitude;
// it tells the largest difference and where it is.
func compare[W float32 | float64](t testing.TB, what string, got []float32, want []W, tolerance float64) {
	t.Helper()
	compareScaled(t, what, got, want, largest(want), tolerance)
}

// compareScaled is compare with tolerance of another magnitude.
func compareScaled[W float32 | float64](t testing.TB, what string, got []float32, want []W, scale, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	worst, at := 0.0, 0
	for i := range got {
		d := math.Abs(float64(got[i]) - float64(want[i]))
		if d > worst || math.IsNaN(d) && !math.IsNaN(worst) {
			worst, at = d, i
		}
	}
	if worst > tolerance*scale || math.IsNaN(worst) {
		t.Errorf("%s: differs by %.3g of the largest magnitude at index %d of %d: %g, want %g",
			what, worst/scale, at, len(got), got[at], want[at])
	}
}

func largest[W float32 | float64](values []W) float64 {
	most := 0.0
	for _, v := range values {
		most = max(most, math.Abs(float64(v)))
	}
	return most
}

// compareNorm fails unless the difference of gradients has at most tolerance of
// want's L2 norm.
func compareNorm(t testing.TB, got, want []float32, tolerance float64) {
	t.Helper()
	difference := make([]float32, len(got))
	for i := range got {
		difference[i] = got[i] - want[i]
	}
	if d := norm(difference) / norm(want); !(d <= tolerance) {
		t.Errorf("the gradient differs by %.3g of its norm", d)
	}
}

// norm is the L2 norm.
func norm(values []float32) float64 {
	sum := 0.0
	for _, v := range values {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}
