//go:build cgo

package runtime

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	ort "github.com/yalue/onnxruntime_go"
)

// slot is one input or output: its name in the graph and the slice behind it. A
// scalar has no shape; data[0] is its value when the session is made.
type slot struct {
	name  string
	shape ort.Shape
	data  []float32
	inner bool // it is named by who exported the graph, not by the contract
	unit  int  // pixels of the image to a side of a place of what a segment reads; 0 of other slots
}

func scalar(name string, value float32) slot { return slot{name: name, data: []float32{value}} }

func tensor(name string, data []float32, shape ...int) slot {
	s := slot{name: name, data: data}
	for _, n := range shape {
		s.shape = append(s.shape, int64(n))
	}
	return s
}

// empty is a tensor of zeros.
func empty(name string, shape ...int) slot {
	size := 1
	for _, n := range shape {
		size *= n
	}
	return tensor(name, make([]float32, size), shape...)
}

// imageSlot feeds the image as [1][3][H][W].
func imageSlot(i Image) slot {
	s := tensor("image", i.Pixels, 1, 3, i.Height, i.Width)
	s.unit = 1
	return s
}

// inputSlot feeds what a segment reads.
func (n *Network) inputSlot(s segment, crop grid) slot {
	name := "image"
	if s.first != imageItself {
		name = n.graph.original(feature(s.first))
	}
	in := tensor(name, crop.values, 1, s.planes(), crop.height(), crop.width())
	in.unit = s.unit
	return in
}

// gradientSlot takes the gradient in what a segment reads.
func (s *segment) gradientSlot(crop grid) slot {
	if s.first == imageItself {
		return tensor("gradient", crop.values, 1, 3, crop.height(), crop.width())
	}
	return cotangentSlot(s.first, crop)
}

// cotangentSlot is the cotangent of a layer's features, [C][h*w].
func cotangentSlot(layer int, c grid) slot {
	return tensor(cotangent(layer), c.values, len(c.values)/c.size(), c.size())
}

// maskSlot feeds a mask as [1][1][h][w].
func maskSlot(names gramNames, mask grid) slot {
	return tensor(names.mask(), mask.values, 1, 1, mask.height(), mask.width())
}

// layer is the one that the slot is about, if it is about one.
func (s slot) layer() (layer int, ok bool) {
	if s.inner {
		return 0, false
	}
	_, rest, _ := strings.Cut(s.name, ".")
	number, _, _ := strings.Cut(rest, ".")
	layer, err := strconv.Atoi(number)
	return layer, err == nil
}

func slotNames(slots []slot) []string {
	names := make([]string, len(slots))
	for i, s := range slots {
		names[i] = s.name
	}
	return names
}

// bind makes ONNX Runtime values on top of the slots' slices. On error it
// returns what it had made, for close.
func bind(slots []slot) ([]ort.Value, error) {
	var values []ort.Value
	for _, s := range slots {
		v, err := s.value()
		if err != nil {
			return values, fmt.Errorf("make tensor %s %v: %w", s.name, s.shape, err)
		}
		values = append(values, v)
	}
	return values, nil
}

// destroy lets go of ONNX Runtime's side of what bind made.
func destroy(values []ort.Value) error {
	var errs []error
	for _, v := range values {
		errs = append(errs, v.Destroy())
	}
	return errors.Join(errs...)
}

func (s slot) value() (ort.Value, error) {
	if s.shape == nil {
		// Scalar.Set would swap the slice behind ONNX Runtime's back; we never call it.
		return ort.NewScalar(s.data[0])
	}
	return ort.NewTensor(s.shape, s.data)
}
