package parameter

import (
	"errors"
	"reflect"
	"testing"

	"zellige"
)

func lab() zellige.Options {
	o, _ := zellige.Preset("lab")
	return o
}

func TestParametersRoundTrip(t *testing.T) {
	texts := map[string]string{
		"image-size": "200", "size": "640x480", "style-size": "300", "content-layer": "4", "content-weight": "0.25",
		"style-layers": "1,12", "style-weights": "450000,0.5", "tv-weight": "1e-05", "gram": "none",
		"style-scale": "0.5", "strength": "0.75", "recolor": "0.25", "keep-colors": "luma", "scales": "3",
		"match-weight": "50", "match-layers": "1,4", "final-layers": "3", "rotations": "1", "coherence": "0.5", "brushwork": "0.5", "depth": "16", "keep-alpha": "true",
		"optimizer": "lbfgs", "learning-rate": "0.25", "final-learning-rate": "0.01", "pyramid-levels": "3", "average": "0.9", "pixel-bound": "2",
		"iterations": "9", "piece": "65536", "lean": "true", "seed": "18446744073709551615",
	}
	for _, p := range All() {
		text, ok := texts[p.Name]
		if !ok {
			t.Errorf("no test of %s", p.Name)
			continue
		}
		o := lab()
		if p.Text(&o) == text {
			t.Errorf("%s: the test does not change the default", p.Name)
		}
		if err := p.Set(&o, text); err != nil {
			t.Error(err)
		}
		if got := p.Text(&o); got != text {
			t.Errorf("%s: set %q, got %q", p.Name, text, got)
		}
		if found, ok := Find(p.Key()); !ok || found.Name != p.Name {
			t.Errorf("%s is not found by its key", p.Name)
		}
	}
}

// FuzzParameters: whatever is written for a parameter is refused as that
// parameter's, or read so that writing and reading it again gives the same.
func FuzzParameters(f *testing.F) {
	all := All()
	for i := range all {
		for _, text := range []string{"", " 7 ", "-1", "0", "1e3", "99999999999999999999", "NaN", "+Inf", "1e-320", "1,4,5,7", "1,,4", "640x480", "0x0",
			"size", "none", "luma", "lbfgs", "true", "\x00", "é", "0x1p-2", "1_000"} {
			f.Add(uint(i), text)
		}
	}
	f.Fuzz(func(t *testing.T, i uint, text string) {
		p, o := all[i%uint(len(all))], lab()
		before := o
		if err := p.Set(&o, text); err != nil {
			var refused *Error
			if !errors.As(err, &refused) || refused.Name != p.Name || !reflect.DeepEqual(o, before) {
				t.Errorf("%s %q: error %v, options %+v", p.Name, text, err, o)
			}
			return
		}
		again := lab()
		if err := p.Set(&again, p.Text(&o)); err != nil || p.Text(&again) != p.Text(&o) {
			t.Errorf("%s %q: written as %q, read as %q, %v", p.Name, text, p.Text(&o), p.Text(&again), err)
		}
	})
}

func TestParametersRefuse(t *testing.T) {
	tests := []struct{ name, text string }{
		{"image-size", "big"}, {"size", "640x"}, {"size", "x480"}, {"size", "640x480x3"}, {"size", "640x0"}, {"image-size", "1e3"}, {"iterations", ""}, {"content-weight", "7e"},
		{"style-layers", "1,,4"}, {"style-layers", "1;4"}, {"style-weights", "1,x"}, {"gram", "mean"}, {"seed", "-1"},
		{"depth", "deep"}, {"keep-alpha", "maybe"}, {"lean", "1.5"},
		{"keep-colors", "all"}, {"optimizer", "sgd"}, {"learning-rate", "fast"}, {"pyramid-levels", "2.5"},
	}
	for _, tt := range tests {
		p, _ := Find(tt.name)
		o := lab()
		var refused *Error
		if err := p.Set(&o, tt.text); !errors.As(err, &refused) || refused.Name != tt.name {
			t.Errorf("%s %q: got %v", tt.name, tt.text, err)
		}
		if !reflect.DeepEqual(o, lab()) {
			t.Errorf("%s %q: a refused value changed the options", tt.name, tt.text)
		}
	}
}
