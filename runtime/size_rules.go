package runtime

import "slices"

// many inputs: any number, of which none may be left out.
const many = 1 << 16

// Each rule tells the outputs of an operator, as onnx's documents define it.

func one(sides []int64, whole bool) ([]known, error) {
	return []known{{sides: sides, whole: whole}}, nil
}

// sameSizes is that of operators of one value at a time; more inputs are numbers.
func sameSizes(a *applied) ([]known, error) {
	y := *a.in[0]
	if a.op != "Identity" {
		y.numbers = nil
	}
	return []known{y}, nil
}

func castSizes(a *applied) ([]known, error) {
	x := *a.in[0]
	switch a.number("to", 0) {
	case elemTypeFloat:
		return one(x.sides, false)
	case elemInt64:
		return []known{integers(x.sides, x.numbers)}, nil // none of a float32
	}
	return nil, errMisfit
}

// arithmetic is what operators make of two integers, y not being 0 in divisions.
var arithmetic = map[string]func(x, y int64) int64{
	"Add":            func(x, y int64) int64 { return x + y },
	"Sub":            func(x, y int64) int64 { return x - y },
	"Mul":            func(x, y int64) int64 { return x * y },
	"Div":            func(x, y int64) int64 { return x / y },
	"Mod":            func(x, y int64) int64 { return (x%y + y) % y },
	"Max":            func(x, y int64) int64 { return max(x, y) },
	"Min":            func(x, y int64) int64 { return min(x, y) },
	"Equal":          func(x, y int64) int64 { return truth(x == y) },
	"GreaterOrEqual": func(x, y int64) int64 { return truth(x >= y) },
}

func truth(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// broadcastSizes is that of operators of the values of several tensors at a time.
func broadcastSizes(a *applied) ([]known, error) {
	y := *a.in[0]
	for _, x := range a.in[1:] {
		sides, err := broadcast(y.sides, x.sides)
		if err != nil {
			return nil, err
		}
		numbers, err := a.reckon(sides, y, *x)
		if err != nil {
			return nil, err
		}
		y = known{sides, x.whole, nil}
		if x.whole {
			y = integers(sides, numbers)
		}
	}
	y.whole = y.whole || a.op == "Equal" || a.op == "GreaterOrEqual"
	return []known{y}, nil
}

// reckon is what the operator makes of two tensors' numbers, nil if they are not known.
// Divisions of integers by what may not be positive could end the process.
func (a *applied) reckon(sides []int64, x, y known) ([]int64, error) {
	do, ok := arithmetic[a.op]
	divides := a.op == "Div" || a.op == "Mod"
	if divides && x.whole && (len(y.numbers) == 0 || slices.Min(y.numbers) < 1) {
		return nil, errUnknown
	}
	if !ok || !x.whole || len(x.numbers) == 0 || len(y.numbers) == 0 || len(sides) > 1 {
		return nil, nil
	}
	numbers := make([]int64, max(len(x.numbers), len(y.numbers)))
	for i := range numbers {
		numbers[i] = do(x.numbers[i%len(x.numbers)], y.numbers[i%len(y.numbers)])
	}
	return numbers, nil
}

// broadcast is what tensors of a and b sides make together.
func broadcast(a, b []int64) ([]int64, error) {
	if len(a) < len(b) {
		a, b = b, a
	}
	sides := slices.Clone(a)
	for i, side := range b {
		at := &sides[len(a)-len(b)+i]
		if *at != side && *at != 1 && side != 1 {
			return nil, errMisfit
		}
		if *at == 1 {
			*at = side
		}
	}
	return sides, nil
}

func expandSizes(a *applied) ([]known, error) {
	numbers, err := a.numbers(1)
	if err != nil {
		return nil, err
	}
	sides, err := broadcast(a.in[0].sides, numbers)
	return []known{{sides: sides, whole: a.in[0].whole}}, err
}

func rangeSizes(a *applied) ([]known, error) {
	var bounds [3]int64 // first, end, step
	for i := range bounds {
		numbers, err := a.numbers(i)
		if err != nil || len(numbers) != 1 {
			return nil, errUnknown
		}
		bounds[i] = numbers[0]
	}
	if bounds[2] == 0 {
		return nil, errMisfit
	}
	return one([]int64{stepsTo(bounds[0], bounds[1], bounds[2])}, true)
}

// stepsTo is how many numbers there are from first by step in front of end.
func stepsTo(first, end, step int64) int64 {
	if step < 0 {
		first, end, step = -first, -end, -step
	}
	return max(0, (end-first+step-1)/step)
}

// padSizes: so many in front of each axis, then so many behind each; negative ones crop.
func padSizes(a *applied) ([]known, error) {
	pads, err := a.numbers(1)
	y := slices.Clone(a.in[0].sides)
	if err != nil || len(pads) != 2*len(y) {
		return nil, errUnknown
	}
	for i := range y {
		y[i] += pads[i] + pads[i+len(y)]
	}
	return one(y, a.in[0].whole)
}

func gemmSizes(a *applied) ([]known, error) {
	var sides []int64
	for i, transposed := range []string{"transA", "transB"} {
		x := a.in[i].sides
		if len(x) != 2 {
			return nil, errMisfit
		}
		if turned := a.number(transposed, 0) != 0; turned == (i == 0) {
			sides = append(sides, x[1])
		} else {
			sides = append(sides, x[0])
		}
	}
	return one(sides, false)
}
