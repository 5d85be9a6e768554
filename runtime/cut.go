package runtime

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// Cut returns the smaller model that computes outputs from inputs.
//
// First every node that depends on something that is neither an initialiser nor
// among inputs is dropped; a sum alone survives the loss of operands, as long as
// one is left, which is why the graph adds cotangents in sums. Then only what
// the outputs reach is kept. An input may also name a tensor inside the graph:
// the node that computes it is then cut off, with all its outputs. The error
// names the first input that is not needed or output that cannot be had.
func (g *Graph) Cut(inputs, outputs []string) (*Graph, error) {
	alive, err := g.alive(inputs)
	if err != nil {
		return nil, err
	}
	nodes, used, err := reach(alive, inputs, outputs)
	if err != nil {
		return nil, err
	}
	cut := &Graph{head: g.head, graphHead: g.graphHead, nodes: nodes, metadata: g.metadata}
	for _, i := range g.initializers {
		if used[i.name] {
			cut.initializers = append(cut.initializers, i)
		}
	}
	for _, name := range inputs {
		if !used[name] {
			return nil, fmt.Errorf("nothing asked of the graph depends on %q", name)
		}
		cut.inputs = append(cut.inputs, g.typeOf(name))
	}
	for _, name := range outputs {
		cut.outputs = append(cut.outputs, g.typeOf(name))
	}
	return cut, nil
}

// alive returns the nodes, in order, that can be computed from the inputs and
// the initialisers.
func (g *Graph) alive(inputs []string) ([]node, error) {
	known := map[string]bool{"": true} // "" is an optional input left out
	for _, i := range g.initializers {
		known[i.name] = true
	}
	fed := map[string]bool{}
	for _, name := range inputs {
		if !g.has(name) {
			return nil, fmt.Errorf("the graph has no tensor %q", name)
		}
		known[name], fed[name] = true, true
	}
	var nodes []node
	for _, n := range g.nodes {
		if slices.ContainsFunc(n.outputs, func(o string) bool { return fed[o] }) {
			continue
		}
		n, ok := keepKnown(n, known)
		if !ok {
			continue
		}
		nodes = append(nodes, n)
		for _, o := range n.outputs {
			known[o] = true
		}
	}
	return nodes, nil
}

// has reports whether name is an input or made by a node.
func (g *Graph) has(name string) bool {
	isName := func(v named) bool { return v.name == name }
	makes := func(n node) bool { return slices.Contains(n.outputs, name) }
	return name != "" && (slices.ContainsFunc(g.inputs, isName) || slices.ContainsFunc(g.nodes, makes))
}

// original is the tensor that an output is an Identity of, which is what the rest of
// the graph reads.
func (g *Graph) original(name string) string {
	for _, n := range g.nodes {
		if n.op == "Identity" && slices.Contains(n.outputs, name) {
			return n.inputs[0]
		}
	}
	return name
}

// summands is the first of the operands that n adds up, of which it may lose some; none
// if it needs them all.
func (n node) summands() (first int) {
	switch n.op {
	case "Sum":
		return 0
	case "ReluGradient":
		return 1
	}
	return len(n.inputs)
}

// keepKnown reports whether n can be computed from the known tensors. A sum loses the
// operands that are not known.
func keepKnown(n node, known map[string]bool) (node, bool) {
	unknown := func(name string) bool { return !known[name] }
	if !slices.ContainsFunc(n.inputs, unknown) {
		return n, true
	}
	needed, summands := n.inputs[:n.summands()], n.inputs[n.summands():]
	left := slices.DeleteFunc(slices.Clone(summands), unknown)
	if slices.ContainsFunc(needed, unknown) || len(left) == 0 {
		return n, false
	}
	if n.op == "Sum" && len(left) == 1 {
		// ONNX Runtime would copy the operand of a Sum; an Identity it leaves out.
		return n.with("Identity", left, n.outputs), true
	}
	return n.with(n.op, slices.Concat(needed, left), n.outputs), true
}

