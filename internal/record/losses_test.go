package record

import (
	"math"
	"testing"

	"zellige/losses"
)

func TestLossesAsJSON(t *testing.T) {
	content, style := []losses.LayerValue{{Layer: 3, Value: 2}}, []losses.LayerValue{{Layer: 1, Value: 0.5}, {Layer: 10, Value: 1e-9}}
	tests := []struct {
		values losses.Values
		want   string
	}{
		{losses.Values{Content: content, Style: style, TV: 4}, `{"total":6.500000001,"content":2,"style":{"1":0.5,"10":1e-09},"tv":4}`},
		{losses.Values{Style: style[:1]}, `{"total":0.5,"style":{"1":0.5},"tv":0}`},
		{losses.Values{Content: content, TV: 1}, `{"total":3,"content":2,"tv":1}`},
		{losses.Values{TV: math.NaN()}, `{"total":null,"tv":null}`},
	}
	for _, tt := range tests {
		if got := LossesJSON(tt.values); string(got) != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
