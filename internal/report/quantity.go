package report

import "fmt"

// quantity is something that was measured of each run.
type quantity struct {
	name      string
	key       string // in the manifest
	isPercent bool
}

var (
	quantityTV           = quantity{name: "total variation", key: "measures.tv"}
	quantityChecker      = quantity{name: "checker", key: "measures.checker"}
	quantityContent      = quantity{name: "content distance", key: "measures.content"}
	quantitySSIM         = quantity{name: "SSIM", key: "measures.ssim"}
	quantityDetail       = quantity{name: "detail", key: "measures.detail"}
	quantityNearest5     = quantity{name: "nearest at 5", key: "measures.nearest_5"}
	quantityNearest11    = quantity{name: "nearest at 11", key: "measures.nearest_11"}
	quantityStructure11  = quantity{name: "structure at 11", key: "measures.structure_11"}
	quantityColor        = quantity{name: "colour distance to style", key: "measures.color", isPercent: true}
	quantityColorContent = quantity{name: "colour distance to content", key: "measures.color_content", isPercent: true}
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
	_, x, ok := run.field(q.key)
	if !ok {
		return Number{Text: noNumber}, 0, false
	}
	if q.isPercent {
		return run.percent(q.key, x), x, true
	}
	return run.recorded(q.key, x), x, true
}

// styleQuantity is the style distance at a layer.
func styleQuantity(layer int) quantity {
	return quantity{name: fmt.Sprintf("style distance at %d", layer), key: fmt.Sprintf("measures.layers.%d.style", layer), isPercent: true}
}

// contentQuantity is the content distance at a layer.
func contentQuantity(layer int) quantity {
	return quantity{name: fmt.Sprintf("content distance at %d", layer), key: fmt.Sprintf("measures.layers.%d.content", layer)}
}

// neutralLayers are layers that no preset asks anything of.
var neutralLayers = []int{9, 12}
