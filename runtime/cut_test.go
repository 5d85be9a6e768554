package runtime

import (
	"reflect"
	"strings"
	"testing"
)

func TestCut(t *testing.T) {
	tests := []struct {
		name            string
		model           testModel
		inputs, outputs []string
		want            testModel
	}{
		{
			name:   "whole",
			model:  testModel{nodes: []string{"Add a b -> c"}, inputs: []string{"a", "b"}, outputs: []string{"c"}},
			inputs: []string{"a", "b"}, outputs: []string{"c"},
			want: testModel{nodes: []string{"Add a b -> c"}, inputs: []string{"a", "b"}, outputs: []string{"c"}},
		},
		{
			name:   "inputs and outputs come in the order asked for",
			model:  testModel{nodes: []string{"F a b -> c d"}, inputs: []string{"a", "b"}, outputs: []string{"c", "d"}},
			inputs: []string{"b", "a"}, outputs: []string{"d", "c"},
			want: testModel{nodes: []string{"F a b -> c d"}, inputs: []string{"b", "a"}, outputs: []string{"d", "c"}},
		},
		{
			name: "what no output reaches goes, with its initialisers",
			model: testModel{
				nodes:        []string{"Mul a k -> b", "Mul b l -> c", "Mul b m -> d"},
				initializers: []string{"k", "l", "m"}, inputs: []string{"a"}, outputs: []string{"c", "d"},
			},
			inputs: []string{"a"}, outputs: []string{"d"},
			want: testModel{
				nodes:        []string{"Mul a k -> b", "Mul b m -> d"},
				initializers: []string{"k", "m"}, inputs: []string{"a"}, outputs: []string{"d"},
			},
		},
		{
			name: "a sum loses the operands that are not fed",
			model: testModel{nodes: []string{"Neg a -> x", "Neg b -> y", "Neg c -> z", "Sum x y z -> s"},
				inputs: []string{"a", "b", "c"}, outputs: []string{"s"}},
			inputs: []string{"a", "c"}, outputs: []string{"s"},
			want: testModel{nodes: []string{"Neg a -> x", "Neg c -> z", "Sum x z -> s"},
				inputs: []string{"a", "c"}, outputs: []string{"s"}},
		},
		{
			name: "a sum of one operand left is that operand",
			model: testModel{nodes: []string{"Neg a -> x", "Neg b -> y", "Sum x y -> s"},
				inputs: []string{"a", "b"}, outputs: []string{"s"}},
			inputs: []string{"b"}, outputs: []string{"s"},
			want: testModel{nodes: []string{"Neg b -> y", "Identity y -> s"},
				inputs: []string{"b"}, outputs: []string{"s"}},
		},
		{
			name: "a sum of no operand left is dropped, and so from the next sum",
			model: testModel{nodes: []string{"Sum a b -> s", "Sum s c -> t"},
				inputs: []string{"a", "b", "c"}, outputs: []string{"t"}},
			inputs: []string{"c"}, outputs: []string{"t"},
			want: testModel{nodes: []string{"Identity c -> t"}, inputs: []string{"c"}, outputs: []string{"t"}},
		},
		{
			name: "a fed tensor replaces what computes it",
			model: testModel{nodes: []string{"F a k -> b", "G b -> c"}, initializers: []string{"k"},
				inputs: []string{"a"}, outputs: []string{"c"}},
			inputs: []string{"b"}, outputs: []string{"c"},
			want: testModel{nodes: []string{"G b -> c"}, inputs: []string{"b"}, outputs: []string{"c"}},
		},
		{
			name: "a fed tensor replaces what computes it from a tensor that is fed too",
			model: testModel{nodes: []string{"F a -> b", "G a b -> c"},
				inputs: []string{"a"}, outputs: []string{"c"}},
			inputs: []string{"a", "b"}, outputs: []string{"c"},
			want: testModel{nodes: []string{"G a b -> c"}, inputs: []string{"a", "b"}, outputs: []string{"c"}},
		},
		{
			name: "optional inputs may be left out",
			model: testModel{nodes: []string{"Clip a _ k -> b"}, initializers: []string{"k"},
				inputs: []string{"a"}, outputs: []string{"b"}},
			inputs: []string{"a"}, outputs: []string{"b"},
			want: testModel{nodes: []string{"Clip a _ k -> b"}, initializers: []string{"k"},
				inputs: []string{"a"}, outputs: []string{"b"}},
		},
		{
			name: "an optional output left out is not an optional input left out",
			model: testModel{nodes: []string{"Dropout a -> u _", "Clip a _ -> b"},
				inputs: []string{"a"}, outputs: []string{"b"}},
			inputs: []string{"a"}, outputs: []string{"b"},
			want: testModel{nodes: []string{"Clip a _ -> b"}, inputs: []string{"a"}, outputs: []string{"b"}},
		},
		{
			name: "one of several outputs keeps the node",
			model: testModel{nodes: []string{"MaxPool a -> y i", "F i -> b"},
				inputs: []string{"a"}, outputs: []string{"b"}},
			inputs: []string{"a"}, outputs: []string{"b"},
			want: testModel{nodes: []string{"MaxPool a -> y i", "F i -> b"}, inputs: []string{"a"}, outputs: []string{"b"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := words(reparsed(t, cutOf(t, test.model, test.inputs, test.outputs)))
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestCutErrors(t *testing.T) {
	model := testModel{nodes: []string{"F a k -> x", "G b -> y", "Sum y z -> s"},
		initializers: []string{"k"}, inputs: []string{"a", "b", "z"}, outputs: []string{"x", "s"}}
	tests := []struct {
		name            string
		inputs, outputs []string
		want            string
	}{
		{"unknown input", []string{"a", "q"}, []string{"x"}, `no tensor "q"`},
		{"an initialiser is no input", []string{"a", "k"}, []string{"x"}, `no tensor "k"`},
		{"empty input", []string{"a", ""}, []string{"x"}, `no tensor ""`},
		{"unknown output", []string{"a"}, []string{"q"}, `cannot compute "q" from a`},
		{"unreachable output", []string{"a"}, []string{"x", "y"}, `cannot compute "y" from a`},
		{"sum of nothing", []string{"a"}, []string{"x", "s"}, `cannot compute "s" from a`},
		{"empty output", []string{"a"}, []string{"x", ""}, `cannot compute ""`},
		{"unused input", []string{"a", "b"}, []string{"x"}, `nothing asked of the graph depends on "b"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parsed(t, model).Cut(test.inputs, test.outputs)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// A cut leaves the graph as it was, so that the next one finds all of it.
func TestCutLeavesTheGraph(t *testing.T) {
	model := testModel{nodes: []string{"Sum a b c -> s"}, inputs: []string{"a", "b", "c"}, outputs: []string{"s"}}
	g := parsed(t, model)
	for _, inputs := range [][]string{{"a"}, {"b", "c"}, {"a", "b", "c"}} {
		cut, err := g.Cut(inputs, []string{"s"})
		if err != nil {
			t.Fatal(err)
		}
		cut.Encode()
	}
	if got := words(g); !reflect.DeepEqual(got, model) {
		t.Errorf("the graph became %+v", got)
	}
}

// Everything the cut does not understand stays: attributes, the opset, names.
func TestEncodeKeepsUnknownFields(t *testing.T) {
	attribute := appendMessage(nil, 1, []byte("axis"))
	node := appendMessage(encodeNode("Sum a b -> s"), nodeAttribute, attribute)
	graph := appendMessage(appendMessage(nil, graphNode, node), 10, []byte("a doc string"))
	for _, input := range []string{"a", "b"} {
		graph = appendMessage(graph, graphInput, appendMessage(nil, valueInfoName, []byte(input)))
	}
	model := appendMessage(appendMessage(nil, modelGraph, graph), 8, []byte("an opset"))
	g, err := ParseGraph(model)
	if err != nil {
		t.Fatal(err)
	}
	cut, err := g.Cut([]string{"a"}, []string{"s"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"axis", "a doc string", "an opset"} {
		if !strings.Contains(string(cut.Encode()), want) {
			t.Errorf("the cut model lost %q", want)
		}
	}
}

func parsed(t testing.TB, m testModel) *Graph {
	t.Helper()
	g, err := ParseGraph(m.encode())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func cutOf(t testing.TB, m testModel, inputs, outputs []string) *Graph {
	t.Helper()
	cut, err := parsed(t, m).Cut(inputs, outputs)
	if err != nil {
		t.Fatal(err)
	}
	return cut
}

// reparsed is g written and read again.
func reparsed(t testing.TB, g *Graph) *Graph {
	t.Helper()
	again, err := ParseGraph(g.Encode())
	if err != nil {
		t.Fatalf("the cut model does not parse: %v", err)
	}
	return again
}
