package runtime

import (
	"compress/gzip"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"zellige/internal/shorttest"
	"zellige/models"
)

// hostile is a whole model with one part more.
func hostile(graphField protowire.Number, part []byte) []byte {
	return appendMessage(appendMessage(nil, modelOpset, appendNumber(nil, opsetNumber, opset)), modelGraph, appendMessage(nil, graphField, part))
}

func TestHostileModels(t *testing.T) {
	shorttest.Skip(t)
	node := func(words string, fields ...[]byte) []byte {
		return hostile(graphNode, append(encodeNode(words), slices.Concat(fields...)...))
	}
	attribute := func(name string, value ...byte) []byte {
		return appendMessage(nil, nodeAttribute, append(appendMessage(nil, attributeName, []byte(name)), value...))
	}
	weights := func(kind uint64, bytes int, sides ...uint64) []byte {
		return hostile(graphInitializer, encodeTensor("w", kind, bytes, sides...))
	}
	elsewhere := appendMessage(encodeTensor("w", elemTypeFloat, 4), 13, []byte("location/etc/passwd"))
	text := func(number protowire.Number, value string) []byte { return appendMessage(nil, number, []byte(value)) }
	sets := func(message []byte) []byte { return appendMessage(nil, modelOpset, message) }
	value := func(typ []byte) []byte {
		return hostile(graphInput, appendMessage(text(valueInfoName, "in"), valueInfoType, typ))
	}
	fine := node("Relu a -> b")
	tests := []struct {
		name  string
		model []byte
		want  string
	}{
		{"control flow", node("Loop a -> b"), `node 0 "" ("Loop"): this operator is none that scripts/export_network.py writes`},
		{"named", node("Tile a -> b", text(nodeName, "blow up")), `node 0 "blow up" ("Tile")`},
		{"no operator", hostile(graphNode, nil), `node 0 "" (""): this operator is none`},
		{"another domain", node("Relu a -> b", text(nodeDomain, "com.microsoft")), `operators of "com.microsoft", must be ONNX's own`},
		{"a fused operator that is none", node("Relu a -> b", text(nodeDomain, fusedDomain)), `operators of "zellige", must be ONNX's own`},
		{"a fused operator of ONNX", node("Difference a b c -> d"), `operators of "", must be of "zellige"`},
		{"a subgraph", node("Relu a -> b", attribute("body", appendMessage(nil, attributeGraph, nil)...)), "it has a subgraph"},
		{"subgraphs", node("Relu a -> b", attribute("body", appendMessage(nil, attributeGraphs, nil)...)), "it has subgraphs"},
		{"a path", node("Relu a -> b", attribute("file", text(4, "/etc/passwd")...)), "it has a text"},
		{"texts", node("Relu a -> b", attribute("files", text(9, "/etc/passwd")...)), "it has texts"},
		{"a tensor", node("Relu a -> b", attribute("value", appendMessage(nil, 5, elsewhere)...)), "it has a tensor"},
		{"a sparse tensor", node("Relu a -> b", attribute("value", appendMessage(nil, 22, nil)...)), "it has a sparse tensor"},
		{"a strange attribute", node("Relu a -> b", attribute("alpha")), `it has an attribute "alpha", must have none but []`},
		{"a field of newer formats", node("Relu a -> b", text(8, "overload")), "it has a field 8 of kind 2"},
		{"two operators in one", node("Relu a -> b", text(nodeOpType, "Loop")), "it has its field 4 twice"},
		{"sparse weights", hostile(15, nil), "the graph has sparse weights"},
		{"weights elsewhere", hostile(graphInitializer, elsewhere), `weights "w": it has its values in another file`},
		{"weights said to be elsewhere", hostile(graphInitializer, appendNumber(encodeTensor("w", elemTypeFloat, 4), 14, 1)), "in another file"},
		{"texts as weights", weights(8, 0), "it is of type 8, must be float32 (1) or int64 (7)"},
		{"too few values", weights(elemTypeFloat, 8, 3), "its dimensions do not fit the 8 bytes of its values"},
		{"too many values", weights(elemInt64, 32, 3), "do not fit the 32 bytes"},
		{"no values", weights(elemTypeFloat, 0), "do not fit the 0 bytes"},
		{"sizes that overflow", weights(elemTypeFloat, 0, 1<<63, 2), "do not fit"},
		{"sizes that overflow, then nothing", weights(elemTypeFloat, 0, 1<<63, 2, 0), "do not fit"},
		{"a negative size", weights(elemTypeFloat, 4, 1<<64-1), "do not fit"},
		{"too many dimensions", weights(elemTypeFloat, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1), "it has 9 dimensions, at most 8"},
		{"an input of texts", value(appendMessage(nil, typeTensor, appendNumber(nil, tensorElemType, 8))), `input or output "in": it is of type 8`},
		{"an input that is a sequence", value(appendMessage(nil, 4, nil)), "its type has a field 4"},
		{"training", append(appendMessage(nil, 20, nil), fine...), "the model has training information"},
		{"functions", append(appendMessage(nil, 25, nil), fine...), "the model has functions"},
		{"two graphs", append(appendMessage(nil, modelGraph, nil), fine...), "the model has its field 7 twice"},
		{"an old opset", sets(appendNumber(nil, opsetNumber, 6)), "operator set 6, must be 18"},
		{"a new opset", sets(appendNumber(nil, opsetNumber, 99)), "operator set 99, must be 18"},
		{"opset of another", sets(appendNumber(text(opsetDomain, "ai.onnx.ml"), opsetNumber, opset)), `operators of "ai.onnx.ml"`},
		{"no opset", appendMessage(nil, modelGraph, nil), "the model names 0 operator sets"},
		{"two opsets", append(sets(appendNumber(nil, opsetNumber, opset)), fine...), `operators of "", must be of "zellige"`},
		{"a new set of fused operators", append(fine, sets(appendNumber(text(opsetDomain, fusedDomain), opsetNumber, 2))...), "operator set 2, must be 1"},
		{"three opsets", slices.Concat(fine, sets(nil), sets(nil)), "the model names 3 operator sets"},
		{"cut short", fine[:len(fine)-1], "unexpected EOF"},
	}
	if err := trustModel(fine); err != nil {
		t.Errorf("a ReLU is refused: %v", err)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := trustModel(test.model)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one line with %q", err, test.want)
			}
		})
	}
}

