package experiment

import (
	"encoding/json"
	"math"

	"zellige/losses"
)

// Losses are the losses of one picture in a manifest, as the log writes them.
type Losses struct {
	Total   Number         `json:"total"`
	Content *Number        `json:"content,omitempty"` // nil if the objective has none
	Style   map[int]Number `json:"style,omitempty"`   // by layer
	TV      Number         `json:"tv"`
}

// Number is a float64 that JSON writes as null if it is not finite.
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

func newLosses(v losses.Values) Losses {
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