// with is n with another operator type, reading and writing other tensors. Its
// name, which is optional and must be its own, is dropped.
func (n node) with(op string, inputs, outputs []string) node {
	message := appendMessage(nil, nodeOpType, []byte(op))
	for _, name := range inputs {
		message = appendMessage(message, nodeInput, []byte(name))
	}
	for _, name := range outputs {
		message = appendMessage(message, nodeOutput, []byte(name))
	}
	_ = eachField(messageBody(n.raw), func(f field) error { // parsed before, cannot fail
		if !slices.Contains([]protowire.Number{nodeInput, nodeOutput, nodeName, nodeOpType}, f.number) {
			message = append(message, f.raw...)
		}
		return nil
	})
	return node{raw: appendMessage(nil, graphNode, message), op: op, inputs: inputs, outputs: outputs}
}

// reach walks back from outputs and returns the nodes needed, in order, and the
// set of tensor names that they read or that are asked for.
func reach(nodes []node, inputs, outputs []string) ([]node, map[string]bool, error) {
	used := map[string]bool{}
	for _, name := range outputs {
		used[name] = true
	}
	made := map[string]bool{}
	for _, name := range inputs {
		made[name] = true
	}
	var kept []node
	for _, n := range slices.Backward(nodes) {
		if !slices.ContainsFunc(n.outputs, func(o string) bool { return used[o] }) {
			continue
		}
		kept = append(kept, n)
		for _, o := range n.outputs {
			made[o] = true
		}
		for _, i := range n.inputs {
			used[i] = true
		}
		delete(used, "") // an optional input left out; "" also names an output left out
	}
	slices.Reverse(kept)
	for _, name := range outputs {
		if !made[name] {
			return nil, nil, fmt.Errorf("the graph cannot compute %q from %s", name, strings.Join(inputs, ", "))
		}
	}
	return kept, used, nil
}

// typeOf returns the declared type of a tensor; one that declares none is float32
// of any shape, as everything in the contract.
func (g *Graph) typeOf(name string) named {
	for _, list := range [][]named{g.inputs, g.outputs, g.values} {
		for _, v := range list {
			if v.name == name {
				return v
			}
		}
	}
	return floats(name)
}

// floats is a float32 tensor of any shape.
func floats(name string) named {
	var tensor []byte
	tensor = protowire.AppendTag(tensor, tensorElemType, protowire.VarintType)
	tensor = protowire.AppendVarint(tensor, elemTypeFloat)
	value := appendMessage(nil, valueInfoName, []byte(name))
	value = appendMessage(value, valueInfoType, appendMessage(nil, typeTensor, tensor))
	return named{appendMessage(nil, graphValueInfo, value), name}
}

// Encode writes the graph as an ONNX model, without its metadata.
func (g *Graph) Encode() []byte {
	var weights int
	for _, i := range g.initializers {
		weights += len(i.raw)
	}
	graph := slices.Grow(slices.Clone(g.graphHead), weights)
	for _, i := range g.initializers {
		graph = append(graph, i.raw...)
	}
	for _, n := range g.nodes {
		graph = append(graph, n.raw...)
	}
	for _, v := range g.inputs {
		graph = appendMessage(graph, graphInput, v.body())
	}
	for _, v := range g.outputs {
		graph = appendMessage(graph, graphOutput, v.body())
	}
	return appendMessage(slices.Clone(g.head), modelGraph, graph)
}

// body is the message without the tag and the length before it.
func (n named) body() []byte { return messageBody(n.raw) }

func messageBody(raw []byte) []byte {
	_, _, tag := protowire.ConsumeTag(raw)
	body, _ := protowire.ConsumeBytes(raw[tag:])
	return body
}

func appendMessage(dst []byte, number protowire.Number, message []byte) []byte {
	dst = protowire.AppendTag(dst, number, protowire.BytesType)
	return protowire.AppendBytes(dst, message)
}