// The exported graphs hold the operators that are trusted, each.
func TestOperatorsAreThoseOfTheExportedGraphs(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "testdata", "networks", "*.onnx.gz"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no networks: %v", err)
	}
	used := map[string]bool{}
	for _, model := range append(unpackAll(t, files), models.SqueezeNet, models.FusedSqueezeNet, models.Matching) {
		g, err := ParseGraph(model)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.trust(); err != nil {
			t.Error(err)
		}
		for _, n := range g.nodes {
			used[n.op] = true
		}
	}
	if got := slices.Sorted(maps.Keys(used)); !slices.Equal(got, slices.Sorted(maps.Keys(operators))) {
		t.Errorf("the exported graphs hold\n%q, trusted are\n%q", got, slices.Sorted(maps.Keys(operators)))
	}
}

func unpackAll(t *testing.T, files []string) (unpacked [][]byte) {
	t.Helper()
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(unzipped)
		if err != nil {
			t.Fatal(err)
		}
		unpacked = append(unpacked, data)
	}
	return unpacked
}

// FuzzTrust takes any bytes for a model. What is trusted has no operator but the listed
// ones, and parses.
func FuzzTrust(f *testing.F) {
	f.Add(contractModel().encode())
	f.Add(hostile(graphNode, encodeNode("Loop a -> b")))
	f.Add(hostile(graphInitializer, encodeTensor("w", elemTypeFloat, 24, 2, 3)))
	f.Add(models.Matching)
	f.Fuzz(func(t *testing.T, data []byte) {
		if trustModel(data) != nil || len(data) == 0 {
			return
		}
		g, err := ParseGraph(data)
		if err != nil {
			if strings.Contains(err.Error(), "it holds no graph") {
				return
			}
			t.Fatalf("trusted, but: %v", err)
		}
		for _, n := range g.nodes {
			if _, ok := operators[n.op]; !ok {
				t.Errorf("operator %q is trusted", n.op)
			}
		}
		for _, i := range g.initializers {
			for _, side := range readInitializer(i.body()).sides {
				if side > LargestModel {
					t.Errorf("weights of %d values along a side are trusted", side)
				}
			}
		}
	})
}

func BenchmarkTrust(b *testing.B) {
	for b.Loop() {
		if err := trustModel(models.SqueezeNet); err != nil {
			b.Fatal(err)
		}
	}
}
