package picture

import "image"

// upsampler enlarges the chroma planes of a picture to full size, row by row.
type upsampler struct {
	src      *image.YCbCr
	w        int     // of the luma plane
	cw, ch   int     // of the chroma planes
	blend    []int32 // one chroma row mixed from two, times 4
	cbs, crs []uint8 // the rows handed out, a little longer than w
	rowOf    func(dst, plane []uint8, y int)
}

func newUpsampler(src *image.YCbCr) *upsampler {
	horizontal, vertical := subsampling(src.SubsampleRatio)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	u := &upsampler{src: src, w: w, cw: ceilDiv(w, horizontal), ch: ceilDiv(h, vertical)}
	u.blend = make([]int32, u.cw)
	u.cbs, u.crs = make([]uint8, w+horizontal), make([]uint8, w+horizontal)
	u.rowOf = u.repeated(horizontal, vertical)
	// libjpeg interpolates horizontally only if there are three samples or more.
	switch {
	case src.Rect.Min != image.Point{}: // a cut-out; decoders never return one
	case horizontal == 2 && vertical == 2 && u.cw > 2:
		u.rowOf = u.triangle2x2
	case horizontal == 2 && vertical == 1 && u.cw > 2:
		u.rowOf = u.triangle2x1
	case horizontal == 1 && vertical == 2:
		u.rowOf = u.triangle1x2
	}
	return u
}

// subsampling returns how many luma samples share one chroma sample.
func subsampling(ratio image.YCbCrSubsampleRatio) (horizontal, vertical int) {
	switch ratio {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// row returns the chroma of luma row y. The slices are valid until the next call.
func (u *upsampler) row(y int) (cb, cr []uint8) {
	u.rowOf(u.cbs, u.src.Cb, y)
	u.rowOf(u.crs, u.src.Cr, y)
	return u.cbs[:u.w], u.crs[:u.w]
}

func (u *upsampler) samples(plane []uint8, row int) []uint8 {
	return plane[row*u.src.CStride:][:u.cw]
}

// nearAndFar are the chroma rows above and below luma row y, the nearer first.
// Beyond the edge the outermost row stands in for the missing one.
func (u *upsampler) nearAndFar(plane []uint8, y int) (near, far []uint8) {
	other := y/2 - 1 + y%2*2
	return u.samples(plane, y/2), u.samples(plane, min(max(other, 0), u.ch-1))
}

// repeated is the plain method for the ratios that libjpeg does not interpolate.
func (u *upsampler) repeated(horizontal, vertical int) func(dst, plane []uint8, y int) {
	return func(dst, plane []uint8, y int) {
		minPoint := u.src.Rect.Min
		first := minPoint.X / horizontal
		from := plane[((minPoint.Y+y)/vertical-minPoint.Y/vertical)*u.src.CStride:]
		for x := range u.w {
			dst[x] = from[(minPoint.X+x)/horizontal-first]
		}
	}
}

// triangle2x1 weighs the nearer sample 3/4 and the farther 1/4
// (jdsample.c, h2v1_fancy_upsample); the two outermost samples stay as they are.
func (u *upsampler) triangle2x1(dst, plane []uint8, y int) {
	in, last := u.samples(plane, y), u.cw-1
	dst[0] = in[0]
	for i := range last {
		a, b := int32(in[i]), int32(in[i+1])
		dst[2*i+1] = uint8((3*a + b + 2) >> 2)
		dst[2*i+2] = uint8((a + 3*b + 1) >> 2)
	}
	dst[2*last+1] = in[last]
}

// triangle1x2 is the same between rows (h1v2_fancy_upsample).
func (u *upsampler) triangle1x2(dst, plane []uint8, y int) {
	near, far := u.nearAndFar(plane, y)
	round := 1 + int32(y%2)
	for x := range near {
		dst[x] = uint8((3*int32(near[x]) + int32(far[x]) + round) >> 2)
	}
}

// triangle2x2 does both: weights 9, 3, 3 and 1 sixteenths (h2v2_fancy_upsample).
func (u *upsampler) triangle2x2(dst, plane []uint8, y int) {
	near, far := u.nearAndFar(plane, y)
	mix, last := u.blend, u.cw-1
	for x := range near {
		mix[x] = 3*int32(near[x]) + int32(far[x])
	}
	dst[0] = uint8((4*mix[0] + 8) >> 4)
	for i := range last {
		dst[2*i+1] = uint8((3*mix[i] + mix[i+1] + 7) >> 4)
		dst[2*i+2] = uint8((mix[i] + 3*mix[i+1] + 8) >> 4)
	}
	dst[2*last+1] = uint8((4*mix[last] + 7) >> 4)
}
