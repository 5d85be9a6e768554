package runtime

import (
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
	attributes  string                          // that it may have
	least, most int                             // inputs
	sizes       func(*applied) ([]known, error) // of its outputs; nil of those for matching alone
}

// operators are those that are trusted. None reads a file, loops, or keeps a state.
var operators = map[string]operator{
	"Add":             {"", 2, 2, broadcastSizes},
	"ArgMax":          {attributes: "axis keepdims select_last_index"},
	"AveragePool":     {"kernel_shape strides", 1, 1, poolSizes},
	"Cast":            {"to", 1, 1, castSizes},
	"Clip":            {"", 1, 3, sameSizes},
	"Concat":          {"axis", 1, many, concatSizes},
	"Conv":            {"dilations group pads strides", 2, 3, convSizes},
	"ConvTranspose":   {"dilations group pads strides", 2, 3, convTransposeSizes},
	"Div":             {"", 2, 2, broadcastSizes},
	"Equal":           {"", 2, 2, broadcastSizes},
	"Expand":          {"", 2, 2, expandSizes},
	"Gather":          {"axis", 2, 2, gatherSizes},
	"Gemm":            {"alpha transA transB", 2, 3, gemmSizes},
	"GreaterOrEqual":  {"", 2, 2, broadcastSizes},
	"HardSigmoid":     {"alpha beta", 1, 1, sameSizes},
	"Identity":        {"", 1, 1, sameSizes},
	"LeakyRelu":       {"alpha", 1, 1, sameSizes},
	"Max":             {"", 1, many, broadcastSizes},
	"MaxPool":         {"ceil_mode dilations kernel_shape pads strides", 1, 1, poolSizes},
	"Min":             {"", 1, many, broadcastSizes},
	"Mod":             {"", 2, 2, broadcastSizes},
	"Mul":             {"", 2, 2, broadcastSizes},
	"Pad":             {"", 2, 3, padSizes},
	"Range":           {"", 3, 3, rangeSizes},
	"ReduceMax":       {attributes: "keepdims"},
	"ReduceSum":       {attributes: "keepdims"},
	"ReduceSumSquare": {"keepdims", 1, 1, reduceSizes},
	"Relu":            {"", 1, 1, sameSizes},
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
	sets := 0
	err := modelSchema.each(model, func(number protowire.Number, bytes []byte, _ uint64) error {
		switch number {
		case modelGraph:
			return trustGraph(bytes)
		case modelOpset:
			sets++
			return trustOpset(bytes)
		}
		return nil
	})
	if err == nil && sets != 1 {
		return fmt.Errorf("the model names %d operator sets, must name one", sets)
	}
	return err
}

func trustOpset(message []byte) error {
	version := uint64(0)
	err := opsetSchema.each(message, func(number protowire.Number, bytes []byte, value uint64) error {
		if number == opsetDomain {
			return trustDomain(bytes)
		}
		version = value
		return nil
	})
	if err == nil && version != opset {
		return fmt.Errorf("operator set %d, must be %d", version, opset)
	}
	return err
}

func trustDomain(domain []byte) error {
	if len(domain) > 0 && string(domain) != "ai.onnx" {
		return fmt.Errorf("operators of %.40q, must be ONNX's own", domain)
	}
	return nil
}

func trustGraph(message []byte) error {
	nodes := 0
	return graphSchema.each(message, func(number protowire.Number, bytes []byte, _ uint64) error {
		switch number {
		case graphNode:
			if nodes++; nodes > mostNodes {
				return fmt.Errorf("the graph has more than %d nodes", mostNodes)
			}
			return trustNode(bytes, nodes-1)
		case graphInitializer:
			return trustTensor(bytes)
		case graphInput, graphOutput:
			return trustValue(bytes)
		}
		return nil
	})
}

// trustNode checks the node that is the index-th of the graph.
func trustNode(message []byte, index int) error {
	var name, op string
	var attributes [][]byte
	err := nodeSchema.each(message, func(number protowire.Number, bytes []byte, _ uint64) error {
		switch number {
		case nodeName:
			name = string(bytes)
		case nodeOpType:
			op = string(bytes)
		case nodeDomain:
			return trustDomain(bytes)
		case nodeAttribute:
			attributes = append(attributes, bytes)
		}
		return nil
	})
	allowed, known := operators[op]
	if err == nil && !known {
		err = fmt.Errorf("this operator is none that scripts/export_network.py writes")
	}
	for _, a := range attributes {
		if err == nil {
			err = trustAttribute(a, strings.Fields(allowed.attributes))
		}
	}
	if err != nil {
		return fmt.Errorf("node %d %.60q (%.40q): %w", index, name, op, err)
	}
	return nil
}

func trustAttribute(message []byte, allowed []string) error {
	var name string
	err := attributeSchema.each(message, func(number protowire.Number, bytes []byte, _ uint64) error {
		if number == attributeName {
			name = string(bytes)
		}
		return nil
	})
	if err == nil && !slices.Contains(allowed, name) {
		return fmt.Errorf("it has an attribute %.40q, must have none but %q", name, allowed)
	}
	return err
}

// trustTensor rejects an initialiser whose values are not in it: all of them, and no more.
func trustTensor(message []byte) error {
	var name string
	var kind, size uint64 = 0, 1
	var sides, stored int
	overflows := false
	err := tensorSchema.each(message, func(number protowire.Number, bytes []byte, value uint64) error {
		switch number {
		case initializerName:
			name = string(bytes)
		case tensorType:
			kind = value
		case tensorRaw:
			stored = len(bytes)
		case initializerDims:
			high, low := bits.Mul64(size, value)
			size, sides, overflows = low, sides+1, overflows || high > 0 || low > LargestModel
		}
		return nil
	})
	each := map[uint64]uint64{elemTypeFloat: 4, elemInt64: 8}[kind]
	switch {
	case err != nil:
	case each == 0:
		err = fmt.Errorf("it is of type %d, must be float32 (%d) or int64 (%d)", kind, elemTypeFloat, elemInt64)
	case sides > mostSides:
		err = fmt.Errorf("it has %d dimensions, at most %d", sides, mostSides)
	case overflows || size*each != uint64(stored):
		err = fmt.Errorf("its dimensions do not fit the %d bytes of its values", stored)
	}
	if err != nil {
		return fmt.Errorf("weights %.60q: %w", name, err)
	}
	return nil
}

// trustValue checks an input or output of the graph.
func trustValue(message []byte) error {
	var name string
	err := valueSchema.each(message, func(number protowire.Number, bytes []byte, _ uint64) error {
		if number == valueInfoName {
			name = string(bytes)
			return nil
		}
		return typeSchema.each(bytes, func(_ protowire.Number, tensor []byte, _ uint64) error {
			return tensorTypeSchema.each(tensor, func(number protowire.Number, _ []byte, kind uint64) error {
				if number == tensorElemType && kind != elemTypeFloat && kind != elemInt64 {
					return fmt.Errorf("it is of type %d, must be float32 (%d) or int64 (%d)", kind, elemTypeFloat, elemInt64)
				}
				return nil
			})
		})
	})
	if err != nil {
		return fmt.Errorf("input or output %.60q: %w", name, err)
	}
	return nil
}
