package report

import (
	"fmt"

	"zellige/measure"
)

// quantity is something that was measured of each run.
type quantity struct {
	name      string
	key       string                         // in the manifest
	of        func(*measure.Values) *float64 // nil if it was not measured
	isPercent bool
}

var (
	quantityTV           = quantity{name: "total variation", key: "measures.tv", of: func(v *measure.Values) *float64 { return &v.TV }}
	quantityChecker      = quantity{name: "checker", key: "measures.checker", of: func(v *measure.Values) *float64 { return &v.Checker }}
	quantityContent      = quantity{name: "content distance", key: "measures.content", of: func(v *measure.Values) *float64 { return v.Content }}
	quantitySSIM         = quantity{name: "SSIM", key: "measures.ssim", of: func(v *measure.Values) *float64 { return v.SSIM }}
	quantityDetail       = quantity{name: "detail", key: "measures.detail", of: func(v *measure.Values) *float64 { return v.Detail }}
	quantityNearest5     = quantity{name: "nearest at 5", key: "measures.nearest_5", of: func(v *measure.Values) *float64 { return v.Nearest5 }}
	quantityNearest11    = quantity{name: "nearest at 11", key: "measures.nearest_11", of: func(v *measure.Values) *float64 { return v.Nearest11 }}
	quantityStructure11  = quantity{name: "structure at 11", key: "measures.structure_11", of: func(v *measure.Values) *float64 { return v.Structure11 }}
	quantityColor        = quantity{name: "colour distance to style", key: "measures.color", of: func(v *measure.Values) *float64 { return v.Color }, isPercent: true}
	quantityColorContent = quantity{name: "colour distance to content", key: "measures.color_content", of: func(v *measure.Values) *float64 { return v.ColorContent }, isPercent: true}
)

// commonQuantities are those that every picture is judged by.
func commonQuantities() []quantity {
	quantities := []quantity{quantityTV, quantityChecker, quantityContent, quantitySSIM, quantityDetail, quantityStructure11}
	for _, l := range neutralLayers {
		quantities = append(quantities, styleQuantity(l))
	}
	return append(quantities, quantityNearest5, quantityNearest11, quantityColor)
}

// number is the quantity of a run; false if it was not measured.
func (q quantity) number(run *Painted) (Number, float64, bool) {
	measures := run.manifest().Measures
	if measures == nil {
		return Number{Text: noNumber}, 0, false
	}
	x := q.of(measures)
	if x == nil {
		return Number{Text: noNumber}, 0, false
	}
	if q.isPercent {
		return run.percent(q.key, *x), *x, true
	}
	return run.recorded(q.key, *x), *x, true
}

// styleQuantity is the style distance at a layer.
func styleQuantity(layer int) quantity {
	return quantity{name: fmt.Sprintf("style distance at %d", layer), key: fmt.Sprintf("measures.layers.%d.style", layer), isPercent: true,
		of: func(v *measure.Values) *float64 { return v.Layers[layer].Style }}
}

// contentQuantity is the content distance at a layer.
func contentQuantity(layer int) quantity {
	return quantity{name: fmt.Sprintf("content distance at %d", layer), key: fmt.Sprintf("measures.layers.%d.content", layer),
		of: func(v *measure.Values) *float64 { return v.Layers[layer].Content }}
}

// neutralLayers are layers that no preset asks anything of.
var neutralLayers = []int{9, 12}
