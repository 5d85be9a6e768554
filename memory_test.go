package zellige

import (
	"errors"
	"image"
	"strconv"
	"strings"
	"testing"

	"zellige/models"
	"zellige/runtime"
)

func squeezeNet(t *testing.T) *runtime.Info {
	t.Helper()
	g, err := runtime.ParseGraph(models.SqueezeNet)
	if err != nil {
		t.Fatal(err)
	}
	info, err := g.Info()
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// lionAndWave have the sizes of these pictures.
func lionAndWave() Pictures {
	return Pictures{Content: image.NewGray(image.Rect(0, 0, 693, 495)), Style: image.NewGray(image.Rect(0, 0, 800, 550))}
}

// The peaks of zellige transfer --preset lab --iterations 2 (lion.png in the style of
// great-wave.png, --style-size 64), in MB, measured on Linux with two processors.
func TestMemoryIsWhatWasMeasured(t *testing.T) {
	info := squeezeNet(t)
	for _, test := range []struct {
		size, piece int
		lean        bool
		measured    float64
	}{
		{256, 0, false, 115}, {512, 0, false, 240}, {768, 0, false, 459}, {1024, 0, false, 776},
		{1024, 1 << 16, false, 332}, {1024, 1 << 20, false, 466}, {1536, 1 << 20, false, 726},
		{2048, 1 << 17, false, 971}, {2048, 3 << 19, false, 1058},
		{1536, 1 << 18, true, 444}, {1536, 1 << 19, true, 598}, {1536, 1 << 20, true, 893}, {2048, 1 << 20, true, 1024},
	} {
		o := lab()
		o.ImageSize, o.StyleSize, o.Piece, o.Lean = test.size, 64, test.piece, test.lean
		got, err := o.Memory(info, lionAndWave())
		if err != nil {
			t.Fatal(err)
		}
		share := float64(got.Total) / 1e6 / test.measured
		say := t.Logf
		if share < 0.85 || share > 1.15 {
			say = t.Errorf
		}
		say("size %d, piece %d, lean %t: foreseen %d MB, measured %g MB", test.size, test.piece, test.lean, got.Total/1e6, test.measured)
	}
}

// The peaks of the preset fine, three scales one after another (lion.png in the
// style of great-wave.png, --iterations 42), and of zellige invert (--iterations 2),
// in MB. scripts/check_forecast.py measures these and those above again.
func TestMemoryOfScalesAndInversion(t *testing.T) {
	info := squeezeNet(t)
	fine, _ := Preset("fine")
	for _, test := range []struct {
		options  Options
		size     int
		measured float64
	}{
		{fine, 256, 181}, {fine, 384, 272}, {fine, 512, 392}, {fine, 768, 730}, {fine, 1024, 1197},
		{InversionOptions(), 256, 94}, {InversionOptions(), 512, 195}, {InversionOptions(), 1024, 598},
	} {
		p := lionAndWave()
		if len(test.options.Objective.Style.Layers) == 0 {
			p.Style = nil
		}
		test.options.ImageSize = test.size
		got, err := test.options.Memory(info, p)
		if err != nil {
			t.Fatal(err)
		}
		if share := float64(got.Total) / 1e6 / test.measured; share < 0.85 || share > 1.15 {
			t.Errorf("scales %d, size %d: foreseen %d MB, measured %g MB", test.options.Scales, test.size, got.Total/1e6, test.measured)
		}
	}
}

// The peaks of zellige transfer --preset fine --scales 1 --iterations 14, which is
// when L-BFGS remembers all it can (lion.png, great-wave.png
// and starry-night.jpg in turn, --piece 0 but where it says in pieces or lean) and of a texture, in MiB.
func TestMemoryOfStylesAndSizes(t *testing.T) {
	info := squeezeNet(t)
	for _, test := range []struct {
		name        string
		size, piece int
		styles      int
		masked      bool
		result      Size
		measured    float64
	}{
		{"two styles", 512, 0, 2, false, Size{}, 360}, {"two styles", 1024, 0, 2, false, Size{}, 1187},
		{"two masks", 512, 0, 2, true, Size{}, 498}, {"two masks", 1024, 0, 2, true, Size{}, 1633},
		{"four masks", 512, 0, 4, true, Size{}, 620}, {"four masks", 1024, 0, 4, true, Size{}, 1960},
		{"six masks", 512, 0, 6, true, Size{}, 702}, {"six masks", 1024, 0, 6, true, Size{}, 2480},
		{"enlarged", 512, 0, 1, false, Size{4000, 0}, 659}, {"enlarged", 1024, 0, 1, false, Size{4000, 0}, 1542},
		{"two masks in pieces", 1024, 1 << 18, 2, true, Size{}, 930}, {"six masks in pieces", 1024, 1 << 18, 6, true, Size{}, 1048},
		{"two masks, lean", 1024, 1 << 18, 2, true, Size{}, 797}, {"six masks, lean", 1024, 1 << 18, 6, true, Size{}, 907},
		{"texture", 0, 0, 1, false, Size{1000, 800}, 651},
	} {
		o, _ := Preset("fine")
		o.ImageSize, o.Piece, o.Size, o.Scales = test.size, test.piece, test.result, 1
		o.Lean = strings.HasSuffix(test.name, "lean")
		var p Pictures
		if test.size > 0 {
			p.Content = lionAndWave().Content
		}
		for range test.styles {
			s := Style{Image: lionAndWave().Style, Weight: 1}
			if test.masked {
				s.Mask = p.Content
			}
			p.Styles = append(p.Styles, s)
		}
		got, err := o.Memory(info, p)
		if err != nil {
			t.Fatal(err)
		}
		if share := float64(got.Total) / (1 << 20) / test.measured; share < 0.85 || share > 1.15 {
			t.Errorf("%s, size %d: foreseen %d MiB, measured %g MiB", test.name, test.size, got.Total>>20, test.measured)
		}
	}
}

// The peaks of zellige evaluate (lion.png against lion.png and great-wave.png,
// --style-size 64), in MiB.
func TestMemoryOfAnEvaluation(t *testing.T) {
	info := squeezeNet(t)
	for _, test := range []struct {
		options  Options
		size     int
		measured float64
	}{
		{lab(), 256, 82}, {lab(), 512, 145}, {lab(), 1024, 391}, {lab(), 1536, 474}, {lab(), 2048, 701},
		{fine(), 256, 100}, {fine(), 512, 139}, {fine(), 1024, 352}, {fine(), 1536, 468}, {fine(), 2048, 673},
	} {
		o, p := test.options, lionAndWave()
		o.ImageSize, o.StyleSize, p.Init = test.size, 64, p.Content
		got, err := o.evaluationMemory(info, p)
		if err != nil {
			t.Fatal(err)
		}
		if share := float64(got) / (1 << 20) / test.measured; share < 0.85 || share > 1.15 {
			t.Errorf("size %d: foreseen %d MiB, measured %g MiB", test.size, got>>20, test.measured)
		}
	}
}

func TestLimitMemory(t *testing.T) {
	info := squeezeNet(t)
	pictures := lionAndWave()
	for _, size := range []int{192, 512, 1024, 2048, 4096, 8192} {
		for _, limit := range []int64{200 << 20, 300 << 20, 600 << 20, 1 << 30, 4 << 30, 40 << 30} {
			o := lab()
			o.ImageSize, o.Piece = size, 0
			whole, err := o.Memory(info, pictures)
			if err != nil {
				t.Fatal(err)
			}
			if err := o.LimitMemory(info, pictures, limit); err != nil {
				var e *OptionError
				if !errors.As(err, &e) || e.Field != "max-memory" || !strings.Contains(e.Reason, "needs at least") {
					t.Errorf("size %d, limit %s: %v", size, mebibytes(limit), err)
				}
				continue
			}
			if needed, err := o.Memory(info, pictures); err != nil || needed.Total > limit {
				t.Errorf("size %d, limit %s: pieces of %d need %s, error %v", size, mebibytes(limit), o.Piece, mebibytes(needed.Total), err)
			}
			kept := o
			kept.Lean, kept.Piece = false, 1<<16
			if needed, err := kept.Memory(info, pictures); o.Lean && err == nil && needed.Total+needed.Total/20 <= limit {
				t.Errorf("size %d, limit %s: is painted lean, but %s suffice to keep the features", size, mebibytes(limit), mebibytes(needed.Total))
			}
			if whole.Total+whole.Total/20 <= limit && o.Piece != 0 {
				t.Errorf("size %d, limit %s: pieces of %d, the whole picture needs %s", size, mebibytes(limit), o.Piece, mebibytes(whole.Total))
			}
		}
	}
}

// TestLargestSizeThatFits: the size that is said fits, and the next one does not.
func TestLargestSizeThatFits(t *testing.T) {
	info := squeezeNet(t)
	for _, limit := range []int64{150 << 20, 300 << 20, 1 << 30} {
		o := lab()
		o.ImageSize = MaxSize
		err := o.LimitMemory(info, lionAndWave(), limit)
		if err == nil {
			t.Errorf("limit %s: the largest picture fits", mebibytes(limit))
			continue
		}
		_, text, _ := strings.Cut(err.Error(), "the largest image size that fits is ")
		largest, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		for size, fits := range map[int]bool{largest: true, largest + 1: false} {
			o.ImageSize, o.Piece = size, DefaultPiece
			if err := o.LimitMemory(info, lionAndWave(), limit); (err == nil) != fits {
				t.Errorf("limit %s: size %d: %v", mebibytes(limit), size, err)
			}
		}
	}
}
