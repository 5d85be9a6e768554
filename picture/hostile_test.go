package picture

import (
	"bytes"
	"compress/lzw"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"zellige/internal/shorttest"
)

// Files that lie are refused, or their lie is ignored, soon and in little memory.
func TestHostileFiles(t *testing.T) {
	shorttest.Skip(t)
	plain := pngWith(t, "tEXt", "Key\x00value")
	zeros := zeroBomb(t, 1<<30)
	tests := []struct {
		name string
		data []byte
		want string // empty: the picture is read
	}{
		{"png that declares 2 gigapixels", pngOfSize(t, 46341, 46341), "limit of 200 megapixels"},
		{"png whose colour profile unpacks to 1 GiB", insertChunks(plain, appendChunk(nil, "iCCP", "x\x00\x00"+zeros)), ""},
		{"png whose zTXt unpacks to 1 GiB", insertChunks(plain, appendChunk(nil, "zTXt", "Key\x00\x00"+zeros)), ""},
		{"png whose iTXt unpacks to 1 GiB", insertChunks(plain, appendChunk(nil, "iTXt", "Key\x00\x01\x00\x00\x00"+zeros)), ""},
		{"png whose pixels unpack to 1 GiB", pngOfZeros(zeros), ""},
		{"gif of a 14000x14000 screen", gifOfSize(t, 14000, 14000), "has only"},
		{"gif frame larger than its screen", gifOfSize(t, 1, 1), ""},
		{"gif frame that unpacks to more than its pixels", gifOfZeros(t, 1<<26), ""},
		{"tiff that declares 4 gigapixels", tiffOfZeros(65535, 65535, zeros), "limit of 200 megapixels"},
		{"tiff that declares 196 megapixels", tiffOfZeros(14000, 14000, "x"), "has only"},
		{"tiff whose strip unpacks to 1 GiB", tiffOfZeros(8, 8, zeros), ""},
		{"tiff of directories in a circle", exifBlock(binary.LittleEndian, []uint32{8}, []row{{tagEXIFDirectory, tiffLong, 1, 8}}), "at least 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var before, after goruntime.MemStats
			goruntime.ReadMemStats(&before)
			start := time.Now()
			_, err := DecodeFile(test.data)
			took := time.Since(start)
			goruntime.ReadMemStats(&after)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 64<<20 {
				t.Errorf("allocated %d MiB", allocated>>20)
			}
			if took > 10*time.Second { // a second at most, on an idle machine
				t.Errorf("took %v", took)
			}
		})
	}
}

// zeroBomb is n zeros, packed a thousandfold.
func zeroBomb(t *testing.T, n int64) string {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(writeZeros(w, n), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func writeZeros(w io.Writer, n int64) error {
	_, err := io.CopyN(w, zeroReader{}, n)
	return err
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// pngOfZeros is 8x8 grey pixels, but has more data.
func pngOfZeros(packed string) []byte {
	file := []byte(pngSignature)
	file = appendChunk(file, "IHDR", "\x00\x00\x00\x08\x00\x00\x00\x08\x08\x00\x00\x00\x00")
	file = appendChunk(file, "IDAT", packed)
	return appendChunk(file, "IEND", "")
}

// gifOfZeros is 4x4 pixels, but has n.
func gifOfZeros(t *testing.T, n int64) []byte {
	t.Helper()
	file := bytes.NewBufferString("GIF89a\x04\x00\x04\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x04\x00\x04\x00\x00\x02")
	var packed bytes.Buffer
	w := lzw.NewWriter(&packed, lzw.LSB, 2)
	if err := errors.Join(writeZeros(w, n), w.Close()); err != nil {
		t.Fatal(err)
	}
	for packed.Len() > 0 {
		block := packed.Next(255)
		file.WriteByte(byte(len(block)))
		file.Write(block)
	}
	file.WriteString("\x00;")
	return file.Bytes()
}

// tiffOfZeros is one deflated strip of grey pixels, whatever the strip unpacks to.
func tiffOfZeros(w, h uint32, strip string) []byte {
	rows := []row{
		{0x0100, tiffLong, 1, w}, {0x0101, tiffLong, 1, h}, {0x0102, tiffShort, 1, 8}, {0x0103, tiffShort, 1, 8},
		{0x0106, tiffShort, 1, 1}, {0x0111, tiffLong, 1, 0}, {0x0115, tiffShort, 1, 1}, {0x0116, tiffLong, 1, h},
		{0x0117, tiffLong, 1, uint32(len(strip))},
	}
	rows[5].value = uint32(8 + 2 + 12*len(rows) + 4)
	return append(exifBlock(binary.LittleEndian, []uint32{0}, rows), strip...)
}

func TestReadBytesLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.png")
	if err := os.WriteFile(path, []byte(pngSignature), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, maxFileBytes+1); err != nil { // sparse: takes no room
		t.Fatal(err)
	}
	_, err := ReadBytes(path)
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "larger than 1073741824 bytes") {
		t.Errorf("error %v", err)
	}
}

// Hashing and decoding must see the same bytes.
func TestReadBytesThenDecode(t *testing.T) {
	path := filepath.Join("testdata", "decode", "420.jpg")
	data, err := ReadBytes(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, testFile(t, "decode", "420.jpg")) {
		t.Error("other bytes than the file's")
	}
	if _, err := ReadBytes("testdata/make.py"); err == nil || !strings.Contains(err.Error(), "not a picture") {
		t.Errorf("error %v", err)
	}
}
