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
	for _, s := range v.Style {
		if l.Style == nil {
			l.Style = map[int]Number{}
		}
		l.Style[s.Layer] = Number(s.Value)
	}
	return l
}

// LossesJSON is {"total":..,"content":..,"style":{"1":..},"tv":..}; content
// and style are left out if they were not asked for. A value that is NaN or
// infinite is written as null, for which JSON has no number.
func LossesJSON(v losses.Values) []byte {
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
	return b.Bytes()
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
