package runtime

import "slices"

func concatSizes(a *applied) []known {
	first := a.in[0]
	axis := a.axis(a.number("axis", 0), len(first.sides))
	sides, numbers, reckoned := slices.Clone(first.sides), slices.Clone(first.numbers), first.whole && first.numbers != nil
	for _, x := range a.in[1:] {
		a.fits(len(x.sides) == len(sides))
		sides[axis] += x.sides[axis]
		numbers, reckoned = append(numbers, x.numbers...), reckoned && x.numbers != nil
	}
	if !reckoned {
		return a.like(sides)
	}
	return []known{integers(sides, numbers)}
}

func gatherSizes(a *applied) []known {
	x, indices := a.in[0].sides, a.in[1].sides
	axis := a.axis(a.number("axis", 0), len(x))
	return a.like(slices.Concat(x[:axis], indices, x[axis+1:]))
}

// reduceSizes: without axes, all of them.
func reduceSizes(a *applied) []known {
	a.knows(len(a.in) == 1 && a.number("keepdims", 1) == 0)
	return a.like(nil)
}

// reshapeSizes: 0 is the side that was there, -1 the one that is left over.
func reshapeSizes(a *applied) []known {
	x, y := a.in[0].sides, slices.Clone(a.numbers(1))
	size, left := product(x), -1
	for i, side := range y {
		switch {
		case side == 0 && i < len(x):
			y[i] = x[i]
		case side == -1 && left < 0:
			y[i], left = 1, i
		default:
			a.fits(side > 0)
		}
	}
	if left >= 0 {
		y[left] = int64(size / product(y))
	}
	a.fits(product(y) == size)
	return a.like(y)
}

func product(sides []int64) float64 {
	size := 1.0
	for _, side := range sides {
		size *= float64(side)
	}
	return size
}

func shapeSizes(a *applied) []known {
	sides := a.in[0].sides
	first, end := a.number("start", 0), a.number("end", int64(len(sides)))
	a.fits(0 <= first && first <= end && end <= int64(len(sides)))
	return []known{integers([]int64{end - first}, slices.Clone(sides[first:end]))}
}

// sliceSizes: of the axes that are named, each step-th place of [first, end).
func sliceSizes(a *applied) []known {
	lists := [4][]int64{3: {1}} // firsts, ends, axes, steps
	for i := range a.in[1:] {
		lists[i] = a.numbers(i + 1)
	}
	y, axes := slices.Clone(a.in[0].sides), lists[2]
	a.fits(len(lists[0]) == len(axes) && len(lists[1]) == len(axes) && (len(a.in) < 5 || len(lists[3]) == len(axes)))
	for i, number := range axes {
		axis, step := a.axis(number, len(y)), lists[3][i%len(lists[3])]
		a.fits(step != 0)
		y[axis] = places(y[axis], lists[0][i], lists[1][i], step)
	}
	return a.like(y)
}

// places is how many of a side's places are in a slice, whose ends may count from behind.
func places(side, first, end, step int64) int64 {
	lowest, highest := int64(0), side
	if step < 0 {
		lowest, highest = -1, side-1
	}
	inside := func(place int64) int64 {
		if place < 0 {
			place += side
		}
		return min(max(place, lowest), highest)
	}
	return stepsTo(inside(first), inside(end), step)
}

// splitSizes: of the parts that are named, or of as many equal ones, the last being smaller.
func splitSizes(a *applied) (outputs []known) {
	x := a.in[0]
	axis := a.axis(a.number("axis", 0), len(x.sides))
	parts, left := int64(a.outputs), x.sides[axis]
	sizes := slices.Repeat([]int64{(left + parts - 1) / parts}, a.outputs)
	if len(a.in) > 1 {
		sizes = a.numbers(1)
	}
	for _, size := range sizes {
		y := known{sides: slices.Clone(x.sides), whole: x.whole}
		y.sides[axis] = min(size, left)
		left -= size
		outputs = append(outputs, y)
	}
	return outputs
}

// squeezeSizes drops axes of one place: those that are named, or all.
func squeezeSizes(a *applied) []known {
	y, named := *a.in[0], map[int]bool(nil)
	if len(a.in) > 1 {
		named = a.axes(len(y.sides))
	}
	var sides []int64
	for axis, side := range y.sides {
		a.fits(side == 1 || !named[axis])
		if !named[axis] && (named != nil || side != 1) {
			sides = append(sides, side)
		}
	}
	y.sides = sides
	return []known{y}
}

// unsqueezeSizes puts in axes of one place.
func unsqueezeSizes(a *applied) []known {
	y := *a.in[0]
	rank := len(y.sides) + len(a.numbers(1))
	a.fits(rank <= mostSides)
	axes, old, sides := a.axes(rank), y.sides, []int64{}
	for axis := range rank {
		if axes[axis] {
			sides = append(sides, 1)
			continue
		}
		a.fits(len(old) > 0) // unless an axis was named twice
		sides, old = append(sides, old[0]), old[1:]
	}
	if y.sides = sides; len(sides) > 1 {
		y.numbers = nil
	}
	return []known{y}
}

// axes are those that the second input names, among so many.
func (a *applied) axes(rank int) map[int]bool {
	axes := map[int]bool{}
	for _, number := range a.numbers(1) {
		axes[a.axis(number, rank)] = true
	}
	return axes
}

func transposeSizes(a *applied) []known {
	x, order := a.in[0].sides, a.ints["perm"]
	sorted := slices.Sorted(slices.Values(order))
	a.fits(len(order) == len(x))
	var y []int64
	for i, axis := range order {
		a.fits(sorted[i] == int64(i))
		y = append(y, x[axis])
	}
	return a.like(y)
}

// axis is one of so many, which may be counted from behind.
func (a *applied) axis(number int64, rank int) int {
	if number < 0 {
		number += int64(rank)
	}
	a.fits(0 <= number && number < int64(rank))
	return int(number)
}
