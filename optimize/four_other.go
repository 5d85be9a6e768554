//go:build !amd64

package optimize

func (*adamFactors) moveSome(_, _, _, _ []float32) int { return 0 }

func clampSome([]float32, float32, float32) int { return 0 }

func smoothSome(_, _, _, _ []float32) int { return 0 }
