package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"iter"

	"golang.org/x/image/webp"
)

// decodeWebP decodes lossless and lossy files, and the first frame of animations.
func decodeWebP(file []byte) (image.Image, error) {
	still, err := findStill(file)
	if err != nil {
		return nil, err
	}
	img, err := decodeStill(still)
	if err != nil || still.frame.Size() == still.canvas {
		return img, err
	}
	canvas := image.NewNRGBA(image.Rectangle{Max: still.canvas})
	draw.Draw(canvas, still.frame, img, image.Point{}, draw.Src)
	return canvas, nil
}

// decodeStill converts lossy pictures, which hold BT.601 video colours (luma 16 to
// 235), since golang.org/x/image/webp hands them on as if they were JFIF's full range.
func decodeStill(still webpStill) (image.Image, error) {
	img, err := webp.Decode(bytes.NewReader(still.file()))
	if err != nil {
		return nil, err
	}
	switch src := img.(type) {
	case *image.YCbCr:
		return fromPlanes(src, videoToRGB), nil
	case *image.NYCbCrA:
		return withAlpha(fromPlanes(&src.YCbCr, videoToRGB), src), nil
	case *image.NRGBA:
		if still.pixels[4]&alphaIsUsed == 0 {
			for i := 3; i < len(src.Pix); i += 4 {
				src.Pix[i] = 255
			}
		}
	}
	return img, nil
}

// alphaIsUsed is a bit behind the size of a lossless picture. Without it the opacity of a
// pixel means nothing ("WebP Lossless Bitstream Specification", 3), and may be 0 all over.
const alphaIsUsed = 1 << 4

func webpSize(file []byte) (image.Point, error) {
	still, err := findStill(file)
	if err != nil {
		return image.Point{}, err
	}
	config, err := webp.DecodeConfig(bytes.NewReader(still.file()))
	if err != nil || config.Width != still.frame.Dx() || config.Height != still.frame.Dy() {
		return image.Point{}, errDamaged
	}
	return still.canvas, nil
}

// webpStill is a still picture inside a WebP file: the only one, or the first frame
// of an animation, at its place on the canvas.
type webpStill struct {
	canvas image.Point
	frame  image.Rectangle
	alpha  []byte // chunk of the opacity, nil if none
	name   string // of the chunk of the pixels, "VP8 " or "VP8L"
	pixels []byte
}

const webpHeader = 12 // RIFF, a length, WEBP

// findStill walks the chunks (Google, "WebP Container Specification").
func findStill(file []byte) (webpStill, error) {
	var s webpStill
	for name, data := range webpChunks(file[min(webpHeader, len(file)):]) {
		switch {
		case name == "VP8X" && len(data) >= 10:
			s.canvas = image.Pt(1+int24(data[4:]), 1+int24(data[7:]))
		case name == "ANMF" && len(data) >= 16:
			at := image.Pt(2*int24(data), 2*int24(data[3:]))
			s.frame = image.Rectangle{Min: at, Max: at.Add(image.Pt(1+int24(data[6:]), 1+int24(data[9:])))}
			for name, data := range webpChunks(data[16:]) {
				s.take(name, data)
			}
		default:
			s.take(name, data)
		}
		if s.pixels != nil {
			return s, s.measure()
		}
	}
	return s, errEndsEarly
}

func (s *webpStill) take(name string, data []byte) {
	switch {
	case s.pixels != nil:
	case name == "ALPH":
		s.alpha = data
	case name == "VP8 ", name == "VP8L":
		s.name, s.pixels = name, data
	}
}

// measure takes the size of the pixels, which need not agree with what stands before.
func (s *webpStill) measure() error {
	config, err := webp.DecodeConfig(bytes.NewReader(riffFile(riffChunk(s.name, s.pixels))))
	if err != nil {
		return err
	}
	size := image.Pt(config.Width, config.Height)
	s.frame.Max = s.frame.Min.Add(size)
	if s.canvas == (image.Point{}) || s.frame.Min == (image.Point{}) && !s.frame.In(image.Rectangle{Max: s.canvas}) {
		s.canvas = size
	}
	return nil
}

// file is the picture in a file of its own.
func (s webpStill) file() []byte {
	pixels := riffChunk(s.name, s.pixels)
	if s.alpha == nil || s.name != "VP8 " {
		return riffFile(pixels)
	}
	const hasAlpha = 1 << 4
	w, h := s.frame.Dx()-1, s.frame.Dy()-1
	extended := []byte{hasAlpha, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)}
	return riffFile(riffChunk("VP8X", extended), riffChunk("ALPH", s.alpha), pixels)
}

func int24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// webpChunks yields the name and the content of chunks, but for one cut short.
func webpChunks(rest []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for len(rest) >= 8 {
			name, length := string(rest[:4]), uint64(binary.LittleEndian.Uint32(rest[4:]))
			rest = rest[8:]
			if length > uint64(len(rest)) || !yield(name, rest[:length]) {
				return
			}
			rest = rest[min(length+length%2, uint64(len(rest))):]
		}
	}
}

func riffChunk(name string, data []byte) []byte {
	c := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))
	c = append(c, data...)
	return append(c, make([]byte, len(data)%2)...)
}

func riffFile(chunks ...[]byte) []byte {
	body := bytes.Join(chunks, nil)
	f := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+len(body)))
	return append(append(f, "WEBP"...), body...)
}

// videoToRGB follows libwebp's fixed-point BT.601 conversion (src/dsp/yuv.h).
func videoToRGB(y, cb, cr uint8) (r, g, b uint8) {
	scale := func(v uint8, by int32) int32 { return int32(v) * by >> 8 }
	luma := scale(y, 19077)
	return clampByte((luma + scale(cr, 26149) - 14234) >> 6),
		clampByte((luma - scale(cb, 6419) - scale(cr, 13320) + 8708) >> 6),
		clampByte((luma + scale(cb, 33050) - 17685) >> 6)
}

func withAlpha(dst *image.NRGBA, src *image.NYCbCrA) *image.NRGBA {
	for y := range dst.Rect.Dy() {
		row := dst.Pix[y*dst.Stride:]
		for x, a := range src.A[y*src.AStride:][:dst.Rect.Dx()] {
			row[4*x+3] = a
		}
	}
	return dst
}
