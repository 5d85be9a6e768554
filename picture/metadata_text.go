package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"unicode/utf8"
)

// Text is a remark inside a picture file. Key has 1 to 79 Latin letters, digits,
// signs and single spaces ("Software", "Recipe"); Value is any UTF-8 without
// the character NUL.
type Text struct {
	Key, Value string
}

// maxTextBytes bounds the value of one text when read.
const maxTextBytes = 16 << 20

const pngSignature = "\x89PNG\r\n\x1a\n"

// headerBytes is where chunks may be inserted: behind the signature and the
// first chunk, IHDR, whose 13 bytes come with a length, a name and a checksum.
const headerBytes = len(pngSignature) + 4 + 4 + 13 + 4

// textChunks encodes texts as tEXt if plain ASCII, else as iTXt
// (PNG specification, 11.3.3).
func textChunks(meta []Text) ([]byte, error) {
	var chunks []byte
	for _, t := range meta {
		if err := t.check(); err != nil {
			return nil, err
		}
		if isASCII(t.Value) {
			chunks = appendChunk(chunks, "tEXt", t.Key+"\x00"+t.Value)
		} else {
			chunks = appendChunk(chunks, "iTXt", t.Key+"\x00\x00\x00\x00\x00"+t.Value)
		}
	}
	return chunks, nil
}

func (t Text) check() error {
	switch {
	case len(t.Key) < 1 || len(t.Key) > 79:
		return fmt.Errorf("text key %q: it has %d bytes, PNG allows 1 to 79", t.Key, len(t.Key))
	case !isKey(t.Key):
		return fmt.Errorf("text key %q: PNG allows ASCII letters, digits, signs and single inner spaces", t.Key)
	case !utf8.ValidString(t.Value) || bytes.ContainsRune([]byte(t.Value), 0):
		return fmt.Errorf("text %q: its value is not UTF-8 or contains NUL", t.Key)
	case len(t.Value) > maxTextBytes:
		return fmt.Errorf("text %q: its value has %d bytes, the limit is %d", t.Key, len(t.Value), maxTextBytes)
	}
	return nil
}

func isKey(key string) bool {
	previous := byte(' ')
	for i := range len(key) {
		c := key[i]
		if c < ' ' || c > '~' || c == ' ' && previous == ' ' {
			return false
		}
		previous = c
	}
	return previous != ' '
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func appendChunk(dst []byte, name, data string) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(data)))
	dst = append(dst, name...)
	dst = append(dst, data...)
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE([]byte(name+data)))
}

func insertChunks(file, chunks []byte) []byte {
	out := make([]byte, 0, len(file)+len(chunks))
	out = append(out, file[:headerBytes]...)
	out = append(out, chunks...)
	return append(out, file[headerBytes:]...)
}

// ReadText returns the text that a PNG file holds under key, and whether there
// is one. It understands tEXt, zTXt and iTXt chunks. A file that is no PNG, is
// truncated or has a damaged text chunk is an error.
func ReadText(path, key string) (string, bool, error) {
	data, err := ReadBytes(path)
	if err != nil {
		return "", false, err
	}
	value, found, err := findText(data, key)
	if err != nil {
		return "", false, fmt.Errorf("read text from %q: %w", path, err)
	}
	return value, found, nil
}

func findText(file []byte, key string) (value string, found bool, err error) {
	if !hasMagic(file, pngSignature) {
		return "", false, errors.New("it is not a PNG file; only PNG files hold texts")
	}
	for chunk := range pngChunks(file) {
		if chunk.name == "IEND" {
			return "", false, nil
		}
		if t, ok, err := chunk.text(); err != nil {
			return "", false, err
		} else if ok && t.Key == key {
			return t.Value, true, nil
		}
	}
	return "", false, errors.New("the PNG data ends too early; the file is truncated")
}

// text is that of a text chunk, unless it is larger than a text may be.
func (c pngChunk) text() (t Text, ok bool, err error) {
	isText := c.name == "tEXt" || c.name == "zTXt" || c.name == "iTXt"
	switch {
	case !isText || len(c.data) > maxTextBytes:
		return Text{}, false, nil
	case !c.hasChecksum():
		return Text{}, false, fmt.Errorf("the checksum of a %s chunk is wrong; the file is damaged", c.name)
	}
	return parseText(c.name, c.data)
}

// parseText splits a text chunk; ok is false for other chunks.
func parseText(name string, data []byte) (t Text, ok bool, err error) {
	key, rest, found := bytes.Cut(data, []byte{0})
	if !found {
		return Text{}, false, nil
	}
	t.Key = string(key)
	switch name {
	case "tEXt":
		t.Value = fromLatin1(rest)
	case "zTXt":
		value, err := inflateText(rest[min(1, len(rest)):])
		if err != nil {
			return Text{}, false, err
		}
		t.Value = fromLatin1(value)
	case "iTXt":
		t.Value, err = parseInternational(rest)
	default:
		return Text{}, false, nil
	}
	return t, err == nil, err
}

// parseInternational takes what follows the key of an iTXt chunk: a compression
// flag and method, a language, a translated key and the value.
func parseInternational(rest []byte) (string, error) {
	fields := bytes.SplitN(rest[min(2, len(rest)):], []byte{0}, 3)
	if len(fields) < 3 {
		return "", errors.New("an iTXt chunk lacks its parts; the file is damaged")
	}
	if rest[0] == 0 {
		return string(fields[2]), nil
	}
	value, err := inflateText(fields[2])
	return string(value), err
}

// inflateText unpacks the value of a text.
func inflateText(data []byte) ([]byte, error) {
	value, err := inflate(data, maxTextBytes)
	if err != nil {
		return nil, fmt.Errorf("a compressed text is damaged: %w", err)
	}
	return value, nil
}

// inflate stops at limit: a few kilobytes can hold gigabytes of zeros.
func inflate(data []byte, limit int) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	value, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if len(value) > limit {
		return nil, fmt.Errorf("it is larger than %d bytes", limit)
	}
	return value, nil
}

func fromLatin1(data []byte) string {
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return string(runes)
}
