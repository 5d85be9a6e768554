package parameter

import (
	"testing"

	"zellige"
)

func TestPresetsAreInRange(t *testing.T) {
	for _, name := range Presets() {
		o, err := zellige.Preset(name)
		if err != nil || o.Check(13) != nil {
			t.Errorf("%s: %v, %v", name, err, o.Check(13))
		}
		for _, quality := range Qualities() {
			if err := o.SetQuality(quality); err != nil || o.Check(13) != nil {
				t.Errorf("%s, %s: %v, %v", name, quality, err, o.Check(13))
			}
		}
	}
	o := zellige.DefaultOptions()
	if refused := ErrorIn(o.SetQuality("great")); refused == nil || refused.Name != "quality" {
		t.Errorf("quality great: %v", refused)
	}
}
