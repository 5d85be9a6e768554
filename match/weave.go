package match

import (
	"math"
	"slices"

	"zellige/runtime"
)

// Of the search for motifs.
const (
	agreement = 1       // what each of eight neighbours adds to a score, of at most [Neighbours], if what it took lies beside
	sweeps    = 6       // over all positions, to and fro
	mostWoven = 1 << 16 // positions; a larger picture takes what is nearest
)

// spot is where a candidate lies in a style that has been turned so many times.
type spot struct{ turn, y, x int32 }

// beside is the candidate so far below and to the right of another; none if it was not drawn.
func (b *bank) beside(candidate int32, down, right int) int32 {
	s := b.spots[candidate]
	if there, ok := b.numbers[spot{s.turn, s.y + int32(down), s.x + int32(right)}]; ok {
		return there
	}
	return none
}

// weaving lets positions of the grid take candidates that lie beside each other.
type weaving struct {
	grid
	bank    *bank
	found   found
	nearest []int32   // what was found first
	queries []float32 // [positions][dimensions], unit vectors
	patches []float32 // of the candidates, [candidates][neighbours][dimensions]
	around  [Neighbours][]int32
}

// weave changes what was found for the positions of a grid, so that motifs are taken whole: a position may take
// what lies beside what a neighbour took, and that counts more than what no neighbour agrees with (Ashikhmin,
// "Synthesizing Natural Textures", 2001). The vectors are unit vectors [dimensions][positions].
func weave(g grid, b *bank, vectors []float32, f found) {
	if g.positions() > mostWoven {
		return
	}
	w := &weaving{grid: g, bank: b, found: f, nearest: slices.Clone(f.index)}
	w.queries = transposed(runtime.Matrix{Channels: Dimensions, Positions: g.positions(), Values: vectors})
	w.patches = transposed(b.patches)
	w.around = g.around(span(0, g.positions()))
	last := g.positions() - 1
	for sweep := range sweeps {
		for p := range g.positions() {
			w.settle(p + sweep%2*(last-2*p)) // backwards every second time
		}
	}
}

// transposed are the values of a matrix by position.
func transposed(m runtime.Matrix) []float32 {
	values := make([]float32, len(m.Values))
	for c := range m.Channels {
		for p, v := range m.Values[c*m.Positions:][:m.Positions] {
			values[p*m.Channels+c] = v
		}
	}
	return values
}

// settle lets a position take the best of what it has, of what is nearest, and of what its neighbours propose.
func (w *weaving) settle(p int) {
	var room [2 + 8]int32
	candidates := w.propose(p, append(room[:0], w.found.index[p], w.nearest[p]))
	proposed := candidates[2:]
	most := float32(math.Inf(-1))
	for i, candidate := range candidates {
		if slices.Contains(candidates[:i], candidate) {
			continue
		}
		score := w.score(p, candidate)
		worth := score
		for _, other := range proposed {
			if other == candidate {
				worth += agreement
			}
		}
		if worth > most {
			most, w.found.index[p], w.found.score[p] = worth, candidate, score
		}
	}
}

// propose adds what lies beside what the neighbours of a position took, as it lies beside them.
func (w *weaving) propose(p int, candidates []int32) []int32 {
	y, x := p/w.width, p%w.width
	for row := max(y-1, 0); row <= min(y+1, w.height-1); row++ {
		for column := max(x-1, 0); column <= min(x+1, w.width-1); column++ {
			neighbour := row*w.width + column
			if neighbour == p {
				continue
			}
			if c := w.bank.beside(w.found.index[neighbour], y-row, x-column); c != none {
				candidates = append(candidates, c)
			}
		}
	}
	return candidates
}

// score is how similar the patches of a position and of a candidate are, at most [Neighbours].
func (w *weaving) score(p int, candidate int32) (sum float32) {
	patch := w.patches[int(candidate)*Neighbours*Dimensions:]
	for k, positions := range w.around {
		sum += product(w.queries[int(positions[p])*Dimensions:][:Dimensions], patch[k*Dimensions:][:Dimensions])
	}
	return sum
}

// product is the scalar product of vectors, whose length is a multiple of four: four sums at once take less time.
func product(a, b []float32) float32 {
	var sums [4]float32
	for i := 0; i < len(a); i += 4 {
		x, y := (*[4]float32)(a[i:]), (*[4]float32)(b[i:])
		sums[0] += x[0] * y[0]
		sums[1] += x[1] * y[1]
		sums[2] += x[2] * y[2]
		sums[3] += x[3] * y[3]
	}
	return sums[0] + sums[1] + sums[2] + sums[3]
}
