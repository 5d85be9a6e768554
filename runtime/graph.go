package runtime

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of onnx.proto, as far as cutting a graph needs them.
const (
	modelGraph    = 7
	modelMetadata = 14

	graphNode        = 1
	graphInitializer = 5
	graphInput       = 11
	graphOutput      = 12
	graphValueInfo   = 13

	nodeInput     = 1
	nodeOutput    = 2
	nodeName      = 3
	nodeOpType    = 4
	nodeAttribute = 5

	attributeGraph  = 6
	attributeGraphs = 11

	initializerDims = 1
	initializerName = 8
	valueInfoName   = 1
	valueInfoType   = 2
	typeTensor      = 1
	tensorElemType  = 1
	elemTypeFloat   = 1
	metadataKey     = 1
	metadataValue   = 2
)

// Graph is an ONNX model taken apart just far enough to cut it: the pieces stay
// the bytes they were, and only names and operator types are read.
type Graph struct {
	data         []byte // the whole model, nil if it was cut
	head         []byte // model fields that are neither graph nor metadata
	graphHead    []byte // graph fields that are kept as they are
	nodes        []node
	initializers []named
	inputs       []named
	outputs      []named
	values       []named // types of tensors between nodes
	metadata     map[string]string
}

// node is one operator: the names it reads and writes.
type node struct {
	raw     []byte
	op      string
	inputs  []string
	outputs []string
}

// named is a message that carries a name: an initialiser or a value's type.
type named struct {
	raw  []byte
	name string
}

// ParseGraph reads an ONNX model. The result refers to data, which must not be
// changed. The error says what is wrong with bytes that are no whole model.
func ParseGraph(data []byte) (*Graph, error) {
	if len(data) == 0 {
		return nil, errors.New("the file is empty")
	}
	g := &Graph{data: data, metadata: map[string]string{}}
	sawGraph := false
	err := eachField(data, func(f field) error {
		switch f.number {
		case modelGraph:
			sawGraph = true
			return g.readGraph(f.value)
		case modelMetadata:
			return g.readMetadata(f)
		}
		g.head = append(g.head, f.raw...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("not a whole ONNX model: %w", err)
	}
	if !sawGraph {
		return nil, errors.New("not an ONNX model: it holds no graph")
	}
	return g, nil
}

func (g *Graph) readGraph(data []byte) error {
	return eachField(data, func(f field) error {
		switch f.number {
		case graphNode:
			n, err := parseNode(f)
			g.nodes = append(g.nodes, n)
			return err
		case graphInitializer:
			return appendNamed(&g.initializers, f, initializerName)
		case graphInput:
			return appendNamed(&g.inputs, f, valueInfoName)
		case graphOutput:
			return appendNamed(&g.outputs, f, valueInfoName)
		case graphValueInfo:
			return appendNamed(&g.values, f, valueInfoName)
		}
		g.graphHead = append(g.graphHead, f.raw...)
		return nil
	})
}

func (g *Graph) readMetadata(f field) error {
	key, value, err := metadataEntry(f)
	g.metadata[key] = value
	return err
}

// metadataEntry reads a field of the model; one that is no metadata has no key.
func metadataEntry(f field) (key, value string, err error) {
	if f.number != modelMetadata {
		return "", "", nil
	}
	err = eachField(f.value, func(f field) error {
		switch f.number {
		case metadataKey:
			key = string(f.value)
		case metadataValue:
			value = string(f.value)
		}
		return nil
	})
	return key, value, err
}

func parseNode(f field) (node, error) {
	n := node{raw: f.raw}
	err := eachField(f.value, func(f field) error {
		switch f.number {
		case nodeInput:
			n.inputs = append(n.inputs, string(f.value))
		case nodeOutput:
			n.outputs = append(n.outputs, string(f.value))
		case nodeOpType:
			n.op = string(f.value)
		case nodeAttribute:
			return refuseSubgraph(f.value)
		}
		return nil
	})
	return n, err
}

// refuseSubgraph rejects control flow: names inside a subgraph may refer to the
// outer graph, so cutting would have to follow them.
func refuseSubgraph(attribute []byte) error {
	return eachField(attribute, func(f field) error {
		if f.number == attributeGraph || f.number == attributeGraphs {
			return errors.New("operators with subgraphs (If, Loop, Scan) are not supported")
		}
		return nil
	})
}

func appendNamed(list *[]named, f field, nameField protowire.Number) error {
	n := named{raw: f.raw}
	err := eachField(f.value, func(f field) error {
		if f.number == nameField {
			n.name = string(f.value)
		}
		return nil
	})
	*list = append(*list, n)
	return err
}

// field is one protobuf field. Everything that is read here is length-delimited;
// a field of another kind has number 0, so that it is kept and never understood.
type field struct {
	number protowire.Number
	raw    []byte // all of it, with its tag
	value  []byte // what it holds
}

// eachField calls visit for the fields of a protobuf message in order.
func eachField(message []byte, visit func(field) error) error {
	return eachOfAnyKind(message, func(number protowire.Number, kind protowire.Type, raw, value []byte) error {
		f := field{raw: raw}
		if kind == protowire.BytesType {
			f.number = number
			f.value, _ = protowire.ConsumeBytes(value)
		}
		return visit(f)
	})
}

// eachOfAnyKind calls visit for the fields of a protobuf message in order, with all of a
// field and with what stands behind its tag.
func eachOfAnyKind(message []byte, visit func(number protowire.Number, kind protowire.Type, raw, value []byte) error) error {
	for len(message) > 0 {
		number, kind, tag := protowire.ConsumeTag(message)
		if tag < 0 {
			return protowire.ParseError(tag)
		}
		size := protowire.ConsumeFieldValue(number, kind, message[tag:])
		if size < 0 {
			return protowire.ParseError(size)
		}
		if err := visit(number, kind, message[:tag+size], message[tag:tag+size]); err != nil {
			return err
		}
		message = message[tag+size:]
	}
	return nil
}

func namesOf(list []named) []string {
	var names []string
	for _, n := range list {
		names = append(names, n.name)
	}
	return names
}
