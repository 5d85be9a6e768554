package record

import (
	"encoding/json"
	"math"

	"zellige/losses"
)

// LossSums are the losses of one evaluation as manifests and logs hold them.
type LossSums struct {
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

// NewLossSums adds up the losses of one evaluation.
func NewLossSums(v losses.Values) LossSums {
	l := LossSums{Total: Number(v.Total()), TV: Number(v.TV)}
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

// LogLine is one line of a log: the losses of an iteration, before a step moved the
// pixels.
type LogLine struct {
	Iteration int `json:"iteration"`
	LossSums
	Seconds float64 `json:"seconds"` // since the first iteration began
}

// JSON is the line with its end.
func (l LogLine) JSON() []byte {
	l.Seconds = math.Round(l.Seconds*1e6) / 1e6
	line, err := json.Marshal(l)
	if err != nil {
		panic("losses that are no JSON: " + err.Error()) // a Number always is
	}
	return append(line, '\n')
}
