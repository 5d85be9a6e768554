package zellige

import (
	"image"
	"slices"

	"zellige/picture"
	"zellige/runtime"
)

// scene is the pictures of a stage, at its sizes.
type scene struct {
	info          *runtime.Info
	height, width int
	content       image.Image // nil if absent, as for a texture
	styles        []sceneStyle
	details       []float32 // of the content; see [scene.detail]
}

// sceneStyle is a style at the size of a stage, normalised.
type sceneStyle struct {
	runtime.Image
	share float64     // of all styles, which add up to 1
	mask  image.Image // nil if absent: the style takes what the masks leave
}

// scene resizes and recolours the pictures of a stage.
func (p *Plan) scene(s *Stage) *scene {
	c := &scene{info: p.Info, height: s.Height, width: s.Width}
	if p.Pictures.Content != nil {
		c.content = picture.Resize(p.Pictures.Content, s.Width, s.Height)
	}
	for i, style := range p.Styles {
		size := s.Styles[i]
		c.styles = append(c.styles, sceneStyle{tensor(style.Image, size.Y, size.X, p.Info), style.Weight, style.Mask})
	}
	c.recolor(&p.Options)
	return c
}

// recolor gives the content the styles' colours, or the styles those of the content,
// as the options ask for.
func (c *scene) recolor(o *Options) {
	if c.content == nil || len(c.styles) == 0 {
		return
	}
	if o.KeepColors == KeepMatch {
		content := normalised(c.content, c.info)
		for i := range c.styles {
			c.styles[i].Pixels = picture.MatchColors(c.styles[i].Pixels, content.Pixels, 1)
		}
	}
	if o.Recolor > 0 {
		pixels := c.recolored(normalised(c.content, c.info).Pixels, o.Recolor)
		c.content = picture.FromTensor(pixels, c.width, c.height, c.info.Mean, c.info.Std, picture.Clip)
	}
}

// recolored returns pixels, [3][height*width], with the colours moved towards those
// of the styles, of each where its mask lets it.
func (c *scene) recolored(pixels []float32, amount float64) []float32 {
	if amount == 0 || len(c.styles) == 0 {
		return pixels
	}
	moved, n := append([]float32(nil), pixels...), c.height*c.width
	shares := make([]float32, n) // of all styles at a pixel
	masks := c.masks(c.height, c.width)
	for k, s := range c.styles {
		for i, v := range masks[k] {
			shares[i] += float32(s.share) * v
		}
	}
	for k, s := range c.styles {
		colors := picture.MatchColors(pixels, s.Pixels, amount)
		for i, v := range colors {
			if share := float32(s.share) * masks[k][i%n]; share > 0 {
				// In full where styles cover the pixel, in part at the soft edges of the whole.
				moved[i] += (v - pixels[i]) * share / max(shares[i%n], float32(s.share))
			}
		}
	}
	return moved
}

// detail is how much the content changes about each pixel, [height*width] in 0..1; nil without a content.
func (c *scene) detail() []float32 {
	if c.details == nil && c.content != nil {
		c.details = picture.Detail(normalised(c.content, c.info).Pixels, c.height, c.width)
	}
	return c.details
}

// masked reports whether a style is not everywhere.
func (p *Plan) masked() bool {
	return slices.ContainsFunc(p.Styles, func(s Style) bool { return s.Mask != nil })
}

// masks are where the styles are painted, by style, at the size of a layer's
// features or of the picture, [height*width] in 0..1.
func (c *scene) masks(height, width int) [][]float32 {
	rest := slices.Repeat([]float32{1}, height*width)
	all := make([][]float32, len(c.styles))
	for k, s := range c.styles {
		if s.mask == nil {
			all[k] = rest // once it is
			continue
		}
		all[k] = maskAt(s.mask, height, width)
		for i, v := range all[k] {
			rest[i] = max(0, rest[i]-v)
		}
	}
	return all
}

// covered is how much of all styles is painted, [n] in 0..1: the sum of their masks.
func covered(masks [][]float32, n int) []float32 {
	sum := make([]float32, n)
	for _, mask := range masks {
		for i, v := range mask {
			sum[i] = min(1, sum[i]+v)
		}
	}
	return sum
}

// maskAt is a mask at a size, [height*width] in 0..1: its grey is the mean of red,
// green and blue.
func maskAt(mask image.Image, height, width int) []float32 {
	values := make([]float32, height*width)
	rgb := picture.ToTensor(picture.Resize(mask, width, height), [3]float32{}, [3]float32{1, 1, 1})
	for i := range values {
		values[i] = (rgb[i] + rgb[len(values)+i] + rgb[2*len(values)+i]) / 3
	}
	return values
}

// checkRest refuses masks that leave nothing to a style that has none.
func (p *Plan) checkRest() error {
	i := slices.IndexFunc(p.Styles, func(s Style) bool { return s.Mask == nil })
	if i < 0 || !p.masked() {
		return nil
	}
	c := &scene{}
	for _, s := range p.Styles {
		c.styles = append(c.styles, sceneStyle{mask: s.Mask})
	}
	if slices.Max(c.masks(p.Working.Y, p.Working.X)[i]) > leastGrey {
		return nil
	}
	return &OptionError{Option: "Styles.Mask", Reason: "leaves nothing to a style without a mask; give it one, or leave the style out"}
}

// leastGrey is what two masks that complete each other may leave by rounding.
const leastGrey = 0.5 / 255

// tensor resizes a picture and normalises it.
func tensor(img image.Image, height, width int, info *runtime.Info) runtime.Image {
	return normalised(picture.Resize(img, width, height), info)
}

// normalised is a resized picture as the network reads it.
func normalised(resized image.Image, info *runtime.Info) runtime.Image {
	size := resized.Bounds().Size()
	return runtime.Image{Height: size.Y, Width: size.X, Pixels: picture.ToTensor(resized, info.Mean, info.Std)}
}

// source makes parts of the content as the network reads them, so that the whole,
// which is three times as large, is never held.
func (c *scene) source() runtime.Source {
	return func(part runtime.Image, top, left int) {
		r := image.Rect(left, top, left+part.Width, top+part.Height)
		picture.PartToTensor(part.Pixels, c.content, r, c.info.Mean, c.info.Std)
	}
}
