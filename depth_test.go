package zellige

import (
	"errors"
	"strings"
	"testing"
)

// TestTooSmall: the option that is told with its least value makes a plan then.
func TestTooSmall(t *testing.T) {
	info := (&deepFake{}).Info()
	info.Layers[7].Window.Kernel, info.Layers[7].ReceptiveField, info.Layers[7].MatchAverage = 12, 12, 2
	gram, paint := lab(), matchFake()
	gram.Objective.Content.Layer = 7
	paint.Objective.Match.Layers, paint.Scales = []int{0, 7}, 1
	const layers = " for these layers"
	for _, tt := range []struct {
		o           Options
		change      func(*Options)
		field, says string
		mend        func(*Options)
	}{
		{gram, func(o *Options) { o.ImageSize = 8 }, "ImageSize", "is 8, too small: layer 7 needs a picture of at least 12 pixels, this one is of 8; use at least 12" + layers,
			func(o *Options) { o.ImageSize = 12 }},
		{paint, func(o *Options) { o.ImageSize = 12 }, "ImageSize", "layer 7 needs a picture of at least 13 pixels, this one is of 12; use at least 13" + layers,
			func(o *Options) { o.ImageSize = 13 }},
		{paint, func(o *Options) { o.StyleSize = 9 }, "StyleSize", "is 9, too small: layer 7 needs a style of at least 13 pixels, this one is of 9; use at least 13" + layers,
			func(o *Options) { o.StyleSize = 13 }},
		{paint, func(o *Options) { o.StyleScale = 0.25 }, "StyleScale", "is 0.25, too small: layer 7 needs a style of at least 13 pixels, this one is of 8; use at least 0.4" + layers,
			func(o *Options) { o.StyleScale = 0.4 }},
		{gram, func(o *Options) { o.Scales = 6 }, "Scales", "is 6, which begins with a picture of 6 and a style of 6 pixels, layer 7 needs at least 12; use fewer scales or a larger size",
			func(o *Options) { o.Scales = 3 }},
		{gram, func(o *Options) { o.Scales, o.ImageSize = 3, 10 }, "ImageSize", "layer 7 needs a picture of at least 12 pixels, this one is of 5; use at least 23" + layers,
			func(o *Options) { o.ImageSize = 23 }},
	} {
		o := tt.o
		o.ImageSize, o.StyleSize = 32, 0
		tt.change(&o)
		var option *OptionError
		if _, err := PlanTransfer(info, fakePictures(), o); !errors.As(err, &option) || option.Option != tt.field || !strings.HasSuffix(option.Reason, tt.says) {
			t.Errorf("%s %q: got %v", tt.field, tt.says, err)
		}
		tt.mend(&o)
		if _, err := PlanTransfer(info, fakePictures(), o); err != nil {
			t.Errorf("%s, mended: %v", tt.field, err)
		}
	}
}
