package runtime

import (
	"cmp"
	"slices"
)

func concatSizes(a *applied) ([]known, error) {
	first := a.in[0]
	axis, err := axisOf(a.number("axis", 0), len(first.sides))
	if err != nil {
		return nil, err
	}
	sides, numbers, unknown := slices.Clone(first.sides), slices.Clone(first.numbers), first.numbers == nil
	for _, x := range a.in[1:] {
		if len(x.sides) != len(sides) {
			return nil, errMisfit
		}
		sides[axis] += x.sides[axis]
		numbers, unknown = append(numbers, x.numbers...), unknown || x.numbers == nil
	}
	if unknown || !first.whole {
		return one(sides, first.whole)
	}
	return []known{integers(sides, numbers)}, nil
}

func gatherSizes(a *applied) ([]known, error) {
	x, indices := a.in[0].sides, a.in[1].sides
	axis, err := axisOf(a.number("axis", 0), len(x))
	if err != nil {
		return nil, err
	}
	return one(slices.Concat(x[:axis], indices, x[axis+1:]), a.in[0].whole)
}

// reduceSizes: without axes, all of them.
func reduceSizes(a *applied) ([]known, error) {
	if len(a.in) > 1 || a.number("keepdims", 1) != 0 {
		return nil, errUnknown
	}
	return one(nil, a.in[0].whole)
}

// reshapeSizes: 0 is the side that was there, -1 the one that is left over.
func reshapeSizes(a *applied) ([]known, error) {
	x := a.in[0]
	y, err := a.numbers(1)
	if err != nil {
		return nil, err
	}
	y = slices.Clone(y)
	size, left := product(x.sides), -1
	for i, side := range y {
		switch {
		case side == 0 && i < len(x.sides):
			y[i] = x.sides[i]
		case side == -1 && left < 0:
			y[i], left = 1, i
		case side < 1:
			return nil, errMisfit
		}
	}
	if left >= 0 {
		y[left] = int64(size / product(y))
	}
	if product(y) != size {
		return nil, errMisfit
	}
	return []known{{sides: y, whole: x.whole}}, nil
}

func product(sides []int64) float64 {
	size := 1.0
	for _, side := range sides {
		size *= float64(side)
	}
	return size
}

func shapeSizes(a *applied) ([]known, error) {
	sides := a.in[0].sides
	first, end := a.number("start", 0), a.number("end", int64(len(sides)))
	if first < 0 || end > int64(len(sides)) || first > end {
		return nil, errMisfit
	}
	return []known{integers([]int64{end - first}, slices.Clone(sides[first:end]))}, nil
}

// sliceSizes: of the axes that are named, each step-th place of [first, end).
func sliceSizes(a *applied) ([]known, error) {
	lists := [4][]int64{3: {1}} // firsts, ends, axes, steps
	for i := range a.in[1:] {
		numbers, err := a.numbers(i + 1)
		if err != nil {
			return nil, err
		}
		lists[i] = numbers
	}
	y, axes := slices.Clone(a.in[0].sides), lists[2]
	if len(lists[0]) != len(axes) || len(lists[1]) != len(axes) || len(a.in) == 5 && len(lists[3]) != len(axes) {
		return nil, errMisfit
	}
	for i, axis := range axes {
		axis, err := axisOf(axis, len(y))
		step := lists[3][i%len(lists[3])]
		if err != nil || step == 0 {
			return nil, errMisfit
		}
		y[axis] = places(y[axis], lists[0][i], lists[1][i], step)
	}
	return one(y, a.in[0].whole)
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
func splitSizes(a *applied) ([]known, error) {
	x := a.in[0]
	axis, err := axisOf(a.number("axis", 0), len(x.sides))
	if err != nil {
		return nil, err
	}
	parts, left := int64(a.outputs), x.sides[axis]
	sizes := slices.Repeat([]int64{(left + parts - 1) / parts}, a.outputs)
	if len(a.in) > 1 {
		if sizes, err = a.numbers(1); err != nil {
			return nil, err
		}
	}
	var outputs []known
	for _, size := range sizes {
		y := known{sides: slices.Clone(x.sides), whole: x.whole}
		y.sides[axis] = min(size, left)
		left -= size
		outputs = append(outputs, y)
	}
	return outputs, nil
}

// squeezeSizes drops axes of one place: those that are named, or all.
func squeezeSizes(a *applied) ([]known, error) {
	y, drop := *a.in[0], map[int]bool{}
	for axis, side := range y.sides {
		drop[axis] = len(a.in) == 1 && side == 1
	}
	if len(a.in) > 1 {
		if err := a.mark(drop, len(y.sides)); err != nil {
			return nil, err
		}
	}
	var sides []int64
	for axis, side := range y.sides {
		if !drop[axis] {
			sides = append(sides, side)
		} else if side != 1 {
			return nil, errMisfit
		}
	}
	y.sides = sides
	return []known{y}, nil
}

// unsqueezeSizes puts in axes of one place.
func unsqueezeSizes(a *applied) ([]known, error) {
	y, axes := *a.in[0], map[int]bool{}
	if a.in[1] == nil || len(y.sides)+len(a.in[1].numbers) > mostSides {
		return nil, errMisfit
	}
	if err := a.mark(axes, len(y.sides)+len(a.in[1].numbers)); err != nil {
		return nil, err
	}
	old, sides := y.sides, []int64{}
	for axis := range len(y.sides) + len(a.in[1].numbers) {
		if axes[axis] {
			sides = append(sides, 1)
			continue
		}
		if len(old) == 0 { // an axis was named twice
			return nil, errMisfit
		}
		sides, old = append(sides, old[0]), old[1:]
	}
	if y.sides = sides; len(sides) > 1 {
		y.numbers = nil
	}
	return []known{y}, nil
}

// mark notes the axes of the second input, among so many.
func (a *applied) mark(axes map[int]bool, rank int) error {
	named, err := a.numbers(1)
	for _, number := range named {
		axis, wrong := axisOf(number, rank)
		axes[axis], err = true, cmp.Or(err, wrong)
	}
	return err
}

func transposeSizes(a *applied) ([]known, error) {
	x, order := a.in[0].sides, a.ints["perm"]
	sorted := slices.Sorted(slices.Values(order))
	if len(order) != len(x) {
		return nil, errMisfit
	}
	var y []int64
	for i, axis := range order {
		if sorted[i] != int64(i) {
			return nil, errMisfit
		}
		y = append(y, x[axis])
	}
	return one(y, a.in[0].whole)
}

// axisOf is an axis that may be counted from behind.
func axisOf(axis int64, rank int) (int, error) {
	if axis < 0 {
		axis += int64(rank)
	}
	if axis < 0 || axis >= int64(rank) {
		return 0, errMisfit
	}
	return int(axis), nil
}
