package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"image/gif"
	"slices"
)

// decodeGIF decodes the first frame and puts it where it belongs on the
// logical screen, which a frame need not fill.
func decodeGIF(file []byte) (image.Image, error) {
	file = wideGIF(file)
	size, err := gifSize(file)
	if err != nil {
		return nil, err
	}
	frame, err := gif.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	canvas := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(canvas, frame.Bounds(), frame, frame.Bounds().Min, draw.Src)
	if frame.Bounds() != canvas.Rect {
		return canvas, shownAnyway("its first frame fills only a part; the rest is white")
	}
	return canvas, nil
}

func gifSize(file []byte) (image.Point, error) {
	config, err := gif.DecodeConfig(bytes.NewReader(wideGIF(file)))
	return image.Pt(config.Width, config.Height), err
}

// Blocks of a GIF file (GIF89a, sections 18 to 25).
const (
	gifHeader    = 13 // signature and screen
	gifExtension = 0x21
	gifImage     = 0x2c
)

// wideGIF enlarges the screen to hold the first frame, as browsers do, where it
// sticks out, and gives greys to a file that has no colours (GIF89a, section 19).
func wideGIF(file []byte) []byte {
	frame, colored, ok := firstFrame(file)
	if !ok {
		return file
	}
	if !colored {
		file = slices.Concat(file[:gifHeader], greys(), file[gifHeader:])
		file[10] |= 0x87 // 256 colours follow
	}
	w, h := binary.LittleEndian.Uint16(file[6:]), binary.LittleEndian.Uint16(file[8:])
	if frame.Max.X <= int(w) && frame.Max.Y <= int(h) || frame.Max.X > 0xffff || frame.Max.Y > 0xffff {
		return file
	}
	file = bytes.Clone(file)
	binary.LittleEndian.PutUint16(file[6:], max(w, uint16(frame.Max.X)))
	binary.LittleEndian.PutUint16(file[8:], max(h, uint16(frame.Max.Y)))
	return file
}

func greys() []byte {
	palette := make([]byte, 3*256)
	for i := range palette {
		palette[i] = byte(i / 3)
	}
	return palette
}

// firstFrame finds where the first frame lies on the screen, and whether it has colours.
func firstFrame(file []byte) (frame image.Rectangle, colored, ok bool) {
	if len(file) < gifHeader {
		return image.Rectangle{}, false, false
	}
	rest := file[gifHeader:]
	if flags := file[10]; flags&0x80 != 0 {
		rest = rest[min(3<<(flags&7+1), len(rest)):]
	}
	for len(rest) >= 10 && rest[0] == gifExtension {
		rest = rest[2:]
		for len(rest) > 0 && rest[0] != 0 {
			rest = rest[min(1+int(rest[0]), len(rest)):]
		}
		rest = rest[min(1, len(rest)):]
	}
	if len(rest) < 10 || rest[0] != gifImage {
		return image.Rectangle{}, false, false
	}
	at := func(i int) int { return int(binary.LittleEndian.Uint16(rest[i:])) }
	return image.Rect(at(1), at(3), at(1)+at(5), at(3)+at(7)), (file[10]|rest[9])&0x80 != 0, true
}
