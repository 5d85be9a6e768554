package parameter

import (
	"errors"
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
	var refused *zellige.OptionError
	if err := o.SetQuality("great"); !errors.As(err, &refused) || refused.Field != "quality" {
		t.Errorf("quality great: %v", err)
	}
}
