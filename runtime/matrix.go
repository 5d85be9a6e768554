package runtime

import "fmt"

// Matrix is vectors as the columns of [Channels][Positions], which is how a layer's
// features lie in memory.
type Matrix struct {
	Channels, Positions int
	Values              []float32
}

// check rejects values that are not as many as the size says, and a matrix without any.
func (m Matrix) check(what string) error {
	if m.Channels < 1 || m.Positions < 1 || len(m.Values) != m.Channels*m.Positions {
		return fmt.Errorf("%s have %d values, must have %d channels of %d positions each, 1 or more of both",
			what, len(m.Values), m.Channels, m.Positions)
	}
	return nil
}

// columns copies the columns [first, end) to dst, [Channels][end-first].
func (m Matrix) columns(dst []float32, first, end int) {
	n := end - first
	for c := range m.Channels {
		copy(dst[c*n:(c+1)*n], m.Values[c*m.Positions+first:])
	}
}

// setColumns copies src, [Channels][end-first], to the columns [first, end).
func (m Matrix) setColumns(src []float32, first, end int) {
	n := end - first
	for c := range m.Channels {
		copy(m.Values[c*m.Positions+first:c*m.Positions+end], src[c*n:])
	}
}

// The nearest vectors are looked for in blocks: so many queries among so many
// candidates at once. Larger ones, whose products the processor's cache does not hold,
// are slower.
const (
	queryBlock     = 512
	candidateBlock = 2048
)

// MatcherMemory is how much memory a [Matcher] takes to find the nearest of so many
// candidates for each of so many queries, in bytes, beside the matrices and the results.
// It does not grow with either beyond the size of a block.
func MatcherMemory(channels, queries, candidates int) int64 {
	q, c := int64(min(queries, queryBlock)), int64(min(candidates, candidateBlock))
	return (int64(channels)*(q+c) + q*c) * bytesPerValue
}
