package picture

import (
	"bytes"
	"compress/zlib"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTextRoundTrip(t *testing.T) {
	texts := []Text{
		{"Software", "zellige 1.0"},
		{"Recipe", `{"content":"lion.png","weights":[1,2]}` + "\nsecond line"},
		{"Title", "Löwe 🦁"},
		{"Empty", ""},
		{"Large", strings.Repeat("0123456789", 20000)},
	}
	path := filepath.Join(t.TempDir(), "a.png")
	img := solid(5, 4, 1, 2, 3)
	if err := Write(path, img, texts...); err != nil {
		t.Fatal(err)
	}
	for _, want := range texts {
		got, found, err := ReadText(path, want.Key)
		if err != nil || !found || got != want.Value {
			t.Errorf("%s: %.40q, %v, %v; want %.40q", want.Key, got, found, err, want.Value)
		}
	}
	if got, found, err := ReadText(path, "Missing"); got != "" || found || err != nil {
		t.Errorf("missing key: %q, %v, %v", got, found, err)
	}
	back, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(shallow(back).Pix) != string(img.Pix) {
		t.Error("texts changed the pixels")
	}
}

func TestWriteRefusesBadTexts(t *testing.T) {
	tests := []struct {
		text Text
		want string
	}{
		{Text{"", "x"}, "PNG allows 1 to 79"},
		{Text{strings.Repeat("k", 80), "x"}, "PNG allows 1 to 79"},
		{Text{" Key", "x"}, "single inner spaces"},
		{Text{"Key ", "x"}, "single inner spaces"},
		{Text{"K  y", "x"}, "single inner spaces"},
		{Text{"K\x00y", "x"}, "single inner spaces"},
		{Text{"Clé", "x"}, "ASCII"},
		{Text{"Key", "a\x00b"}, "contains NUL"},
		{Text{"Key", "\xff"}, "not UTF-8"},
		{Text{"Key", strings.Repeat("x", maxTextBytes+1)}, "the limit is 16777216"},
	}
	for _, test := range tests {
		path := filepath.Join(t.TempDir(), "a.png")
		err := Write(path, solid(1, 1, 0, 0, 0), test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("text %.20q: error %.200v, want %q", test.text, err, test.want)
		}
		noFile(t, filepath.Dir(path))
	}
}

// pngWith is a file that holds one more chunk.
func pngWith(t testing.TB, name, data string) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := encodePNG(&file, solid(1, 1, 0, 0, 0), Metadata{}); err != nil {
		t.Fatal(err)
	}
	return insertChunks(file.Bytes(), appendChunk(nil, name, data))
}

func deflated(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFindTextOfOtherPrograms(t *testing.T) {
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"tEXt is Latin-1", pngWith(t, "tEXt", "Key\x00caf\xe9"), "café"},
		{"zTXt", pngWith(t, "zTXt", "Key\x00\x00"+deflated(t, "packed")), "packed"},
		{"iTXt", pngWith(t, "iTXt", "Key\x00\x00\x00fr\x00Clé\x00café"), "café"},
		{"iTXt packed", pngWith(t, "iTXt", "Key\x00\x01\x00\x00\x00"+deflated(t, "café")), "café"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, found, err := findText(test.file, "Key")
			if got != test.want || !found || err != nil {
				t.Errorf("%q, %v, %v; want %q", got, found, err, test.want)
			}
		})
	}
}

func TestFindTextErrors(t *testing.T) {
	good := pngWith(t, "tEXt", "Key\x00value")
	wrongSum := bytes.Clone(good)
	wrongSum[bytes.Index(good, []byte("value"))] = 'V'
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"no png", []byte("GIF89a and more"), "it is not a PNG file"},
		{"truncated", good[:headerBytes+6], "truncated"},
		{"truncated in a text", good[:headerBytes+10], "the file is damaged"},
		{"no end", good[:len(good)-12], "truncated"},
		{"damaged", wrongSum, "checksum of a tEXt chunk is wrong"},
		{"zTXt that is none", pngWith(t, "zTXt", "Key\x00\x00rubbish"), "compressed text is damaged"},
		{"zTXt of nothing", pngWith(t, "zTXt", "Key\x00"), "compressed text is damaged"},
		{"iTXt without parts", pngWith(t, "iTXt", "Key\x00\x00"), "lacks its parts"},
		{"bomb", pngWith(t, "zTXt", "Key\x00\x00"+deflated(t, strings.Repeat("0", maxTextBytes+1))), "larger than"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, found, err := findText(test.file, "Other")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%q, %v, error %v; want error %q", got, found, err, test.want)
			}
		})
	}
}

func TestReadTextErrorsNameTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(path, []byte("\xff\xd8\xff and so on"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, path + ".none", filepath.Dir(path)} {
		if _, _, err := ReadText(p, "Key"); err == nil || strings.Count(err.Error(), p) != 1 {
			t.Errorf("error %v, want one that names %q once", err, p)
		}
	}
}

func FuzzFindText(f *testing.F) {
	f.Add(pngWith(f, "tEXt", "Key\x00value"))
	f.Add(pngWith(f, "zTXt", "Key\x00\x00"+deflated(f, "packed")))
	f.Add(pngWith(f, "iTXt", "Key\x00\x01\x00fr\x00Clé\x00"+deflated(f, "café")))
	f.Fuzz(func(t *testing.T, file []byte) {
		value, found, err := findText(file, "Key")
		if err != nil && found {
			t.Fatal("found and error at once")
		}
		if len(value) > 2*maxTextBytes {
			t.Fatalf("a text of %d bytes", len(value))
		}
	})
}
