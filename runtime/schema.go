package runtime

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// A model comes from anywhere, and ONNX Runtime believes what it reads: that weights lie in
// another file, that an operator loops, that a tensor has a thousand dimensions. So a model
// may hold what the exporters write and nothing else, field by field of onnx.proto.

// schema lists the fields that a protobuf message may have.
type schema struct {
	of     string // what the message is
	fields map[protowire.Number]rule
	others map[protowire.Number]string // known fields that are refused, in words
}

// rule says how a field is written. A field that comes twice is one whose halves ONNX
// Runtime may put together otherwise than we do.
type rule struct {
	kind protowire.Type
	many bool // it may come more than once
}

var (
	oneMessage = rule{kind: protowire.BytesType} // or a text
	messages   = rule{protowire.BytesType, true}
	oneNumber  = rule{kind: protowire.VarintType}
	numbers    = rule{protowire.VarintType, true}
)

// Field numbers of onnx.proto beside those that cutting needs.
const (
	modelOpset  = 8
	opsetDomain = 1
	opsetNumber = 2

	nodeDomain = 7

	attributeName  = 1
	attributeInt   = 3
	attributeInts  = 8
	attributeFloat = 2
	attributeType  = 20

	tensorType = 2
	tensorRaw  = 9
)

var (
	modelSchema = schema{"the model", map[protowire.Number]rule{
		1: oneNumber, 2: oneMessage, 3: oneMessage, // of the format, producer and its version
		modelGraph: oneMessage, modelOpset: messages, modelMetadata: messages,
	}, map[protowire.Number]string{20: "training information", 25: "functions"}}

	opsetSchema = schema{"the operator set", map[protowire.Number]rule{opsetDomain: oneMessage, opsetNumber: oneNumber}, nil}

	graphSchema = schema{"the graph", map[protowire.Number]rule{
		2:         oneMessage, // name
		graphNode: messages, graphInitializer: messages, graphInput: messages, graphOutput: messages,
	}, map[protowire.Number]string{15: "sparse weights", 14: "quantization"}}

	nodeSchema = schema{"it", map[protowire.Number]rule{
		nodeInput: messages, nodeOutput: messages, nodeName: oneMessage, nodeOpType: oneMessage, nodeAttribute: messages,
		nodeDomain: oneMessage,
	}, nil}

	attributeSchema = schema{"it", map[protowire.Number]rule{
		attributeName: oneMessage, attributeFloat: {kind: protowire.Fixed32Type}, attributeInt: oneNumber,
		attributeInts: numbers, attributeType: oneNumber,
	}, map[protowire.Number]string{4: "a text", 9: "texts", 5: "a tensor", 10: "tensors", attributeGraph: "a subgraph",
		attributeGraphs: "subgraphs", 22: "a sparse tensor", 23: "sparse tensors"}}

	tensorSchema = schema{"it", map[protowire.Number]rule{
		initializerDims: numbers, tensorType: oneNumber, initializerName: oneMessage, tensorRaw: oneMessage,
	}, map[protowire.Number]string{6: "texts", 13: "its values in another file", 14: "its values in another file", 3: "a part of its values"}}

	valueSchema = schema{"it", map[protowire.Number]rule{valueInfoName: oneMessage, valueInfoType: oneMessage}, nil}

	typeSchema = schema{"its type", map[protowire.Number]rule{typeTensor: oneMessage}, nil}

	tensorTypeSchema = schema{"its type", map[protowire.Number]rule{tensorElemType: oneNumber, 2: oneMessage}, nil}
)

// fields are those of a message that the schema allows, by number and in order. A float is
// an empty field: any will do.
type fields map[protowire.Number][]datum

// datum is the bytes of a message or a text, or a number. Packed numbers come one by one.
type datum struct {
	bytes  []byte
	number uint64
}

// read reads a message. What the schema does not allow is an error.
func (s schema) read(message []byte) (fields, error) {
	all := fields{}
	err := eachOfAnyKind(message, func(number protowire.Number, kind protowire.Type, _, value []byte) error {
		if err := s.allows(number, kind, len(all[number]) > 0); err != nil {
			return err
		}
		data, err := s.data(number, kind, value)
		all[number] = append(all[number], data...)
		return err
	})
	return all, err
}

func (s schema) allows(number protowire.Number, kind protowire.Type, again bool) error {
	r, ok := s.fields[number]
	if !ok && s.others[number] != "" {
		return fmt.Errorf("%s has %s", s.of, s.others[number])
	}
	packed := r == numbers && kind == protowire.BytesType
	if !ok || kind != r.kind && !packed {
		return fmt.Errorf("%s has a field %d of kind %d", s.of, number, kind)
	}
	if again && !r.many {
		return fmt.Errorf("%s has its field %d twice", s.of, number)
	}
	return nil
}

// data are what one field holds, whose kind was checked.
func (s schema) data(number protowire.Number, kind protowire.Type, value []byte) (data []datum, err error) {
	switch {
	case kind == protowire.VarintType:
		v, _ := protowire.ConsumeVarint(value)
		return []datum{{number: v}}, nil
	case kind != protowire.BytesType:
		return []datum{{}}, nil
	}
	bytes, _ := protowire.ConsumeBytes(value)
	if s.fields[number] != numbers {
		return []datum{{bytes: bytes}}, nil
	}
	for len(bytes) > 0 {
		v, size := protowire.ConsumeVarint(bytes)
		if size < 0 {
			return data, protowire.ParseError(size)
		}
		data, bytes = append(data, datum{number: v}), bytes[size:]
	}
	return data, nil
}

// one is what a field holds that comes once; empty if it does not come.
func (f fields) one(number protowire.Number) datum {
	if len(f[number]) == 0 {
		return datum{}
	}
	return f[number][0]
}

func (f fields) text(number protowire.Number) string { return string(f.one(number).bytes) }

// integers are the numbers of a field.
func (f fields) integers(number protowire.Number) (list []int64) {
	for _, d := range f[number] {
		list = append(list, int64(d.number))
	}
	return list
}

// each trusts the messages of a field, up to the first error.
func (f fields) each(number protowire.Number, trust func(message []byte, index int) error) error {
	for i, d := range f[number] {
		if err := trust(d.bytes, i); err != nil {
			return err
		}
	}
	return nil
}
