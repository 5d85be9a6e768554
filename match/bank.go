package match

import (
	"context"
	"math/rand/v2"
	"slices"

	"zellige/internal/parallel"
	"zellige/runtime"
)

// MostCandidates is how many positions of the styles are compared, all styles and
// rotations together. More than that are represented by as many drawn by lot, so the
// work grows with the picture and not with its square.
const MostCandidates = 1 << 13

// bank holds the positions of a style that may be matched.
type bank struct {
	patches runtime.Matrix // [neighbours*dimensions][candidates], unit vectors below each other
	values  [][]float32    // by layer, [channels][candidates]
	spots   []spot         // by candidate
	numbers map[spot]int32 // of the candidates
}

// tileSide is that of the squares of positions that are drawn together, so that what lies beside a candidate mostly
// is one.
const tileSide = 8

// newBank keeps at most so many positions of a style and its rotations, which it looks
// at one by one.
func newBank(ctx context.Context, n Network, image runtime.Image, layers []int, scales []float64, rotations bool, most int) (*bank, error) {
	_, common := gridsOf(n.Info(), layers, image.Height, image.Width)
	chosen := drawTiles(common, Turns(rotations), most)
	b := emptyBank(n.Info(), layers, len(slices.Concat(chosen...)))
	for i := range chosen {
		if i > 0 {
			image = quarterTurn(image)
		}
		h, err := hypercolumnsOf(ctx, n, image, layers, scales)
		if err != nil {
			return nil, err
		}
		b.keep(h, chosen[i], i)
	}
	return b, b.normalise(ctx, n)
}

// emptyBank has room for so many candidates.
func emptyBank(info *runtime.Info, layers []int, candidates int) *bank {
	rows := Neighbours * Dimensions
	b := &bank{numbers: make(map[spot]int32, candidates)}
	b.patches = runtime.Matrix{Channels: rows, Positions: candidates, Values: make([]float32, rows*candidates)}
	for _, l := range layers {
		b.values = append(b.values, make([]float32, info.Layers[l].Channels*candidates))
	}
	return b
}

// draw chooses at most so many of numbered things that lie in several boxes of the
// given sizes, by lot and without repetition, others in every turn; all if they are no
// more.
func draw(sizes []int, most, turn int) [][]int {
	total := 0
	for _, n := range sizes {
		total += n
	}
	numbers := make([]int32, total)
	for i := range numbers {
		numbers[i] = int32(i)
	}
	rand.New(rand.NewPCG(seed, uint64(turn))).Shuffle(total, func(i, k int) { numbers[i], numbers[k] = numbers[k], numbers[i] })
	numbers = numbers[:min(most, total)]
	slices.Sort(numbers)
	chosen := make([][]int, len(sizes))
	box, first := 0, 0
	for _, n := range numbers {
		for int(n)-first >= sizes[box] {
			first += sizes[box]
			box++
		}
		chosen[box] = append(chosen[box], int(n)-first)
	}
	return chosen
}

// drawTiles chooses at most so many positions of a grid and of its rotations, by lot, in whole tiles.
func drawTiles(g grid, turns, most int) [][]int {
	rows, columns := (g.height+tileSide-1)/tileSide, (g.width+tileSide-1)/tileSide
	tiles := draw(slices.Repeat([]int{rows * columns}, turns), max(1, most/(tileSide*tileSide)), 0)
	chosen := make([][]int, turns)
	for turn := range chosen {
		for _, n := range tiles[turn] {
			top, left := n/columns*tileSide, n%columns*tileSide
			for y := top; y < min(top+tileSide, g.height); y++ {
				chosen[turn] = append(chosen[turn], span(y*g.width+left, y*g.width+min(left+tileSide, g.width))...)
			}
		}
		g.height, g.width, rows, columns = g.width, g.height, columns, rows
	}
	return chosen
}

// keep gathers the patches and the features at positions of the common grid of a rotation, as the next candidates.
func (b *bank) keep(h *hypercolumns, positions []int, turn int) {
	first, candidates := len(b.spots), b.patches.Positions
	b.place(h.common, positions, turn)
	patches(b.patches.Values, candidates, first, h.projected, h.common, positions)
	for i, g := range h.grids {
		rows, columns := enlarge(g.height, g.factor, h.common.height), enlarge(g.width, g.factor, h.common.width)
		parallel.New(g.channels, func(low, high int) {
			for c := low; c < high; c++ {
				from, to := plane(h.features[i], c, g), b.values[i][c*candidates+first:]
				for k, p := range positions {
					to[k] = at(from, g.width, rows[p/h.common.width], columns[p%h.common.width])
				}
			}
		}).Run()
	}
}

// place notes where the next candidates lie.
func (b *bank) place(g grid, positions []int, turn int) {
	for _, p := range positions {
		s := spot{int32(turn), int32(p / g.width), int32(p % g.width)}
		b.numbers[s] = int32(len(b.spots))
		b.spots = append(b.spots, s)
	}
}

// normalise makes unit vectors of what the patches are made of.
func (b *bank) normalise(ctx context.Context, n Network) error {
	size := Dimensions * b.patches.Positions
	own := Neighbours / 2 * size // of the candidates themselves, not of their neighbours
	mean := means(b.patches.Values[own:][:size], Dimensions, b.patches.Positions)
	for k := range Neighbours {
		part := b.patches.Values[k*size:][:size]
		vectors := runtime.Matrix{Channels: Dimensions, Positions: b.patches.Positions, Values: part}
		if err := n.Unit(ctx, vectors, mean, part); err != nil {
			return err
		}
	}
	return nil
}
