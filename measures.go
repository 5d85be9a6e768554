package zellige

import (
	"context"
	"image"
	"math"
	goruntime "runtime"

	"zellige/measure"
	"zellige/picture"
	"zellige/runtime"
)

// contentJudges are the layers whose mean is the content distance.
var contentJudges = []int{4, 7, 9, 12}

// maxJudged is the largest picture, in pixels, that is compared at its own size;
// that of 1024 pixels is smaller.
const maxJudged = 1 << 21

// Measure judges a picture beside the content and the style it was painted from;
// either may be nil, and then what needs it is left out. It works at the
// picture's own size: the content, which must have its shape, is resized to it,
// and the style's shorter side becomes as long as the picture's. For all but the
// total variation and the checker pictures of more than 2 megapixels are reduced
// to that.
//
// Errors: *[PictureError], or what the model reports. For a picture that is too
// small for layer 12, or a network without it, the values come with the
// *[PictureError] and lack what could not be measured.
func Measure(ctx context.Context, m Model, img, content, style image.Image) (measure.Values, error) {
	j, err := newJudge(m, img, content, style)
	if err != nil {
		return measure.Values{}, err
	}
	v := j.compare()
	v.TV, v.Checker = cleanness(img)
	if content != nil {
		err = j.compareLayers(ctx, &v)
	}
	return v, err
}

// cleanness is the total variation and the checker of a picture as it is.
func cleanness(img image.Image) (variation, checker float64) {
	p := measure.FromImage(picture.Resize(img, img.Bounds().Dx(), img.Bounds().Dy())) // opaque
	return p.TotalVariation(), p.Checker()
}

// judge holds the pictures at the sizes at which they are compared, opaque.
type judge struct {
	model          Model
	height, width  int
	image          image.Image
	content, style image.Image // may be nil
}

func newJudge(m Model, img, content, style image.Image) (*judge, error) {
	size := img.Bounds().Size()
	height, width, err := workingSize("image", img, judgedSize(size))
	if err != nil {
		return nil, err
	}
	j := &judge{model: m, height: height, width: width, image: picture.Resize(img, width, height)}
	if content != nil {
		if err := checkShape("content", content, "image", size); err != nil {
			return nil, err
		}
		j.content = picture.Resize(content, width, height)
	}
	if style != nil {
		height, width, err := workingSize("style", style, min(height, width))
		if err != nil {
			return nil, err
		}
		j.style = picture.Resize(style, width, height)
	}
	return j, nil
}

// judgedSize is the shorter side at which a picture is compared.
func judgedSize(size image.Point) int {
	short := min(size.X, size.Y)
	if pixels := size.X * size.Y; pixels > maxJudged {
		return int(float64(short) * math.Sqrt(maxJudged/float64(pixels)))
	}
	return short
}

// compare says what needs no network.
func (j *judge) compare() (v measure.Values) {
	own := measure.FromImage(j.image)
	if j.content != nil {
		original := measure.FromImage(j.content)
		v.SSIM, v.ColorContent = number(measure.SSIM(own, original)), number(measure.ColorDistance(own, original))
	}
	if j.style != nil {
		v.Color = number(measure.ColorDistance(own, measure.FromImage(j.style)))
	}
	return v
}

// number is nil for what is none, which a hostile network may give.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// compareLayers says what the network sees of the image and the content, and of
// the style if there is one.
func (j *judge) compareLayers(ctx context.Context, v *measure.Values) error {
	v.Layers = map[int]measure.Layer{}
	for _, some := range j.batches() {
		goruntime.GC() // what is left of the painting, or of the batch before
		if err := j.distances(ctx, some, v.Layers); err != nil {
			return err
		}
	}
	v.Content = meanContent(v.Layers)
	v.Style9, v.Style12 = v.Layers[9].Style, v.Layers[12].Style
	if err := j.model.Info().CheckLayer(12, j.height, j.width); err != nil {
		return &PictureError{"image", "cannot be measured: " + err.Error()}
	}
	return nil
}

// mostFeatures bounds the values of one picture's features that are held at a time,
// 32 MB, unless one layer alone has more.
const mostFeatures = 1 << 23

// batches are all layers but the first, down to the deepest that there is in the
// pictures, as many at a time as the memory lets.
func (j *judge) batches() (batches [][]int) {
	info, held := j.model.Info(), mostFeatures
	for l := 1; l < len(info.Layers) && info.CheckLayer(l, j.height, j.width) == nil; l++ {
		h, w := info.FeatureSize(l, j.height, j.width)
		values := info.Layers[l].Channels * h * w
		if held += values; held > mostFeatures {
			batches, held = append(batches, nil), values
		}
		last := &batches[len(batches)-1]
		*last = append(*last, l)
	}
	return batches
}

// distances adds those of some layers.
func (j *judge) distances(ctx context.Context, layers []int, to map[int]measure.Layer) error {
	var grams []int
	if j.style != nil {
		grams = layers
	}
	own, err := j.extract(ctx, j.image, layers, grams)
	if err != nil {
		return err
	}
	original, err := j.extract(ctx, j.content, layers, grams)
	if err != nil {
		return err
	}
	for i, l := range layers {
		channels := j.model.Info().Layers[l].Channels
		to[l] = measure.Layer{Content: number(measure.ContentDistance(own.Features[i], original.Features[i], channels))}
	}
	if j.style == nil {
		return nil
	}
	target, err := j.extract(ctx, j.style, nil, grams)
	if err != nil {
		return err
	}
	for i, l := range layers {
		d := number(measure.StyleDistance(own.Grams[i], original.Grams[i], target.Grams[i]))
		to[l] = measure.Layer{Content: to[l].Content, Style: d}
	}
	return nil
}

// extract runs the network on a picture. Gram matrices are means over positions.
func (j *judge) extract(ctx context.Context, img image.Image, features, grams []int) (runtime.Extraction, error) {
	info := j.model.Info()
	t := normalised(img, info)
	var terms []runtime.GramTerm
	for _, l := range grams {
		h, w := info.FeatureSize(l, t.Height, t.Width)
		terms = append(terms, runtime.GramTerm{Layer: l, Scale: 1 / float32(h*w)})
	}
	return j.model.Extract(ctx, t, features, terms)
}

// meanContent is the content distance, nil if one of its layers was not measured.
func meanContent(layers map[int]measure.Layer) *float64 {
	sum := 0.0
	for _, l := range contentJudges {
		d := layers[l].Content
		if d == nil {
			return nil
		}
		sum += *d / float64(len(contentJudges))
	}
	return &sum
}
