package runtime

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// testModel is a small ONNX model in words. Its types say nothing but names, which
// is all that cutting reads.
type testModel struct {
	nodes        []string // "Op a b -> c d"; "_" is an optional tensor left out
	initializers []string
	inputs       []string
	outputs      []string
	metadata     map[string]string
}

func (m testModel) encode() []byte {
	var graph []byte
	for _, n := range m.nodes {
		graph = appendMessage(graph, graphNode, encodeNode(n))
	}
	graph = appendMessage(graph, 2, []byte("name of the graph"))
	for _, name := range m.initializers {
		graph = appendMessage(graph, graphInitializer, encodeTensor(name, elemTypeFloat, 4))
	}
	lists := []struct {
		number, name protowire.Number
		of           []string
	}{
		{graphInput, valueInfoName, m.inputs},
		{graphOutput, valueInfoName, m.outputs},
	}
	for _, list := range lists {
		for _, name := range list.of {
			graph = appendMessage(graph, list.number, appendMessage(nil, list.name, []byte(name)))
		}
	}
	model := appendNumber(nil, 1, 9) // ir_version
	model = appendMessage(model, modelOpset, appendNumber(nil, opsetNumber, opset))
	model = appendMessage(model, modelGraph, graph)
	for _, key := range slices.Sorted(maps.Keys(m.metadata)) {
		entry := appendMessage(nil, metadataKey, []byte(key))
		model = appendMessage(model, modelMetadata, appendMessage(entry, metadataValue, []byte(m.metadata[key])))
	}
	return model
}

// encodeTensor is an initialiser of so many bytes.
func encodeTensor(name string, kind uint64, bytes int, sides ...uint64) []byte {
	tensor := appendMessage(nil, initializerName, []byte(name))
	for _, side := range sides {
		tensor = appendNumber(tensor, initializerDims, side)
	}
	return appendMessage(appendNumber(tensor, tensorType, kind), tensorRaw, make([]byte, bytes))
}

func appendNumber(message []byte, number protowire.Number, value uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(message, number, protowire.VarintType), value)
}

// sealed adds the entry that tells the model's checksum.
func sealed(model []byte) []byte {
	entry := appendMessage(nil, metadataKey, []byte(checksumKey))
	return appendMessage(model, modelMetadata, appendMessage(entry, metadataValue, []byte(checksum(model))))
}

func encodeNode(words string) []byte {
	call, outputs, _ := strings.Cut(words, " -> ")
	parts := strings.Fields(call)
	var node []byte
	for _, name := range parts[1:] {
		node = appendMessage(node, nodeInput, []byte(strings.Trim(name, "_")))
	}
	for _, name := range strings.Fields(outputs) {
		node = appendMessage(node, nodeOutput, []byte(strings.Trim(name, "_")))
	}
	return appendMessage(node, nodeOpType, []byte(parts[0]))
}

// words is what encode made the graph from.
func words(g *Graph) testModel {
	var m testModel
	for _, n := range g.nodes {
		m.nodes = append(m.nodes, fmt.Sprintf("%s %s -> %s", n.op, joined(n.inputs), joined(n.outputs)))
	}
	m.initializers, m.inputs, m.outputs = namesOf(g.initializers), namesOf(g.inputs), namesOf(g.outputs)
	return m
}

// joined writes names as encodeNode reads them.
func joined(names []string) string {
	var shown []string
	for _, n := range names {
		shown = append(shown, cmp.Or(n, "_"))
	}
	return strings.Join(shown, " ")
}

// contractModel keeps the contract with two layers, a strided convolution and a
// pool, as far as a program that does not run it can see.
func contractModel() testModel {
	layers := []Layer{
		{Index: 0, Name: "conv", Channels: 4, Stride: 2, ReceptiveField: 3, Window: Window{Kernel: 3, Stride: 2}},
		{Index: 1, Name: "pool", Channels: 4, Stride: 4, ReceptiveField: 7, Window: Window{Kernel: 3, Stride: 2, Ceil: true}},
	}
	m := testModel{
		nodes:        []string{"Conv image kernel -> feature.0", "MaxPool feature.0 -> feature.1"},
		initializers: []string{"kernel"},
		inputs:       []string{"image"},
		outputs:      []string{"gradient"},
		metadata: map[string]string{
			"zellige.contract": contractVersion,
			"zellige.exporter": "1",
			"zellige.mean":     "[0.4, 0.5, 0.6]",
			"zellige.std":      "[0.1, 0.2, 0.3]",
			"zellige.weights":  `{"source": "a lake", "file": "weights.pkl", "sha256": "00ff"}`,
			"zellige.layers":   mustJSON(layers),
		},
	}
	var gradients []string
	for l := range layers {
		style, region := wholeMap(l), region(l, 0)
		m.inputs = append(m.inputs, contentTarget(l), contentWeight(l), style.target(), style.weight(), style.scale(),
			region.mask(), region.target(), region.weight(), region.scale())
		m.outputs = append(m.outputs, feature(l), gram(l), contentLoss(l), style.loss(), region.gram(), region.loss())
		m.nodes = append(m.nodes,
			fmt.Sprintf("Gemm %s %s -> %s", feature(l), style.scale(), gram(l)),
			fmt.Sprintf("Gemm %s %s %s -> %s", feature(l), region.mask(), region.scale(), region.gram()),
			fmt.Sprintf("Gemm %s %s %s -> %s content.%d.cotangent", feature(l), contentTarget(l), contentWeight(l), contentLoss(l), l),
			fmt.Sprintf("Gemm %s %s %s -> %s style.%d.cotangent", gram(l), style.target(), style.weight(), style.loss(), l),
			fmt.Sprintf("Gemm %s %s %s -> %s region.%d.cotangent", region.gram(), region.target(), region.weight(), region.loss(), l))
		gradients = append(gradients, fmt.Sprintf("content.%d.cotangent", l), fmt.Sprintf("style.%d.cotangent", l), fmt.Sprintf("region.%d.cotangent", l))
	}
	m.nodes = append(m.nodes, "Sum "+strings.Join(gradients, " ")+" -> gradient")
	return m
}

func mustJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}
