package runtime

import (
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

func TestParseGraphReadsWhatWasWritten(t *testing.T) {
	m := contractModel()
	g := parsed(t, m)
	if got := g.metadata; !reflect.DeepEqual(got, m.metadata) {
		t.Errorf("metadata %v, want %v", got, m.metadata)
	}
	m.metadata = nil
	if got := words(g); !reflect.DeepEqual(got, m) {
		t.Errorf("got  %+v\nwant %+v", got, m)
	}
	if len(g.nodes) != len(m.nodes) {
		t.Errorf("%d nodes, want %d", len(g.nodes), len(m.nodes))
	}
}

// A file that was cut short is an error, or, cut between two fields, a smaller
// model that lacks something the contract asks for.
func TestParseGraphTruncated(t *testing.T) {
	model := sealed(contractModel().encode())
	for n := range model {
		g, err := ParseGraph(model[:n])
		if err != nil {
			continue
		}
		if _, err := g.Info(); err == nil {
			t.Errorf("the first %d of %d bytes pass for a whole model", n, len(model))
		}
	}
}

func TestParseGraphErrors(t *testing.T) {
	subgraph := func(number protowire.Number) []byte {
		attribute := appendMessage(nil, number, nil)
		node := appendMessage(encodeNode("If a -> b"), nodeAttribute, attribute)
		return appendMessage(nil, modelGraph, appendMessage(nil, graphNode, node))
	}
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"nothing", nil, "the file is empty"},
		{"text", []byte("version https://git-lfs.github.com/spec/v1\n"), "not a whole ONNX model"},
		{"no graph", appendMessage(nil, modelMetadata, nil), "not an ONNX model: it holds no graph"},
		{"a graph that is a number", protowire.AppendVarint(protowire.AppendTag(nil, modelGraph, protowire.VarintType), 1), "it holds no graph"},
		{"subgraph", subgraph(attributeGraph), "subgraphs (If, Loop, Scan) are not supported"},
		{"subgraphs", subgraph(attributeGraphs), "subgraphs (If, Loop, Scan) are not supported"},
		{"declared longer than it is", append(protowire.AppendTag(nil, modelGraph, protowire.BytesType), 0xff, 0xff, 0xff, 0xff, 0x7f), "not a whole ONNX model"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := ParseGraph(test.data)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// FuzzParseAndCut takes any bytes for a model: an error, or a model whose every
// output, if it can be cut out, is a model again.
func FuzzParseAndCut(f *testing.F) {
	f.Add(contractModel().encode())
	f.Add(testModel{nodes: []string{"Sum a b -> s", "Clip s _ k -> c _"}, initializers: []string{"k"},
		inputs: []string{"a", "b"}, outputs: []string{"c"}}.encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := ParseGraph(data)
		if err != nil {
			return
		}
		if info, err := g.readInfo(); err == nil { // Info would ask for the right checksum
			useInfo(t, info)
		}
		inputs := namesOf(g.inputs)
		for n := range len(inputs) + 1 {
			for _, output := range namesOf(g.outputs) {
				checkCut(t, g, inputs[:n], output)
			}
		}
	})
}

// useInfo calls what must come to an end for any metadata.
func useInfo(t *testing.T, info *Info) {
	for l := range info.Layers {
		least := info.MinimumSize(l)
		if err := info.CheckLayer(l, least, least); err != nil {
			t.Errorf("at its minimum size %d: %v", least, err)
		}
		if err := info.CheckLayer(l, least-1, least-1); err == nil {
			t.Errorf("layer %d accepts %d pixels, less than its minimum", l, least-1)
		}
	}
}

// checkCut cuts one output out; the cut model must parse and be its own cut.
func checkCut(t *testing.T, g *Graph, inputs []string, output string) {
	cut, err := g.Cut(inputs, []string{output})
	if err != nil {
		return
	}
	if len(cut.nodes) > len(g.nodes) {
		t.Fatalf("the cut has %d nodes, the graph %d", len(cut.nodes), len(g.nodes))
	}
	again, err := reparsed(t, cut).Cut(inputs, []string{output})
	if err != nil {
		t.Fatalf("cut again: %v", err)
	}
	if !reflect.DeepEqual(words(again), words(cut)) {
		t.Fatalf("cut again it is %+v, once it was %+v", words(again), words(cut))
	}
}
