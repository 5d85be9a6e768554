package match

import (
	"math"
	"slices"
	"sort"
)

// none is the style of a position that no style wants.
const none = -1

// choice is which style and which of its candidates a position takes.
type choice struct {
	style     []int   // by position; none if no mask lets one be there
	candidate []int32 // by position, of its style
}

// found are the nearest candidates of a style, by position.
type found struct {
	index []int32
	score []float32
}

// choose gives every position one of the styles. A style may be where its mask is at
// least half as large as the largest there. Among the positions where several may be,
// each takes its share: the first style the positions where it is ahead of the others
// by most, then the second of what is left, and so on.
func choose(nearest []found, styles []Style, masks [][]float32) choice {
	n := len(nearest[0].index)
	c := choice{make([]int, n), make([]int32, n)}
	contested := map[uint64][]int{} // positions, by the set of styles that may be there
	for p := range n {
		if set := allowed(masks, len(styles), p); set == 0 {
			c.style[p] = none
		} else {
			contested[set] = append(contested[set], p)
		}
	}
	for set, positions := range contested {
		c.share(set, positions, nearest, styles)
	}
	for p, k := range c.style {
		if k != none {
			c.candidate[p] = nearest[k].index[p]
		}
	}
	return c
}

// allowed is the set of styles that may be at a position, a bit for each.
func allowed(masks [][]float32, styles, position int) (set uint64) {
	most := float32(0)
	for k := range styles {
		most = max(most, masked(masks[k], position))
	}
	for k := range styles {
		if v := masked(masks[k], position); v > 0 && 2*v >= most {
			set |= 1 << k
		}
	}
	return set
}

// masked is a mask's value at a position: 1 if there is no mask.
func masked(mask []float32, position int) float32 {
	if mask == nil {
		return 1
	}
	return mask[position]
}

// share divides positions among the styles of a set.
func (c *choice) share(set uint64, positions []int, nearest []found, styles []Style) {
	var members []int
	total := 0.0
	for k := range styles {
		if set&(1<<k) != 0 {
			members, total = append(members, k), total+styles[k].Share
		}
	}
	left := slices.Clone(positions)
	for i, k := range members {
		others := members[i+1:]
		take := len(left)
		if len(others) > 0 {
			take = min(take, int(math.Round(float64(len(positions))*styles[k].Share/total)))
			sort.SliceStable(left, func(a, b int) bool {
				return lead(nearest, k, others, left[a]) > lead(nearest, k, others, left[b])
			})
		}
		for _, p := range left[:take] {
			c.style[p] = k
		}
		left = left[take:]
		slices.Sort(left)
	}
}

// lead is by how much a style is nearer than the best of others at a position.
func lead(nearest []found, style int, others []int, position int) float32 {
	best := float32(math.Inf(-1))
	for _, k := range others {
		best = max(best, nearest[k].score[position])
	}
	return nearest[style].score[position] - best
}

// coverage is how much of the styles' paint a position gets, 0..1: all of it unless masks
// leave something.
func coverage(styles []Style, height, width int) (masks [][]float32, covered []float32) {
	masks = make([][]float32, len(styles))
	covered = make([]float32, height*width)
	for k, s := range styles {
		if s.Mask != nil {
			masks[k] = s.Mask(height, width)
		}
		for p := range covered {
			covered[p] = min(1, covered[p]+masked(masks[k], p))
		}
	}
	return masks, covered
}
