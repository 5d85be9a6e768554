package runtime

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// LargestModel is how large the file of a model may be, in bytes. That of VGG-19 with its
// gradient has 80 MB.
const LargestModel = 1 << 30

const (
	opset     = 18     // that the exporters write
	mostNodes = 50_000 // DenseNet-121 with its gradient has 2,615
	mostSides = 8      // of a tensor
	elemInt64 = 7
	untrusted = "it holds what zellige does not run: "
)

// operator is one that the exporters write.
type operator struct {
	attributes  string                 // that it may have
	least, most int                    // inputs
	sizes       func(*applied) []known // of its outputs; nil of those for matching alone
}

// operators are those that are trusted. None reads a file, loops, or keeps a state.
var operators = map[string]operator{
	"Add":             {"", 2, 2, broadcastSizes},
	"AveragePool":     {"kernel_shape strides", 1, 1, poolSizes},
	"Cast":            {"to", 1, 1, castSizes},
	"Clip":            {"", 1, 3, sameSizes},
	"Concat":          {"axis", 1, many, concatSizes},
	"Conv":            {"dilations group pads strides", 2, 3, convSizes},
	"ConvTranspose":   {"dilations group pads strides", 2, 3, convTransposeSizes},
	"Difference":      {"size", 3, 3, differenceSizes},
	"Div":             {"", 2, 2, broadcastSizes},
	"Equal":           {"", 2, 2, broadcastSizes},
	"Expand":          {"", 2, 2, expandSizes},
	"Gather":          {"axis", 2, 2, gatherSizes},
	"Gemm":            {"alpha transA transB", 2, 3, gemmSizes},
	"GreaterOrEqual":  {"", 2, 2, broadcastSizes},
	"HardSigmoid":     {"alpha beta", 1, 1, sameSizes},
	"Identity":        {"", 1, 1, sameSizes},
	"ImageGradient":   {"", 3, 3, imageGradientSizes},
	"LeakyRelu":       {"alpha", 1, 1, sameSizes},
	"Max":             {"", 1, many, broadcastSizes},
	"MaxPool":         {"ceil_mode dilations kernel_shape pads strides", 1, 1, poolSizes},
	"MaxPoolGradient": {"", 3, 3, sameSizes},
	"Min":             {"", 1, many, broadcastSizes},
	"Mod":             {"", 2, 2, broadcastSizes},
	"Mul":             {"", 2, 2, broadcastSizes},
	"Pad":             {"", 2, 3, padSizes},
	"Range":           {"", 3, 3, rangeSizes},
	"ReduceSum":       {attributes: "keepdims"},
	"ReduceSumSquare": {"keepdims", 1, 1, reduceSizes},
	"Relu":            {"", 1, 1, sameSizes},
	"ReluGradient":    {"", 2, many, reluGradientSizes},
	"Reshape":         {"", 2, 2, reshapeSizes},
	"Shape":           {"end start", 1, 1, shapeSizes},
	"Sigmoid":         {"", 1, 1, sameSizes},
	"Slice":           {"", 3, 5, sliceSizes},
	"Split":           {"axis num_outputs", 1, 2, splitSizes},
	"Sqrt":            {attributes: ""},
	"Squeeze":         {"", 1, 2, squeezeSizes},
	"Sub":             {"", 2, 2, broadcastSizes},
	"Sum":             {"", 1, many, broadcastSizes},
	"Transpose":       {"perm", 1, 1, transposeSizes},
	"Unsqueeze":       {"", 2, 2, unsqueezeSizes},
}

// trust rejects a model that holds anything but what the exporters write. The error names
// the node or the tensor.
func (g *Graph) trust() error {
	if err := trustModel(g.data); err != nil {
		return fmt.Errorf(untrusted+"%w", err)
	}
	return nil
}

func trustModel(model []byte) error {
	if len(model) > LargestModel {
		return fmt.Errorf("the model has %d bytes, at most %d are read", len(model), LargestModel)
	}
	f, err := modelSchema.read(model)
	if err != nil {
		return err
	}
	if n := len(f[modelOpset]); n != 1 && n != 2 {
		return fmt.Errorf("the model names %d operator sets, must name ONNX's own, and may name that of fused operators", n)
	}
	return cmp.Or(f.each(modelOpset, trustOpset), trustGraph(f.one(modelGraph).bytes))
}

