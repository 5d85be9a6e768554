package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"zellige/losses"
)

// Losses are the losses of one picture in a manifest, as the log writes them.
type Losses struct {
	Total   Number         `json:"total"`
	Content *Number        `json:"content,omitempty"` // nil if the objective has none
	Style   map[int]Number `json:"style,omitempty"`   // by layer
	Match   map[int]Number `json:"match,omitempty"`   // by layer
	TV      Number         `json:"tv"`
}

// Number is a float64 that JSON writes as null if it is NaN or infinite.
type Number float64

// MarshalJSON writes null for NaN and infinities.
func (n Number) MarshalJSON() ([]byte, error) {
	if x := float64(n); math.IsNaN(x) || math.IsInf(x, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON reads null as NaN.
func (n *Number) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*n = Number(math.NaN())
		return nil
	}
	return json.Unmarshal(data, (*float64)(n))
}

// NewLosses are the losses of one evaluation.
func NewLosses(v losses.Values) Losses {
	l := Losses{Total: Number(v.Total()), TV: Number(v.TV)}
	if len(v.Content) > 0 {
		content := Number(v.ContentSum())
		l.Content = &content
	}
	l.Style, l.Match = byLayer(v.Style), byLayer(v.Match)
	return l
}

// byLayer is nil if there are no values.
func byLayer(values []losses.LayerValue) (numbers map[int]Number) {
	for _, v := range values {
		if numbers == nil {
			numbers = map[int]Number{}
		}
		numbers[v.Layer] = Number(v.Value)
	}
	return numbers
}

// LossesJSON is {"total":..,"content":..,"style":{"1":..},"match":{"1":..},"tv":..}; content,
// style and match are left out if they were not asked for. A value that is NaN
// or infinite is written as null, for which JSON has no number.
func LossesJSON(v losses.Values) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"total":%s`, number(v.Total()))
	if len(v.Content) > 0 {
		fmt.Fprintf(&b, `,"content":%s`, number(v.ContentSum()))
	}
	writeLayers(&b, "style", v.Style)
	writeLayers(&b, "match", v.Match)
	fmt.Fprintf(&b, `,"tv":%s}`, number(v.TV))
	return b.Bytes()
}

// writeLayers writes nothing if there are no values.
func writeLayers(b *bytes.Buffer, name string, values []losses.LayerValue) {
	for i, v := range values {
		separator := ","
		if i == 0 {
			separator = fmt.Sprintf(`,"%s":{`, name)
		}
		fmt.Fprintf(b, `%s"%d":%s`, separator, v.Layer, number(v.Value))
	}
	if len(values) > 0 {
		b.WriteByte('}')
	}
}

func number(x float64) string {
	if x-x != 0 { // NaN or infinite
		return "null"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// LogLine is the line of the log of one iteration: its number, its losses, and the
// seconds since the first iteration began.
func LogLine(iteration int, v losses.Values, seconds float64) []byte {
	values := LossesJSON(v)
	line := fmt.Appendf(nil, `{"iteration":%d,%s,"seconds":`, iteration, values[1:len(values)-1])
	line = strconv.AppendFloat(line, seconds, 'f', 6, 64)
	return append(line, "}\n"...)
}
