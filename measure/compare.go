package measure

import (
	"context"
	"image"
	"math"
	goruntime "runtime"

	"zellige/match"
	"zellige/picture"
	"zellige/runtime"
)

// contentLayers are those whose mean is the content distance.
var contentLayers = []int{4, 7, 9, 12}

// mostPixels is the largest picture that is compared at its own size; that of 1024
// pixels is smaller.
const mostPixels = 1 << 21

// Network is what comparing needs of a network.
type Network interface {
	// Info describes the layers and the normalisation.
	Info() *runtime.Info
	// Extract computes features and Gram matrices of one image.
	Extract(ctx context.Context, image runtime.Image, features []int, grams []runtime.GramTerm) (runtime.Extraction, error)
	match.Matcher
}

// All measures a picture beside the content and the style it was painted from;
// either may be nil, and then what needs it is left out. It works at the
// picture's own size: the content, which must have its shape, is resized to it,
// and the style's shorter side becomes as long as the picture's. For all but the
// total variation and the checker pictures of more than 2 megapixels are reduced
// to that.
//
// Errors: *[picture.UnusableError], or what the model reports. For a picture that is too
// small for layer 12, or a network without it, the values come with the
// *[picture.UnusableError] and lack what could not be measured.
func All(ctx context.Context, n Network, img, content, style image.Image) (Values, error) {
	c, err := newComparison(n, img, content, style)
	if err != nil {
		return Values{}, err
	}
	v := c.compare()
	v.TV, v.Checker = cleanness(img)
	if err := c.compareMatches(ctx, &v); err != nil {
		return v, err
	}
	if content != nil {
		err = c.compareLayers(ctx, &v)
	}
	return v, err
}

// cleanness is the total variation and the checker of a picture as it is.
func cleanness(img image.Image) (variation, checker float64) {
	p := FromImage(picture.Resize(img, img.Bounds().Dx(), img.Bounds().Dy())) // opaque
	return p.TotalVariation(), p.Checker()
}

// comparison holds the pictures at the sizes at which they are compared, opaque.
type comparison struct {
	network        Network
	height, width  int
	image          image.Image
	content, style image.Image // nil if absent
}

func newComparison(n Network, img, content, style image.Image) (*comparison, error) {
	size := img.Bounds().Size()
	height, width, err := picture.WorkingSize("image", img, comparedSize(size))
	if err != nil {
		return nil, err
	}
	c := &comparison{network: n, height: height, width: width, image: picture.Resize(img, width, height)}
	if content != nil {
		if err := picture.CheckShape("content", content, "image", size); err != nil {
			return nil, err
		}
		c.content = picture.Resize(content, width, height)
	}
	if style != nil {
		height, width, err := picture.WorkingSize("style", style, min(height, width))
		if err != nil {
			return nil, err
		}
		c.style = picture.Resize(style, width, height)
	}
	return c, nil
}

// comparedSize is the shorter side at which a picture is compared.
func comparedSize(size image.Point) int {
	short := min(size.X, size.Y)
	if pixels := size.X * size.Y; pixels > mostPixels {
		return int(float64(short) * math.Sqrt(mostPixels/float64(pixels)))
	}
	return short
}

// compare says what needs no network.
func (c *comparison) compare() (v Values) {
	own := FromImage(c.image)
	if c.content != nil {
		original := FromImage(c.content)
		v.SSIM, v.ColorContent = number(SSIM(own, original)), number(ColorDistance(own, original))
		v.Detail = number(Detail(own, original))
	}
	if c.style != nil {
		v.Color = number(ColorDistance(own, FromImage(c.style)))
	}
	return v
}

// number is nil if x is NaN or infinite, as a hostile network may make it.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// compareLayers says what the network sees of the image and the content, and of
// the style if there is one.
func (c *comparison) compareLayers(ctx context.Context, v *Values) error {
	v.Layers = map[int]Layer{}
	for _, some := range c.batches() {
		goruntime.GC() // what is left of the painting, or of the batch before
		if err := c.distances(ctx, some, v.Layers); err != nil {
			return err
		}
	}
	v.Content = meanContent(v.Layers)
	v.Style9, v.Style12 = v.Layers[9].Style, v.Layers[12].Style
	if err := c.network.Info().CheckLayer(12, c.height, c.width); err != nil {
		return &picture.UnusableError{Picture: "image", Reason: "cannot be measured: " + err.Error()}
	}
	return nil
}

// mostFeatures bounds the values of one picture's features that are held at a time,
// 32 MB, unless one layer alone has more.
const mostFeatures = 1 << 23

// batches are all layers but the first, down to the deepest that there is in the
// pictures, as many at a time as the memory lets.
func (c *comparison) batches() (batches [][]int) {
	info, held := c.network.Info(), mostFeatures
	for l := 1; l < len(info.Layers) && info.CheckLayer(l, c.height, c.width) == nil; l++ {
		h, w := info.FeatureSize(l, c.height, c.width)
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
func (c *comparison) distances(ctx context.Context, layers []int, to map[int]Layer) error {
	var grams []int
	if c.style != nil {
		grams = layers
	}
	own, err := c.extract(ctx, c.image, layers, grams)
	if err != nil {
		return err
	}
	original, err := c.extract(ctx, c.content, layers, grams)
	if err != nil {
		return err
	}
	for i, l := range layers {
		channels := c.network.Info().Layers[l].Channels
		to[l] = Layer{Content: number(ContentDistance(own.Features[i], original.Features[i], channels))}
	}
	if c.style == nil {
		return nil
	}
	target, err := c.extract(ctx, c.style, nil, grams)
	if err != nil {
		return err
	}
	for i, l := range layers {
		d := number(StyleDistance(own.Grams[i], original.Grams[i], target.Grams[i]))
		to[l] = Layer{Content: to[l].Content, Style: d}
	}
	return nil
}

// extract runs the network on a picture. Gram matrices are means over positions.
func (c *comparison) extract(ctx context.Context, img image.Image, features, grams []int) (runtime.Extraction, error) {
	info := c.network.Info()
	size := img.Bounds().Size()
	t := runtime.Image{Height: size.Y, Width: size.X, Pixels: picture.ToTensor(img, info.Mean, info.Std)}
	var terms []runtime.GramTerm
	for _, l := range grams {
		h, w := info.FeatureSize(l, t.Height, t.Width)
		terms = append(terms, runtime.GramTerm{Layer: l, Scale: 1 / float32(h*w)})
	}
	return c.network.Extract(ctx, t, features, terms)
}

// meanContent is the content distance, nil if one of its layers was not measured.
func meanContent(layers map[int]Layer) *float64 {
	sum := 0.0
	for _, l := range contentLayers {
		d := layers[l].Content
		if d == nil {
			return nil
		}
		sum += *d / float64(len(contentLayers))
	}
	return &sum
}
