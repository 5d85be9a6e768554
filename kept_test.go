package zellige

import (
	"context"
	"image/color"
	"slices"
	"testing"

	"zellige/runtime"
)

// countingModel counts how often it is asked for features.
type countingModel struct {
	fakeModel
	asked int
}

func (m *countingModel) Extract(ctx context.Context, img runtime.Image, features []int, grams []runtime.GramTerm) (runtime.Extraction, error) {
	m.asked++
	return m.fakeModel.Extract(ctx, img, features, grams)
}

func (m *countingModel) Features(ctx context.Context, img runtime.Image, layers []int, features [][]float32) error {
	m.asked++
	return m.fakeModel.Features(ctx, img, layers, features)
}

func (m *countingModel) MatchFeatures(ctx context.Context, img runtime.Image, layers []int) ([][]float32, error) {
	m.asked++
	return m.fakeModel.MatchFeatures(ctx, img, layers)
}

// What is kept of the styles saves work and changes no picture, whatever comes between.
func TestKeptStyles(t *testing.T) {
	matching, masked := matchFake(), fakePictures()
	matching.Iterations = 4
	masked.Styles = []Style{{Image: masked.Style, Weight: 1, Mask: flatPicture(40, 30, color.NRGBA{128, 128, 128, 255})}, {Image: masked.Content, Weight: 2}}
	masked.Style = nil
	for _, test := range []struct {
		name     string
		options  Options
		pictures Pictures
	}{
		{"gram", fakeOptions(), fakePictures()}, {"masks", fakeOptions(), masked}, {"match", matching, fakePictures()},
	} {
		t.Run(test.name, func(t *testing.T) {
			paint := func(p Pictures) (pixels []float32, asked int) {
				m := &countingModel{}
				r, err := Transfer(context.Background(), m, p, test.options)
				if err != nil {
					t.Fatal(err)
				}
				return r.Pixels, m.asked
			}
			kept := test.pictures
			kept.Kept = &Kept{}
			other := kept
			other.Content = flatPicture(40, 30, color.NRGBA{90, 160, 30, 255})
			alone, most := paint(test.pictures)
			if first, asked := paint(kept); !slices.Equal(first, alone) || asked != most {
				t.Errorf("the first: asked %d times, alone %d", asked, most)
			}
			if _, asked := paint(other); asked >= most {
				t.Errorf("another: asked %d times, alone %d", asked, most)
			}
			if second, asked := paint(kept); !slices.Equal(second, alone) || asked >= most {
				t.Errorf("again: asked %d times, alone %d", asked, most)
			}
			kept.Style, kept.Styles = other.Content, nil
			if p, _ := paint(kept); slices.Equal(p, alone) {
				t.Error("another style has the first one's targets")
			}
		})
	}
}
