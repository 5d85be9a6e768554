package runtime

import "slices"

// many inputs: any number, of which none may be left out.
const many = 1 << 16

// Each rule tells the outputs of an operator, as onnx's documents define it.

// like is one output of the kind of the first input.
func (a *applied) like(sides []int64) []known { return []known{{sides: sides, whole: a.in[0].whole}} }

// sameSizes is that of operators of one value at a time; more inputs are numbers.
func sameSizes(a *applied) []known {
	y := *a.in[0]
	if a.op != "Identity" {
		y.numbers = nil
	}
	return []known{y}
}

func castSizes(a *applied) []known {
	x, to := *a.in[0], a.number("to", 0)
	a.fits(to == elemTypeFloat || to == elemInt64)
	if to == elemTypeFloat {
		return []known{{sides: x.sides}}
	}
	return []known{integers(x.sides, x.numbers)} // none of a float32
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
func broadcastSizes(a *applied) []known {
	y := *a.in[0]
	for _, x := range a.in[1:] {
		sides := a.broadcast(y.sides, x.sides)
		if numbers := a.reckon(sides, y, *x); x.whole {
			y = integers(sides, numbers)
		} else {
			y = known{sides: sides}
		}
	}
	y.whole = y.whole || a.op == "Equal" || a.op == "GreaterOrEqual"
	return []known{y}
}

// reckon is what the operator makes of two tensors' numbers, nil if they are not known.
// Divisions of integers by what may not be positive could end the process.
func (a *applied) reckon(sides []int64, x, y known) []int64 {
	do := arithmetic[a.op]
	if x.whole && (a.op == "Div" || a.op == "Mod") {
		a.knows(len(y.numbers) > 0 && slices.Min(y.numbers) > 0)
	}
	if do == nil || !x.whole || len(x.numbers) == 0 || len(y.numbers) == 0 || len(sides) > 1 {
		return nil
	}
	numbers := make([]int64, max(len(x.numbers), len(y.numbers)))
	for i := range numbers {
		numbers[i] = do(x.numbers[i%len(x.numbers)], y.numbers[i%len(y.numbers)])
	}
	return numbers
}

// broadcast is what tensors of x and y sides make together.
func (a *applied) broadcast(x, y []int64) []int64 {
	if len(x) < len(y) {
		x, y = y, x
	}
	sides := slices.Clone(x)
	for i, side := range y {
		at := &sides[len(x)-len(y)+i]
		a.fits(*at == side || *at == 1 || side == 1)
		if *at == 1 {
			*at = side
		}
	}
	return sides
}

func expandSizes(a *applied) []known { return a.like(a.broadcast(a.in[0].sides, a.numbers(1))) }

func rangeSizes(a *applied) []known {
	var bounds [3]int64 // first, end, step
	for i := range bounds {
		numbers := a.numbers(i)
		a.knows(len(numbers) == 1)
		bounds[i] = numbers[0]
	}
	a.fits(bounds[2] != 0)
	return []known{{sides: []int64{stepsTo(bounds[0], bounds[1], bounds[2])}, whole: true}}
}

// stepsTo is how many numbers there are from first by step in front of end.
func stepsTo(first, end, step int64) int64 {
	if step < 0 {
		first, end, step = -first, -end, -step
	}
	return max(0, (end-first+step-1)/step)
}

// padSizes: so many in front of each axis, then so many behind each; negative ones crop.
func padSizes(a *applied) []known {
	y, pads := slices.Clone(a.in[0].sides), a.numbers(1)
	a.knows(len(pads) == 2*len(y))
	for i := range y {
		y[i] += pads[i] + pads[i+len(y)]
	}
	return a.like(y)
}

func gemmSizes(a *applied) []known {
	var sides []int64
	for i, transposed := range []string{"transA", "transB"} {
		x, axis := a.in[i].sides, i
		a.fits(len(x) == 2)
		if a.number(transposed, 0) != 0 {
			axis = 1 - i
		}
		sides = append(sides, x[axis])
	}
	return []known{{sides: sides}}
}
