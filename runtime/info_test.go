package runtime

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestInfo(t *testing.T) {
	info, err := infoOf(contractModel())
	if err != nil {
		t.Fatal(err)
	}
	want := &Info{
		Layers: []Layer{
			{Index: 0, Name: "conv", Label: "conv0", Channels: 4, Stride: 2, ReceptiveField: 3, Window: Window{3, 2, 0, false}, Values: 4},
			{Index: 1, Name: "pool", Label: "pool1", Channels: 4, Stride: 4, ReceptiveField: 7, Window: Window{3, 2, 0, true}, Values: 4},
		},
		Mean:     [3]float32{0.4, 0.5, 0.6},
		Std:      [3]float32{0.1, 0.2, 0.3},
		Weights:  Weights{"a lake", "weights.pkl", "00ff"},
		Exporter: "1",
	}
	if !reflect.DeepEqual(info, want) {
		t.Errorf("got  %+v\nwant %+v", info, want)
	}
}

// infoOf is what a model says of itself that is as whole as an exported one.
func infoOf(m testModel) (*Info, error) {
	g, err := ParseGraph(sealed(m.encode()))
	if err != nil {
		return nil, err
	}
	return g.Info()
}

func TestInfoOfSqueezeNet(t *testing.T) {
	info := squeezeNet(t)
	if len(info.Layers) != 13 {
		t.Errorf("%d layers, want 13", len(info.Layers))
	}
	if want := [3]float32{0.485, 0.456, 0.406}; info.Mean != want {
		t.Errorf("mean %v, want ImageNet's %v", info.Mean, want)
	}
	if want := [3]float32{0.229, 0.224, 0.225}; info.Std != want {
		t.Errorf("std %v, want ImageNet's %v", info.Std, want)
	}
	if len(info.Weights.SHA256) != 64 || info.Weights.Source == "" || info.Exporter == "" {
		t.Errorf("the weights' source is not told: %+v, exporter %q", info.Weights, info.Exporter)
	}
}

