package picture

import (
	"encoding/binary"
	"errors"
)

// tiffFile is a TIFF file (TIFF 6.0, section 2) or a BigTIFF file, whose offsets
// and counts have eight bytes.
type tiffFile struct {
	data  []byte
	order binary.ByteOrder
	big   bool
}

// tiffTags are the fields of one directory.
type tiffTags map[uint16]tiffField

// tiffField is the value of a tag: count numbers of a type, or bytes.
type tiffField struct {
	order binary.ByteOrder
	kind  uint16
	count int
	raw   []byte // the values
	entry []byte // the field in its directory, behind the tag
}

// Types of TIFF 6.0, section 2, and of BigTIFF, with the bytes that a value takes.
var tiffSizes = [...]int{tiffByte: 1, 2: 1, tiffShort: 2, tiffLong: 4, tiffFraction: 8, 6: 1, tiffBytes: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}

const (
	tiffByte     = 1
	tiffShort    = 3
	tiffLong     = 4
	tiffFraction = 5 // two numbers
	tiffBytes    = 7 // of no defined meaning
)

var errDamagedTIFF = errors.New("its directory is damaged")

// openTIFFFile also returns where the first directory lies.
func openTIFFFile(data []byte) (f tiffFile, first uint64, err error) {
	if len(data) < 8 {
		return f, 0, errEndsEarly
	}
	f = tiffFile{data: data, order: binary.LittleEndian, big: data[2] == '+' || data[3] == '+'}
	if data[0] == 'M' {
		f.order = binary.BigEndian
	}
	if !f.big {
		return f, uint64(f.order.Uint32(data[4:])), nil
	}
	if len(data) < 16 {
		return f, 0, errEndsEarly
	}
	return f, f.order.Uint64(data[8:]), nil
}

// tags reads the directory at an offset, and where the next one lies, 0 if none.
// Fields whose values are not all there, or of no known type, are without any.
func (f tiffFile) tags(at uint64) (t tiffTags, next uint64, err error) {
	count, head, size, word := uint64(0), uint64(2), uint64(12), uint64(4)
	if f.big {
		head, size, word = 8, 20, 8
	}
	switch {
	case at < 8 || at > uint64(len(f.data)) || uint64(len(f.data))-at < head:
		return nil, 0, errDamagedTIFF
	case f.big:
		count = f.order.Uint64(f.data[at:])
	default:
		count = uint64(f.order.Uint16(f.data[at:]))
	}
	rest := f.data[at+head:]
	if count > uint64(len(rest))/size {
		return nil, 0, errDamagedTIFF
	}
	t = tiffTags{}
	for ; count > 0; count-- {
		tag := f.order.Uint16(rest)
		if _, twice := t[tag]; !twice {
			t[tag] = f.field(rest[2:size], word)
		}
		rest = rest[size:]
	}
	if uint64(len(rest)) >= word {
		next = f.number(rest, word)
	}
	return t, next, nil
}

func (f tiffFile) number(b []byte, word uint64) uint64 {
	if word == 8 {
		return f.order.Uint64(b)
	}
	return uint64(f.order.Uint32(b))
}

// field reads an entry behind its tag: type, count, and the value or its place.
func (f tiffFile) field(entry []byte, word uint64) tiffField {
	kind := f.order.Uint16(entry)
	if int(kind) >= len(tiffSizes) || tiffSizes[kind] == 0 {
		return tiffField{}
	}
	count, value := f.number(entry[2:], word), entry[2+word:]
	if count > uint64(len(f.data))/uint64(tiffSizes[kind]) {
		return tiffField{}
	}
	length := count * uint64(tiffSizes[kind])
	if length > word {
		at := f.number(value, word)
		if at > uint64(len(f.data)) || length > uint64(len(f.data))-at {
			return tiffField{}
		}
		value = f.data[at:]
	}
	return tiffField{f.order, kind, int(count), value[:length], entry}
}

// numbers returns the values of a tag of whole numbers, and nil for any other.
func (t tiffTags) numbers(tag uint16) []uint64 {
	field := t[tag]
	if field.count == 0 {
		return nil
	}
	values := make([]uint64, field.count)
	for i := range values {
		v, ok := field.at(i)
		if !ok {
			return nil
		}
		values[i] = v
	}
	return values
}

// fractions returns the values of a tag of fractions or whole numbers, and nil for any
// other.
func (t tiffTags) fractions(tag uint16) (values []float64) {
	field := t[tag]
	if field.kind != tiffFraction {
		for _, v := range t.numbers(tag) {
			values = append(values, float64(v))
		}
		return values
	}
	for parts := field.raw; len(parts) >= 8; parts = parts[8:] {
		values = append(values, float64(field.order.Uint32(parts))/float64(field.order.Uint32(parts[4:])))
	}
	return values
}

// at returns one whole number; a negative one counts as 0.
func (f tiffField) at(i int) (v uint64, ok bool) {
	switch f.kind {
	case tiffByte, tiffBytes:
		return uint64(f.raw[i]), true
	case tiffShort:
		return uint64(f.order.Uint16(f.raw[2*i:])), true
	case tiffLong, 13:
		return uint64(f.order.Uint32(f.raw[4*i:])), true
	case 16, 18:
		return f.order.Uint64(f.raw[8*i:]), true
	case 6:
		return uint64(max(int8(f.raw[i]), 0)), true
	case 8:
		return uint64(max(int16(f.order.Uint16(f.raw[2*i:])), 0)), true
	case 9:
		return uint64(max(int32(f.order.Uint32(f.raw[4*i:])), 0)), true
	case 17:
		return uint64(max(int64(f.order.Uint64(f.raw[8*i:])), 0)), true
	}
	return 0, false
}

// number returns the first value of a tag of whole numbers, or what it is by default.
func (t tiffTags) number(tag uint16, byDefault uint64) uint64 {
	if field := t[tag]; field.count > 0 {
		if v, ok := field.at(0); ok {
			return v
		}
	}
	return byDefault
}
