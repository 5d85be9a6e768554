package runtime

import "zellige/internal/parallel"

// A layer in front of a pool is evaluated as its even columns and its odd ones, and so is
// what a content term compares it with. The graph takes a target apart each time it is
// evaluated, on one thread; here that is done when the target changes.

// columnsOf names the tensors that the graph takes a target apart to, before anything
// else reads it: its even and its odd columns; none if it does not.
func (g *Graph) columnsOf(target string) (parts [2]string) {
	for at := target; ; {
		n, ok := g.onlyReader(at)
		switch {
		case !ok || n.inputs[0] != at:
			return parts
		case n.op == "Pad" || n.op == "Reshape" || n.op == "Transpose":
			at = n.outputs[0]
			continue
		case n.op != "Split" || len(n.outputs) != len(parts):
			return parts
		}
		for i, part := range n.outputs {
			flat, ok := g.onlyReader(part)
			if !ok || flat.op != "Reshape" {
				return [2]string{}
			}
			parts[i] = flat.outputs[0]
		}
		return parts
	}
}

// onlyReader is the node that reads a tensor, if it is one.
func (g *Graph) onlyReader(tensor string) (reader node, ok bool) {
	for _, n := range g.nodes {
		for _, name := range n.inputs {
			if name == tensor && ok {
				return node{}, false
			} else if name == tensor {
				reader, ok = n, true
			}
		}
	}
	return reader, ok
}

// columns is a target taken apart.
type columns struct {
	target    []float32 // [rows][width], a row of a channel after the other
	width     int
	even, odd []float32 // [rows][(width+1)/2]; an odd column that is missing stays 0
	take      *parallel.Loop
}

func newColumns(target []float32, width int) *columns {
	rows, half := len(target)/width, (width+1)/2
	c := &columns{target: target, width: width, even: make([]float32, rows*half), odd: make([]float32, rows*half)}
	c.take = parallel.New(rows, c.takeRows)
	return c
}

// takeRows takes the rows [low, high) apart.
func (c *columns) takeRows(low, high int) {
	half := (c.width + 1) / 2
	for row := low; row < high; row++ {
		from, even, odd := c.target[row*c.width:][:c.width], c.even[row*half:][:half], c.odd[row*half:][:half]
		for i := range c.width / 2 {
			even[i], odd[i] = from[2*i], from[2*i+1]
		}
		if c.width%2 == 1 {
			even[half-1] = from[c.width-1]
		}
	}
}
