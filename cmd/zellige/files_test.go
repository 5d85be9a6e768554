package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"

	"zellige/models"
	"zellige/picture"
	"zellige/runtime"
)

// writeTestFiles makes the files that the scripts read: small pictures, files
// that are no whole pictures, and models that are none.
func writeTestFiles(folder string) error {
	withoutLayers, err := modelWithoutLayers()
	if err != nil {
		return err
	}
	content := encodePNG(waves(24, 20))
	for name, data := range map[string][]byte{
		"content.png":         content,
		"style.png":           encodePNG(checks(32, 28)),
		"photo.jpg":           encodeJPEG(waves(40, 30)),
		"one-pixel.png":       encodePNG(waves(1, 1)),
		"tiny.png":            encodePNG(waves(12, 10)),
		"thin.png":            encodePNG(waves(3, 3000)),
		"long.png":            encodePNG(waves(8, 300)),
		"wide.png":            encodePNG(waves(60, 20)),
		"white.png":           encodePNG(flat(24, 20, 255)),
		"black.png":           encodePNG(flat(24, 20, 0)),
		"left.png":            encodePNG(leftHalf(24, 20)),
		"clear.png":           encodePNG(onlyLeft(24, 20)),
		"no-end.jpg":          bytes.TrimSuffix(encodeJPEG(waves(40, 30)), []byte{0xff, 0xd9}),
		"phone.heic":          []byte("\x00\x00\x00\x18ftypmsf1\x00\x00\x00\x00msf1hevc"),
		"empty.png":           nil,
		"truncated.png":       content[:len(content)/2],
		"truncated.jpg":       encodeJPEG(waves(40, 30))[:600],
		"text.png":            []byte("this is no picture\n"),
		"huge.png":            hugePNG(),
		"truncated.onnx":      models.SqueezeNet[:len(models.SqueezeNet)/2],
		"squeezenet.onnx":     models.SqueezeNet,
		"text.onnx":           []byte("this is no model\n"),
		"foreign.onnx":        protowire.AppendBytes(protowire.AppendTag(nil, 7, protowire.BytesType), nil),
		"without-layers.onnx": withoutLayers,
		"damaged.onnx":        damaged(models.SqueezeNet, []byte{1}),
		"hostile.onnx":        hostileModel(),
		"unknown.onnx":        sealed(bytes.ReplaceAll(models.SqueezeNet, []byte("HardSigmoid"), []byte("HardToTrust"))),
		"matchless.onnx":      sealed(bytes.ReplaceAll(models.SqueezeNet, []byte("match_average"), []byte("other_average"))),
		"glass.png":           encodePNG(glass(24, 20)),
		"bad-profile.png":     withChunk(content, "iCCP", "camera\x00\x00no profile"),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o666); err != nil {
			return err
		}
	}
	if err := picture.WriteWith(filepath.Join(folder, "camera.jpg"), waves(40, 30), picture.Metadata{EXIF: turnedEXIF()}); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Join(folder, "out"), 0o777)
}

// glass is waves whose left half one can see through.
func glass(w, h int) image.Image {
	img := waves(w, h).(*image.NRGBA)
	for i := 3; i < len(img.Pix); i += 4 {
		if i/4%w < w/2 {
			img.Pix[i] = 0
		}
	}
	return img
}

// turnedEXIF is that of a camera held upright, which a maker took with it.
func turnedEXIF() []byte {
	exif := []byte("MM\x00*\x00\x00\x00\x08\x00\x02")
	exif = append(exif, "\x01\x0f\x00\x02\x00\x00\x00\x08\x00\x00\x00\x26"...)                 // maker, at 38
	exif = append(exif, "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"...) // orientation 6; no next directory
	return append(exif, "Obscura\x00"...)
}

// withChunk puts a chunk behind the header of a PNG file.
func withChunk(file []byte, name, data string) []byte {
	const header = 8 + 12 + 13
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	chunk = append(chunk, name+data...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Concat(file[:header], chunk, file[header:])
}

// waves stays between the bounds that transfer clamps to.
func waves(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(60 + 5*x%100), uint8(70 + 7*y%90), uint8(80 + 3*(x+y)%70), 255})
		}
	}
	return img
}

// flat is a mask of one grey.
func flat(w, h int, grey uint8) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = grey
	}
	return img
}

// onlyLeft is the same mask drawn with transparency for black.
func onlyLeft(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, image.Rect(0, 0, w/2, h), image.White, image.Point{}, draw.Src)
	return img
}

// leftHalf is a mask of the left half.
func leftHalf(w, h int) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(img, image.Rect(0, 0, w/2, h), image.White, image.Point{}, draw.Src)
	return img
}

func checks(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(200 * (x / 4 % 2)), uint8(180 * (y / 3 % 2)), uint8(8 * x), 255})
		}
	}
	return img
}

func encodePNG(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func encodeJPEG(img image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// hugePNG declares 60000x60000 pixels and holds a few bytes.
func hugePNG() []byte {
	file := encodePNG(waves(8, 8))
	header := file[8+4 : 8+4+4+13] // behind the signature and the length: name and data
	binary.BigEndian.PutUint32(header[4:], 60000)
	binary.BigEndian.PutUint32(header[8:], 60000)
	binary.BigEndian.PutUint32(file[8+4+4+13:], crc32.ChecksumIEEE(header))
	return file
}

// modelWithoutLayers is a whole ONNX model that says it keeps the contract and
// lacks most of its names.
func modelWithoutLayers() ([]byte, error) {
	graph, err := runtime.ParseGraph(models.SqueezeNet)
	if err != nil {
		return nil, err
	}
	cut, err := graph.Cut([]string{"image"}, []string{"feature.3"})
	if err != nil {
		return nil, err
	}
	return sealed(append(cut.Encode(), metadata(models.SqueezeNet)...)), nil
}

// hostileModel has a weight that is no number, and the checksum of such a model.
func hostileModel() []byte {
	return sealed(damaged(models.SqueezeNet, bytes.Repeat([]byte{0xff}, 8))) // at least one whole float32
}

// damaged has other bytes in the kernels of layer 3.
func damaged(model, other []byte) []byte {
	model = bytes.Clone(model)
	copy(model[len(model)/30:], other)
	return model
}

// sealed replaces the entry of the metadata that tells the model's checksum.
func sealed(model []byte) []byte {
	const key = "zellige.sha256"
	var rest []byte
	for len(model) > 0 {
		_, _, size := protowire.ConsumeField(model)
		if size > 200 || !bytes.Contains(model[:size], []byte(key)) {
			rest = append(rest, model[:size]...)
		}
		model = model[size:]
	}
	entry := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), key)
	entry = protowire.AppendString(protowire.AppendTag(entry, 2, protowire.BytesType), fmt.Sprintf("%x", sha256.Sum256(rest)))
	return protowire.AppendBytes(protowire.AppendTag(rest, metadataProps, protowire.BytesType), entry)
}

const metadataProps = 14 // the field of an ONNX model

// metadata copies the metadata of an ONNX model.
func metadata(model []byte) (fields []byte) {
	for len(model) > 0 {
		number, _, size := protowire.ConsumeField(model)
		if number == metadataProps {
			fields = append(fields, model[:size]...)
		}
		model = model[size:]
	}
	return fields
}
