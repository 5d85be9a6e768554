package parameter

import (
	"errors"
	"fmt"
	"testing"

	"zellige"
)

func TestErrorsSpeakOfFlags(t *testing.T) {
	for _, p := range All() {
		e := ErrorIn(fmt.Errorf("plan: %w", &zellige.OptionError{Option: p.Option, Reason: "is bad"}))
		if e == nil || e.Name != p.Name || e.Key() != p.Key() || e.Error() != p.Name+" is bad" {
			t.Errorf("%s: %v, want an error about %s", p.Option, e, p.Name)
		}
	}
	_, preset := zellige.Preset("oil")
	for want, err := range map[string]error{"preset": preset, "quality": CheckQuality("lab"), "style-blend": zellige.CheckBlend([]float64{-1}, 1)} {
		if e := ErrorIn(err); e == nil || e.Name != want {
			t.Errorf("%v: want an error about %s", err, want)
		}
	}
	if e := ErrorIn(errors.New("no space")); e != nil {
		t.Errorf("%v is not about a parameter", e)
	}
}
