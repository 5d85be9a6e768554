package losses

import (
	"bytes"
	"fmt"
	"strconv"
)

// Values are the weighted losses of one picture.
type Values struct {
	Content []LayerValue // one, or none if no content was asked for
	Style   []LayerValue // in the order of the objective's layers
	TV      float64
}

// LayerValue is the weighted loss of one layer.
type LayerValue struct {
	Layer int
	Value float64
}

// ContentSum is the content loss.
func (v Values) ContentSum() float64 { return sum(v.Content) }

// StyleSum is the style loss, summed over layers.
func (v Values) StyleSum() float64 { return sum(v.Style) }

// Total is the sum of all losses, what the optimiser brings down.
func (v Values) Total() float64 { return v.ContentSum() + v.StyleSum() + v.TV }

// Clone copies v.
func (v Values) Clone() Values {
	v.Content = append([]LayerValue(nil), v.Content...)
	v.Style = append([]LayerValue(nil), v.Style...)
	return v
}

func sum(values []LayerValue) float64 {
	total := 0.0
	for _, v := range values {
		total += v.Value
	}
	return total
}

// MarshalJSON writes {"total":..,"content":..,"style":{"1":..},"tv":..}; content
// and style are left out if they were not asked for. A value that is no finite
// number is written as null, which JSON has in place of NaN and infinity.
func (v Values) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"total":%s`, number(v.Total()))
	if len(v.Content) > 0 {
		fmt.Fprintf(&b, `,"content":%s`, number(v.ContentSum()))
	}
	if len(v.Style) > 0 {
		b.WriteString(`,"style":{`)
		for i, s := range v.Style {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `"%d":%s`, s.Layer, number(s.Value))
		}
		b.WriteByte('}')
	}
	fmt.Fprintf(&b, `,"tv":%s}`, number(v.TV))
	return b.Bytes(), nil
}

func number(x float64) string {
	if x-x != 0 { // NaN or infinite
		return "null"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