// trustOpset: the first is ONNX's own.
func trustOpset(message []byte, index int) error {
	f, err := opsetSchema.read(message)
	if err != nil {
		return err
	}
	want := uint64(opset)
	if index > 0 {
		want = fusedOpset
	}
	if version := f.one(opsetNumber).number; version != want {
		err = fmt.Errorf("operator set %d, must be %d", version, want)
	}
	return cmp.Or(f.trustDomain(opsetDomain, index > 0), err)
}

func (f fields) trustDomain(number protowire.Number, fused bool) error {
	domain := f.text(number)
	if fused && domain != fusedDomain {
		return fmt.Errorf("operators of %.40q, must be of %q", domain, fusedDomain)
	}
	if !fused && domain != "" && domain != "ai.onnx" {
		return fmt.Errorf("operators of %.40q, must be ONNX's own", domain)
	}
	return nil
}

func trustGraph(message []byte) error {
	f, err := graphSchema.read(message)
	if err != nil {
		return err
	}
	if len(f[graphNode]) > mostNodes {
		return fmt.Errorf("the graph has more than %d nodes", mostNodes)
	}
	return cmp.Or(f.each(graphNode, trustNode), f.each(graphInitializer, trustTensor),
		f.each(graphInput, trustValue), f.each(graphOutput, trustValue))
}

func trustNode(message []byte, index int) error {
	f, err := nodeSchema.read(message)
	if err == nil {
		err = f.trustOperator()
	}
	if err != nil {
		return fmt.Errorf("node %d %.60q (%.40q): %w", index, f.text(nodeName), f.text(nodeOpType), err)
	}
	return nil
}

// trustOperator is about the fields of a node.
func (f fields) trustOperator() error {
	if err := f.trustDomain(nodeDomain, slices.Contains(fusedOperators, f.text(nodeOpType))); err != nil {
		return err
	}
	operator, known := operators[f.text(nodeOpType)]
	if !known {
		return errors.New("this operator is none that scripts/export_network.py writes")
	}
	allowed := strings.Fields(operator.attributes)
	return f.each(nodeAttribute, func(message []byte, _ int) error {
		a, err := attributeSchema.read(message)
		if name := a.text(attributeName); err == nil && !slices.Contains(allowed, name) {
			return fmt.Errorf("it has an attribute %.40q, must have none but %q", name, allowed)
		}
		return err
	})
}

// trustTensor rejects an initialiser whose values are not in it: all of them, and no more.
func trustTensor(message []byte, _ int) error {
	f, err := tensorSchema.read(message)
	if err == nil {
		err = f.trustValues()
	}
	if err != nil {
		return fmt.Errorf("weights %.60q: %w", f.text(initializerName), err)
	}
	return nil
}

// trustValues is about the fields of an initialiser.
func (f fields) trustValues() error {
	kind, stored, overflows := f.one(tensorType).number, len(f.one(tensorRaw).bytes), false
	size := map[uint64]uint64{elemTypeFloat: 4, elemInt64: 8}[kind]
	if size == 0 {
		return fmt.Errorf("it is of type %d, must be float32 (%d) or int64 (%d)", kind, elemTypeFloat, elemInt64)
	}
	sides := f[initializerDims]
	if len(sides) > mostSides {
		return fmt.Errorf("it has %d dimensions, at most %d", len(sides), mostSides)
	}
	for _, side := range sides {
		high, low := bits.Mul64(size, side.number)
		size, overflows = low, overflows || high > 0 || low > LargestModel
	}
	if overflows || size != uint64(stored) {
		return fmt.Errorf("its dimensions do not fit the %d bytes of its values", stored)
	}
	return nil
}

// trustValue checks an input or output of the graph.
func trustValue(message []byte, _ int) error {
	f, err := valueSchema.read(message)
	if err == nil {
		err = f.each(valueInfoType, trustType)
	}
	if err != nil {
		return fmt.Errorf("input or output %.60q: %w", f.text(valueInfoName), err)
	}
	return nil
}

func trustType(message []byte, _ int) error {
	f, err := typeSchema.read(message)
	if err != nil {
		return err
	}
	return f.each(typeTensor, func(tensor []byte, _ int) error {
		f, err := tensorTypeSchema.read(tensor)
		kind := f.one(tensorElemType).number
		if err == nil && len(f[tensorElemType]) > 0 && kind != elemTypeFloat && kind != elemInt64 {
			return fmt.Errorf("it is of type %d, must be float32 (%d) or int64 (%d)", kind, elemTypeFloat, elemInt64)
		}
		return err
	})
}
