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
// among inputs is dropped; a Sum alone survives the loss of operands, as long as
// one is left, which is why the graph adds cotangents with Sum. Then only what
// the outputs reach is kept. An input may also name a tensor inside the graph:
// whatever computed it is then cut off. The error names the first output that
// cannot be had.
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
		value, _ := g.typeOf(name)
		cut.inputs = append(cut.inputs, value)
	}
	for _, name := range outputs {
		value, ok := g.typeOf(name)
		if !ok {
			return nil, fmt.Errorf("the graph has no output %q", name)
		}
		cut.outputs = append(cut.outputs, value)
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
		if _, ok := g.typeOf(name); !ok {
			return nil, fmt.Errorf("the graph has no input %q", name)
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

// keepKnown reports whether n can be computed from the known tensors. A Sum
// loses the operands that are not known.
func keepKnown(n node, known map[string]bool) (node, bool) {
	unknown := func(name string) bool { return !known[name] }
	if !slices.ContainsFunc(n.inputs, unknown) {
		return n, true
	}
	if n.op != "Sum" {
		return n, false
	}
	left := slices.DeleteFunc(slices.Clone(n.inputs), unknown)
	if len(left) == 0 {
		return n, false
	}
	return n.withInputs(left), true
}

// withInputs is n reading other tensors.
func (n node) withInputs(inputs []string) node {
	var message []byte
	for _, name := range inputs {
		message = protowire.AppendTag(message, nodeInput, protowire.BytesType)
		message = protowire.AppendString(message, name)
	}
	_ = eachField(messageBody(n.raw), func(f field) error { // parsed before, cannot fail
		if f.number != nodeInput {
			message = append(message, f.raw...)
		}
		return nil
	})
	return node{raw: appendMessage(nil, graphNode, message), op: n.op, inputs: inputs, outputs: n.outputs}
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
	}
	slices.Reverse(kept)
	for _, name := range outputs {
		if !made[name] {
			return nil, nil, fmt.Errorf("the graph cannot compute %q from %s", name, strings.Join(inputs, ", "))
		}
	}
	return kept, used, nil
}

// typeOf returns the declared type of a tensor.
func (g *Graph) typeOf(name string) (named, bool) {
	for _, list := range [][]named{g.inputs, g.outputs, g.values} {
		for _, v := range list {
			if v.name == name {
				return v, true
			}
		}
	}
	return named{}, false
}

// Encode writes the graph as an ONNX model, without its metadata.
func (g *Graph) Encode() []byte {
	graph := slices.Clone(g.graphHead)
	for _, n := range g.nodes {
		graph = append(graph, n.raw...)
	}
	for _, i := range g.initializers {
		graph = append(graph, i.raw...)
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
