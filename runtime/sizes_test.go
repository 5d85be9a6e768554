package runtime

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// sizedModel is a model of nodes in words, "Op a b name=1,2 -> c", with integers as
// inputs written as [1,2], a single one as 1, and weights of zeros as <4,3,3,3>. It reads
// image and gives y.
func sizedModel(words ...string) []byte {
	var graph []byte
	for _, line := range words {
		call, outputs, _ := strings.Cut(line, " -> ")
		op, reads, _ := strings.Cut(call, " ")
		node := appendMessage(nil, nodeOpType, []byte(op))
		if slices.Contains(fusedOperators, op) {
			node = appendMessage(node, nodeDomain, []byte(fusedDomain))
		}
		for _, word := range strings.Fields(reads) {
			if name, values, ok := strings.Cut(word, "="); ok {
				node = appendMessage(node, nodeAttribute, encodeInts(name, numbersIn(values)))
				continue
			}
			node = appendMessage(node, nodeInput, []byte(strings.Trim(word, "_")))
			if strings.ContainsAny(word, "[<0123456789") {
				graph = appendMessage(graph, graphInitializer, encodeConstant(word))
			}
		}
		for _, name := range strings.Fields(outputs) {
			node = appendMessage(node, nodeOutput, []byte(name))
		}
		graph = appendMessage(graph, graphNode, node)
	}
	graph = appendMessage(graph, 2, []byte("sizes"))
	graph = appendMessage(graph, graphInput, floats("image").body())
	graph = appendMessage(graph, graphOutput, floats("y").body())
	model := appendMessage(appendNumber(nil, 1, 9), modelOpset, appendNumber(nil, opsetNumber, opset))
	own := appendNumber(appendMessage(nil, opsetDomain, []byte(fusedDomain)), opsetNumber, fusedOpset)
	model = appendMessage(model, modelOpset, own)
	return appendMessage(model, modelGraph, graph)
}

