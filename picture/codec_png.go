package picture

import (
	"bytes"
	"image"
	"image/png"
	"io"
)

func encodePNG(w io.Writer, img image.Image, meta Metadata) error {
	chunks, err := textChunks(meta.Texts)
	if err != nil {
		return err
	}
	if len(meta.EXIF) > 0 {
		size := img.Bounds().Size()
		chunks = appendChunk(chunks, "eXIf", string(sizedEXIF(meta.EXIF, size.X, size.Y)))
	}
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return err
	}
	_, err = w.Write(insertChunks(file.Bytes(), chunks))
	return err
}
