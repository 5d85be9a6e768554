package runtime

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Operators that are trusted can still make maps of any size: a Pad by a billion will do.
// So the sizes of all tensors are reckoned before ONNX Runtime sees a graph, for what
// depends on weights alone it computes as soon as it opens it.

const (
	mostNumbers  = 64      // that are reckoned with, of a tensor
	farthest     = 1 << 31 // from zero, of a side or of a number that sides come from
	blockedPlane = 16      // ONNX Runtime rounds the channels of a map up to as many, where it blocks them
)

var (
	errMisfit  = errors.New("what it reads does not fit together")
	errUnknown = errors.New("a size or a divisor depends on the picture's values")
)

// known is what is known of a tensor before the graph runs.
type known struct {
	sides   []int64
	whole   bool    // its values are integers or truth values, not float32
	numbers []int64 // its values, if they are whole, few, in a row and do not depend on the picture
}

// applied is a node with what it reads.
type applied struct {
	op      string
	in      []*known           // nil where an optional input is left out
	ints    map[string][]int64 // attributes
	outputs int
}

// checkSizes rejects a graph whose tensors take more than most bytes in all, given the sides
// of its inputs, or whose outputs have other sides. The error names the node.
func (g *Graph) checkSizes(inputs, outputs map[string][]int64, most float64) error {
	tensors := map[string]*known{}
	for _, i := range g.initializers {
		tensors[i.name] = readInitializer(i.body())
	}
	for name, sides := range inputs {
		tensors[name] = &known{sides: sides}
	}
	bytes := 0.0
	for i, n := range g.nodes {
		made, scratch, err := n.foresee(tensors)
		bytes += scratch
		for o, y := range made {
			bytes += y.bytes()
			tensors[n.outputs[o]] = &y
			if want, ok := outputs[n.outputs[o]]; ok && !slices.Equal(y.sides, want) {
				err = fmt.Errorf("its output has sides %d, must have %d", y.sides, want)
			}
		}
		if err == nil && bytes > most {
			err = fmt.Errorf("with it the maps take more than %.0f MiB in all, far more than the model says of its layers", most/(1<<20))
		}
		if err != nil {
			return fmt.Errorf(untrusted+"node %d of %d, which makes %.60q (%s): %w", i, len(g.nodes), n.outputs, n.op, err)
		}
	}
	return nil
}

// foresee is what a node makes of what is known, and how many bytes it takes on the way.
func (n node) foresee(tensors map[string]*known) (outputs []known, scratch float64, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case refusal:
			outputs, scratch, err = nil, 0, r.error
		default:
			panic(r)
		}
	}()
	rule, a := operators[n.op], applied{op: n.op, ints: n.integers(), outputs: len(n.outputs)}
	a.knows(rule.sizes != nil)
	for i, name := range n.inputs {
		a.in = append(a.in, tensors[name])
		a.fits(a.in[i] != nil || i >= rule.least && rule.most != many && name == "")
	}
	a.fits(rule.least <= len(a.in) && len(a.in) <= rule.most)
	outputs = rule.sizes(&a)
	a.fits(len(outputs) == len(n.outputs))
	for _, y := range outputs {
		a.fits(!slices.ContainsFunc(y.sides, func(side int64) bool { return side < 0 || side > farthest }))
	}
	return outputs, a.scratch(), nil
}

// refusal is what a rule panics with, which foresee makes an error.
type refusal struct{ error }

// fits refuses the node unless what it reads fits together.
func (a *applied) fits(ok bool) {
	if !ok {
		panic(refusal{errMisfit})
	}
}

// knows refuses the node unless what its sizes come from is known.
func (a *applied) knows(ok bool) {
	if !ok {
		panic(refusal{errUnknown})
	}
}

// numbers are those of the i-th input.
func (a *applied) numbers(i int) []int64 {
	a.knows(a.in[i] != nil && a.in[i].numbers != nil)
	return a.in[i].numbers
}

// number is an attribute, list one of several numbers.
func (a *applied) number(name string, without int64) int64 { return a.list(name, without)[0] }

func (a *applied) list(name string, without ...int64) []int64 {
	if len(a.ints[name]) == 0 {
		return without
	}
	return a.ints[name]
}

// scratch is what a convolution takes beside its maps, in bytes.
func (a *applied) scratch() float64 {
	switch a.op {
	case "Conv": // its kernel, blocked
		kernel := a.in[1].sides
		return known{sides: []int64{blocked(kernel[0]), kernel[1], kernel[2] * kernel[3]}}.bytes()
	case "ConvTranspose": // all that its windows write, before that is added up
		x, kernel := a.in[0].sides, a.in[1].sides
		return known{sides: []int64{kernel[1], kernel[2] * kernel[3], x[2], x[3]}}.bytes()
	}
	return 0
}

// bytes is how many a tensor takes at most.
func (k known) bytes() float64 {
	bytes := 4.0
	if k.whole {
		bytes = 8
	}
	for i, side := range k.sides {
		if len(k.sides) == 4 && i == 1 {
			side = blocked(side)
		}
		bytes *= float64(side)
	}
	return bytes
}

func blocked(channels int64) int64 {
	return (channels + blockedPlane - 1) / blockedPlane * blockedPlane
}

// integers are the attributes that are integers, of a node that is trusted.
func (n node) integers() map[string][]int64 {
	found := map[string][]int64{}
	f, _ := nodeSchema.read(messageBody(n.raw))
	for _, d := range f[nodeAttribute] {
		a, _ := attributeSchema.read(d.bytes)
		found[a.text(attributeName)] = append(a.integers(attributeInt), a.integers(attributeInts)...)
	}
	return found
}

// readInitializer reads an initialiser that is trusted.
func readInitializer(message []byte) *known {
	f, _ := tensorSchema.read(message)
	k, raw := known{sides: f.integers(initializerDims), whole: f.one(tensorType).number == elemInt64}, f.one(tensorRaw).bytes
	if k.whole && len(raw) <= 8*mostNumbers {
		numbers := []int64{}
		for ; len(raw) >= 8; raw = raw[8:] {
			numbers = append(numbers, int64(binary.LittleEndian.Uint64(raw)))
		}
		k = integers(k.sides, numbers)
	}
	return &k
}

// integers is a tensor of integers, whose numbers are forgotten if they are nil or not such
// as can be reckoned with.
func integers(sides, numbers []int64) known {
	if len(sides) > 1 || len(numbers) > mostNumbers || slices.ContainsFunc(numbers, func(n int64) bool { return n < -farthest || n > farthest }) {
		numbers = nil
	}
	return known{sides, true, numbers}
}