func numbersIn(words string) (numbers []int64) {
	for _, word := range strings.Split(strings.Trim(words, "[]<>"), ",") {
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			panic(err)
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// encodeInts is an attribute.
func encodeInts(name string, values []int64) []byte {
	message := appendMessage(nil, attributeName, []byte(name))
	field, kind := protowire.Number(attributeInt), uint64(2)
	if slices.Contains([]string{"pads", "strides", "dilations", "kernel_shape", "perm"}, name) {
		field, kind = attributeInts, 7
	}
	for _, v := range values {
		message = appendNumber(message, field, uint64(v))
	}
	return appendNumber(message, attributeType, kind)
}

func encodeConstant(word string) []byte {
	tensor, numbers := appendMessage(nil, initializerName, []byte(word)), numbersIn(word)
	dims, kind, raw := []int64{int64(len(numbers))}, uint64(elemInt64), []byte{}
	if strings.HasPrefix(word, "<") {
		size := int64(4)
		for _, n := range numbers {
			size *= n
		}
		dims, kind, raw = numbers, elemTypeFloat, make([]byte, size)
	} else {
		for _, n := range numbers {
			raw = binary.LittleEndian.AppendUint64(raw, uint64(n))
		}
	}
	if strings.HasPrefix(word, "[") || kind == elemTypeFloat {
		for _, side := range dims {
			tensor = appendNumber(tensor, initializerDims, uint64(side))
		}
	}
	return appendMessage(appendNumber(tensor, tensorType, kind), tensorRaw, raw)
}

// sized are graphs of an image [1][3][9][14], and the sides of what they give.
var sized = []struct {
	name  string
	words []string
	sides []int64
}{
	{"Add", []string{"Add image <3,1,14> -> y"}, []int64{1, 3, 9, 14}},
	{"Sum, Min, Max", []string{"Sum image <3,1,1> <1,1,1,1,1> -> a", "Min a <1> -> b", "Max b <1> -> y"}, []int64{1, 1, 3, 9, 14}},
	{"Equal, GreaterOrEqual, Cast", []string{"Equal image <14> -> a", "Cast a to=1 -> b", "GreaterOrEqual b image -> c", "Cast c to=1 -> y"}, []int64{1, 3, 9, 14}},
	{"Clip, Relu, Sigmoid", []string{"Relu image -> a", "Clip a _ _ -> b", "Sigmoid b -> c", "LeakyRelu c -> d", "HardSigmoid d -> e", "Identity e -> y"}, []int64{1, 3, 9, 14}},
	{"Concat", []string{"Concat image image axis=-3 -> y"}, []int64{1, 6, 9, 14}},
	{"Conv", []string{"Conv image <6,1,3,2> strides=2,3 pads=1,0,2,1 dilations=2,1 group=3 -> y"}, []int64{1, 6, 4, 5}},
	{"ConvTranspose", []string{"ConvTranspose image <3,2,3,2> strides=2,3 pads=1,0,2,1 dilations=1,2 -> y"}, []int64{1, 2, 16, 41}},
	{"MaxPool", []string{"MaxPool image kernel_shape=3,2 strides=2,3 pads=1,0,1,0 -> y"}, []int64{1, 3, 5, 5}},
	{"MaxPool, rounded up", []string{"MaxPool image kernel_shape=2,3 strides=2,3 ceil_mode=1 -> y"}, []int64{1, 3, 5, 5}},
	{"MaxPool, rounded up not behind", []string{"MaxPool image kernel_shape=1,2 strides=5,4 ceil_mode=1 pads=0,1,0,1 -> y"}, []int64{1, 3, 2, 4}},
	{"MaxPool of less than a window", []string{"Slice image [0] [2] [3] -> a", "MaxPool a kernel_shape=1,3 strides=1,2 ceil_mode=1 -> y"}, []int64{1, 3, 9, 1}},
	{"AveragePool", []string{"AveragePool image kernel_shape=2,2 strides=2,2 -> y"}, []int64{1, 3, 4, 7}},
	{"Difference", []string{"Difference image <1,3,9,14> <1> -> a y"}, nil},
	{"Difference of means", []string{"Difference image <1,3,4,7> <1> size=2 -> y a"}, []int64{1, 3, 9, 14}},
	{"ImageGradient", []string{"ImageGradient <1,4,4,6> <4,3,3,3> image -> y"}, []int64{1, 3, 9, 14}},
	{"MaxPoolGradient", []string{"MaxPoolGradient image <1,3,4,7> <3,28> -> y"}, []int64{1, 3, 9, 14}},
	{"ReluGradient", []string{"ReluGradient image <3,126> image -> y"}, []int64{1, 3, 9, 14}},
	{"ReluGradient in halves", []string{"ReluGradient <1,6,9,14> <6,126> -> a y"}, []int64{1, 3, 9, 14}},
	{"Expand", []string{"Expand image [2,1,1,1,14] -> y"}, []int64{2, 1, 3, 9, 14}},
	{"Gather", []string{"Gather image [2,1,0,0] axis=1 -> y"}, []int64{1, 4, 9, 14}},
	{"Gemm", []string{"Reshape image [3,-1] -> a", "Gemm a a transB=1 -> b", "Gemm b a transA=1 -> y"}, []int64{3, 126}},
	{"Pad", []string{"Pad image [0,0,2,-1,0,1,-3,4] -> y"}, []int64{1, 4, 8, 17}},
	{"Range", []string{"Shape image start=3 end=4 -> w", "Squeeze w -> s", "Range 2 s 5 -> r", "Mul r [3] -> m", "Cast m to=1 -> y"}, []int64{3}},
	{"Range backwards", []string{"Range 9 0 -2 -> r", "Cast r to=1 -> y"}, []int64{5}},
	{"arithmetic", []string{"Shape image start=2 -> s", "Div s [2,3] -> d", "Mod s [4,5] -> m", "Sub d m -> e", "Max e [1] -> f", "Add f [1] -> g",
		"Concat [1,1] g axis=0 -> t", "Expand <1> t -> y"}, []int64{1, 1, 4, 2}},
	{"ReduceSumSquare", []string{"ReduceSumSquare image keepdims=0 -> y"}, nil},
	{"Reshape", []string{"Reshape image [0,-1,7] -> y"}, []int64{1, 54, 7}},
	{"Slice", []string{"Slice image [-1,1] [-2147483647,12] [2,-1] [-1,3] -> y"}, []int64{1, 3, 9, 4}},
	{"Split", []string{"Split image [4,9,1] axis=3 -> a y b"}, []int64{1, 3, 9, 9}},
	{"Split evenly", []string{"Split image axis=3 num_outputs=4 -> a b c y"}, []int64{1, 3, 9, 2}},
	{"Squeeze, Unsqueeze", []string{"Squeeze image [0] -> a", "Unsqueeze a [0,-1] -> b", "Squeeze b -> c", "Unsqueeze c [1] -> y"}, []int64{3, 1, 9, 14}},
	{"Transpose", []string{"Transpose image perm=2,0,3,1 -> y"}, []int64{9, 1, 14, 3}},
}

func sizesOf(t testing.TB, want []int64, most float64, words ...string) error {
	t.Helper()
	model := sizedModel(words...)
	if err := trustModel(model); err != nil {
		t.Fatal(err)
	}
	g, err := ParseGraph(model)
	if err != nil {
		t.Fatal(err)
	}
	var outputs map[string][]int64
	if want != nil {
		outputs = map[string][]int64{"y": want}
	}
	return g.checkSizes(map[string][]int64{"image": {1, 3, 9, 14}}, outputs, most)
}

func TestSizes(t *testing.T) {
	ruled := map[string]bool{}
	for _, test := range sized {
		for _, line := range test.words {
			op, _, _ := strings.Cut(line, " ")
			ruled[op] = true
		}
		if err := sizesOf(t, slices.Concat([]int64{}, test.sides), 1<<20, test.words...); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	for op, o := range operators {
		if o.sizes != nil && !ruled[op] {
			t.Errorf("no size of %s is compared", op)
		}
	}
}

// Graphs of trusted operators that would take far more than the image, or end the process.
func TestHostileSizes(t *testing.T) {
	const far, misfit, unknown = "with it the maps take more than 1 MiB", "does not fit together", "depends on the picture's values"
	for _, test := range []struct{ want, words string }{
		{far, "Expand image [100000,3,9,14] -> y"},
		{far, "Expand <1> [1000000000] -> y"}, // before any picture is there
		{far, "Pad image [0,0,100000,0,0,0,0,0] -> y"},
		{misfit, "Pad image [0,0,-100,0,0,0,0,0] -> y"},
		{unknown, "Pad image [0,0,4294967297,0,0,0,0,0] -> y"},
		{far, "Range 0 1000000 1 -> y"},
		{far, "Range 0 -1000000000 -1 -> y"},
		{misfit, "Range 0 1 0 -> y"},
		{far, "Range 0 2000000000 1 -> a; Cast a to=1 -> y"},
		{far, "Conv image <100000,3,1,1> -> y"},
		{far, "Conv image <16,3,1,1> pads=5000,5000,5000,5000 -> y"},
		{misfit, "Conv image <16,3,1,1> pads=0,0,9223372036854775807,0 -> y"},
		{far, "ConvTranspose image <3,16,1,1> strides=5000,1 -> y"},
		{misfit, "ConvTranspose image <3,1,1,1> strides=1,4611686018427387904 -> y"},
		{far, "MaxPool image kernel_shape=9000,9000 pads=8999,8999,8999,8999 -> y"},
		{misfit, "MaxPool image kernel_shape=3,0 -> y"},
		{misfit, "MaxPool image kernel_shape=3,3 strides=0,1 -> y"},
		{misfit, "AveragePool image kernel_shape=10,10 -> y"},
		{far, "Concat " + strings.Repeat("image ", 999) + "axis=1 -> y"},
		{far, "Reshape image [-1,1] -> a; Reshape image [1,-1] -> b; Mul a b -> c; Mul c c -> y"},
		{far, "Reshape image [-1,1] -> a; Gemm a a transB=1 -> b; Concat b b b b axis=0 -> y"},
		{far, "Sub image <10000,1,1,1,1> -> y"},
		{far, "Expand [0] [10000000] -> a; Gather image a -> y"},
		{unknown, "Shape image -> s; Cast image to=7 -> a; Reshape a [-1] -> b; Expand image b -> y"},
		{unknown, "Cast image to=7 -> a; Slice image a a a -> y"},
		{unknown, "Cast image to=7 -> a; Div a a -> y"}, // a division by zero would end the process
		{unknown, "Shape image -> s; Mod s [0] -> y"},
		{unknown, "Shape image -> s; Div s [-1] -> y"},
		{unknown, "ReduceSum image -> y"}, // of the graph that matches
		{misfit, "Cast image to=11 -> y"},
		{misfit, "Mul image -> y"},
		{misfit, "Mul image nothing -> y"},
		{misfit, "Mul image _ -> y"},
		{misfit, "Mul image <9> -> y"},
		{misfit, "Relu image -> y z"},
		{misfit, "Reshape image [0,0,0,0,0] -> y"},
		{misfit, "Reshape image [-1,-1] -> y"},
		{misfit, "Reshape image [1000] -> y"},
		{misfit, "Slice image [0] [1] [9] -> y"},
		{misfit, "Slice image [0] [1] [0] [0] -> y"},
		{misfit, "Split image [1] axis=9 -> y"},
		{misfit, "Unsqueeze image [0,0] -> y"},
		{misfit, "Unsqueeze image [0,1,2,3,4] -> y"},
		{misfit, "Squeeze image [1] -> y"},
		{misfit, "Transpose image perm=0,0,1,2 -> y"},
		{misfit, "Shape image start=3 end=1 -> y"},
		{misfit, "Gemm image image -> y"},
		{unknown, "Shape image -> s; Mul s s -> a; Mul a a -> b; Mul b b -> c; Mul c c -> d; Mul d d -> e; Mul e e -> f; Expand image f -> y"},
	} {
		err := sizesOf(t, nil, 1<<20, strings.Split(test.words, "; ")...)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.80s: error %v, want %q", test.words, err, test.want)
		}
	}
	if err := sizesOf(t, []int64{1, 3, 9, 15}, 1<<20, "Relu image -> y"); err == nil || !strings.Contains(err.Error(), "its output has sides [1 3 9 14], must have [1 3 9 15]") {
		t.Errorf("an output of other sides: %v", err)
	}
}

// FuzzSizes takes any bytes for a model: whatever is trusted has sizes, or has none, within
// bounds that no arithmetic leaves.
func FuzzSizes(f *testing.F) {
	for _, s := range sized {
		f.Add(sizedModel(s.words...))
	}
	f.Add(sizedModel("Shape image -> s", "Mul s [2147483647] -> t", "Expand image t -> y"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if trustModel(data) != nil {
			return
		}
		g, err := ParseGraph(data)
		if err != nil {
			return
		}
		tensors := map[string]*known{"image": {sides: []int64{1, 3, 9, 14}}}
		for _, i := range g.initializers {
			tensors[i.name] = readInitializer(i.body())
		}
		for _, n := range g.nodes {
			outputs, scratch, _ := n.foresee(tensors)
			for o, y := range outputs {
				if bytes := y.bytes() + scratch; !(bytes >= 0) || math.IsInf(bytes, 0) || len(y.sides) > 64 {
					t.Fatalf("%s gives %v", n.op, y)
				}
				tensors[n.outputs[o]] = &y
			}
		}
	})
}