func TestInfoErrors(t *testing.T) {
	set := func(key, value string) func(*testModel) {
		return func(m *testModel) { m.metadata["zellige."+key] = value }
	}
	layer := func(change func(*Layer)) func(*testModel) {
		return func(m *testModel) {
			l := Layer{Index: 0, Name: "conv", Channels: 4, Stride: 2, ReceptiveField: 3, Window: Window{Kernel: 3, Stride: 2}}
			change(&l)
			m.metadata["zellige.layers"] = mustJSON([]Layer{l})
		}
	}
	without := func(list *[]string, name string) {
		*list = slices.DeleteFunc(*list, func(n string) bool { return n == name })
	}
	const outOfRange = "zellige.layers: entry 0 is out of range"
	const otherWindows = "its windows give"
	tests := []struct {
		name  string
		spoil func(*testModel)
		want  string
	}{
		{"no metadata", func(m *testModel) { m.metadata = nil }, `zellige.contract is "", want "1"; make it with scripts/export_network.py`},
		{"another contract", set("contract", "2"), `zellige.contract is "2", want "1"`},
		{"no mean", func(m *testModel) { delete(m.metadata, "zellige.mean") }, "metadata zellige.mean is missing"},
		{"no layers entry", func(m *testModel) { delete(m.metadata, "zellige.layers") }, "metadata zellige.layers is missing"},
		{"mean that is no JSON", set("mean", "[0.4, 0.5"), "metadata zellige.mean: "},
		{"mean of two", set("mean", "[0.4, 0.5]"), "metadata zellige.mean: has 2 values, want 3"},
		{"std of four", set("std", "[1, 1, 1, 1]"), "metadata zellige.std: has 4 values, want 3"},
		{"std of 0", set("std", "[0.2, 0, 0.2]"), "metadata zellige.std: channel 1 is 0, must be positive"},
		{"std below 0", set("std", "[0.2, 0.2, -0.2]"), "channel 2 is -0.2"},
		{"std beyond float32", set("std", "[1e40, 1, 1]"), "metadata zellige.std: "},
		{"weights that are a list", set("weights", "[]"), "metadata zellige.weights: "},
		{"empty layers", set("layers", "[]"), "zellige.layers lists no layer"},
		{"layers beyond int", set("layers", `[{"channels": 1e30}]`), "metadata zellige.layers: "},
		{"index", layer(func(l *Layer) { l.Index = 1 }), outOfRange},
		{"kernel 0", layer(func(l *Layer) { l.Window.Kernel = 0 }), outOfRange},
		{"kernel too large", layer(func(l *Layer) { l.Window.Kernel = 1 << 40 }), outOfRange},
		{"window stride 0", layer(func(l *Layer) { l.Window.Stride = 0 }), outOfRange},
		{"window stride too large", layer(func(l *Layer) { l.Window.Stride = 1 << 40 }), outOfRange},
		{"pad below 0", layer(func(l *Layer) { l.Window.Pad = -1 }), outOfRange},
		{"pad over half the kernel", layer(func(l *Layer) { l.Window.Pad = 2 }), outOfRange},
		{"no channels", layer(func(l *Layer) { l.Channels = 0 }), outOfRange},
		{"too many channels", layer(func(l *Layer) { l.Channels = 1 << 40 }), outOfRange},
		{"stride unlike the windows", layer(func(l *Layer) { l.Stride = 3 }), otherWindows},
		{"receptive field too small", layer(func(l *Layer) { l.ReceptiveField = 2 }), otherWindows},
		{"receptive field too large", layer(func(l *Layer) { l.ReceptiveField = 1 << 40 }), otherWindows},
		{"no whole stride", layer(func(l *Layer) { l.Up = 3 }), otherWindows},
		{"stride of a Resize", layer(func(l *Layer) { l.Up = 2 }), otherWindows},
		{"Resize below 0", layer(func(l *Layer) { l.Up = -1 }), outOfRange},
		{"Resize too large", layer(func(l *Layer) { l.Up = 1 << 40 }), outOfRange},
		{"grid beside the stride", layer(func(l *Layer) { l.Grid = 5 }), "entry 0 has grid 5, must be a multiple of 2 up to 65536"},
		{"grid too large", layer(func(l *Layer) { l.Grid = 1 << 40 }), "must be a multiple of 2 up to 65536"},
		{"match average below 0", layer(func(l *Layer) { l.MatchAverage = -1 }), "entry 0 has match_average -1"},
		{"match average of one layer", func(m *testModel) {
			m.metadata["zellige.layers"] = strings.Replace(m.metadata["zellige.layers"], `"match_average":0`, `"match_average":2`, 1)
		}, "entry 1 has match_average 0, entry 0 has 2; must be 0 of all or 1 to 65536"},
		{"no matches", func(m *testModel) {
			m.metadata["zellige.layers"] = strings.ReplaceAll(m.metadata["zellige.layers"], `"match_average":0`, `"match_average":1`)
		}, `input "match.0.target" is missing`},
		{"no image", func(m *testModel) { without(&m.inputs, "image") }, `input "image" is missing`},
		{"no target", func(m *testModel) { without(&m.inputs, "content.1.target") }, `input "content.1.target" is missing`},
		{"no scale", func(m *testModel) { without(&m.inputs, "style.1.scale") }, `input "style.1.scale" is missing`},
		{"no gradient", func(m *testModel) { without(&m.outputs, "gradient") }, `output "gradient" is missing`},
		{"no Gram matrix", func(m *testModel) { without(&m.outputs, "gram.0") }, `output "gram.0" is missing`},
		{"no loss", func(m *testModel) { without(&m.outputs, "style.1.loss") }, `output "style.1.loss" is missing`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := contractModel()
			test.spoil(&m)
			info, err := infoOf(m)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if info != nil {
				t.Errorf("info %+v beside the error", info)
			}
		})
	}
}
