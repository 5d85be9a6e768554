package zellige

import (
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"zellige/picture"
	"zellige/runtime"
)

// markedScene has a content with detail on the left, and a style masked from its lowest rows.
func markedScene(size int) *scene {
	content := image.NewNRGBA(image.Rect(0, 0, size, size))
	mask := image.NewGray(content.Rect)
	for p := range size * size {
		x, y, v := p%size, p/size, uint8(128)
		if x < size/2 {
			v = uint8(255 * (x / 2 % 2))
		}
		content.SetNRGBA(x, y, color.NRGBA{v, v, v, 255})
		if y < 3*size/4 {
			mask.SetGray(x, y, color.Gray{255})
		}
	}
	info := &runtime.Info{Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.25, 0.25, 0.25}}
	return &scene{info: info, content: content, height: size, width: size, styles: []sceneStyle{{share: 1, mask: mask}}}
}

// TestMarksAreDrawnOut finely where the content has detail, to broad ones where it has none, and
// nowhere outside the masks.
func TestMarksAreDrawnOut(t *testing.T) {
	const size = 192
	c, pixels := markedScene(size), noise(3*size*size, 1)
	fine := picture.Coherent(t.Context(), picture.Coherent(t.Context(), pixels, size, size, fineMarks), size, size, fineMarks)
	broad := picture.Coherent(t.Context(), picture.Coherent(t.Context(), fine, size, size, broadMarks[0]), size, size, broadMarks[1])
	drawn := c.drawn(t.Context(), pixels, 1)
	for _, place := range []struct {
		name string
		y, x int
		want []float32
	}{{"detail", 60, 40, fine}, {"plain", 60, 180, broad}, {"outside", 180, 160, pixels}} {
		p := place.y*size + place.x
		if math.Abs(float64(drawn[p]-place.want[p])) > 1e-5 {
			t.Errorf("%s: %g, want %g of %g, %g, %g", place.name, drawn[p], place.want[p], pixels[p], fine[p], broad[p])
		}
	}
	if !slices.Equal(c.drawn(t.Context(), pixels, 0), pixels) {
		t.Error("marks are drawn out by an amount of 0")
	}
}

// TestMarksFollowTheStrength: a photograph of strength 0 is not drawn, a texture always is.
func TestMarksFollowTheStrength(t *testing.T) {
	for strength, want := range map[float64]float64{0: 0, 0.5: 0.75, 1: 1} {
		o := fakeOptions()
		o.Coherence, o.Brushwork, o.Strength = 1, 1, strength
		p, err := PlanTransfer((&fakeModel{}).Info(), fakePictures(), o)
		if err != nil {
			t.Fatal(err)
		}
		if p.Options.Coherence != want || p.Options.Brushwork != want {
			t.Errorf("coherence at strength %g is %g, brushwork %g, want %g", strength, p.Options.Coherence, p.Options.Brushwork, want)
		}
	}
}

// TestBrushworkIsTheStyles: a plain picture gets the grain of the style where it is painted, and nowhere else.
func TestBrushworkIsTheStyles(t *testing.T) {
	const size = 96
	c, plain := markedScene(size), make([]float32, 3*size*size)
	c.styles[0].Image = runtime.Image{Height: size, Width: size, Pixels: noise(3*size*size, 1)}
	brushed := c.brushed(t.Context(), plain, 1, 1)
	for name, place := range map[string]struct {
		y    int
		want bool
	}{"painted": {40, true}, "outside": {90, false}} {
		row := brushed[place.y*size:][:size]
		if got := slices.Max(row) > 0.1; got != place.want {
			t.Errorf("%s: grain is %t, want %t", name, got, place.want)
		}
	}
	if !slices.Equal(c.brushed(t.Context(), plain, 1, 0), plain) {
		t.Error("a picture is brushed by an amount of 0")
	}
}
