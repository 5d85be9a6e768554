package record

import (
	"encoding/json"
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
		{losses.Values{Content: content, Style: style, TV: 4}, `{"total":6.500000001,"content":2,"style":{"1":0.5,"10":1e-9},"tv":4}`},
		{losses.Values{Style: style[:1]}, `{"total":0.5,"style":{"1":0.5},"tv":0}`},
		{losses.Values{Content: content, TV: 1}, `{"total":3,"content":2,"tv":1}`},
		{losses.Values{TV: math.NaN()}, `{"total":null,"tv":null}`},
	}
	for _, tt := range tests {
		if got, err := json.Marshal(NewLossSums(tt.values)); string(got) != tt.want {
			t.Errorf("got %s, %v, want %s", got, err, tt.want)
		}
	}
	line := LogLine{3, NewLossSums(tests[1].values), 1.23456789}.JSON()
	if want := `{"iteration":3,"total":0.5,"style":{"1":0.5},"tv":0,"seconds":1.234568}` + "\n"; string(line) != want {
		t.Errorf("the line of the log is %s, want %s", line, want)
	}
}
