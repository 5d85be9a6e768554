package picture

import "encoding/binary"

// tiffData is data in the form of a TIFF file, of which only the directories
// are looked at (TIFF 6.0, section 2). EXIF data has this form, too.
type tiffData struct {
	data  []byte
	order binary.ByteOrder
}

func openTIFF(data []byte) (tiffData, bool) {
	switch {
	case len(data) < 8:
		return tiffData{}, false
	case string(data[:4]) == "II*\x00":
		return tiffData{data, binary.LittleEndian}, true
	case string(data[:4]) == "MM\x00*":
		return tiffData{data, binary.BigEndian}, true
	}
	return tiffData{}, false
}

// first is where the first directory lies.
func (t tiffData) first() uint32 { return t.order.Uint32(t.data[4:]) }

// entry is one of a directory: tag, type, count and value or where that lies,
// 12 bytes in all. It shares memory with the data.
type entry []byte

// directory is a list of entries; next holds where the following directory
// lies and shares memory with the data, too.
type directory struct {
	order   binary.ByteOrder
	entries []byte
	next    []byte
}

// directory returns the one at an offset; ok is false if it is not all there.
func (t tiffData) directory(at uint32) (d directory, ok bool) {
	if int64(at)+2 > int64(len(t.data)) {
		return directory{}, false
	}
	rest := t.data[at:]
	size := 12 * int(t.order.Uint16(rest))
	if len(rest) < 2+size+4 {
		return directory{}, false
	}
	return directory{t.order, rest[2 : 2+size], rest[2+size : 2+size+4]}, true
}

// find returns the entry of a tag, or nil.
func (d directory) find(tag uint16) entry {
	for e := d.entries; len(e) >= 12; e = e[12:] {
		if d.order.Uint16(e) == tag {
			return entry(e[:12])
		}
	}
	return nil
}

// Types of TIFF 6.0, section 2.
const (
	tiffByte  = 1
	tiffShort = 3
	tiffLong  = 4
	tiffBytes = 7 // of no defined meaning
)

// number returns the only value of an entry that holds a SHORT or a LONG; a
// missing or other entry counts as 0, which is no valid offset or length.
func (t tiffData) number(e entry) uint32 {
	switch {
	case e == nil:
		return 0
	case t.order.Uint16(e[2:]) == tiffShort:
		return uint32(t.order.Uint16(e[8:]))
	case t.order.Uint16(e[2:]) == tiffLong:
		return t.order.Uint32(e[8:])
	}
	return 0
}

// set makes an entry hold the number v alone; a missing entry stays missing.
func (t tiffData) set(e entry, v uint32) {
	if e == nil {
		return
	}
	clear(e[2:])
	t.order.PutUint32(e[4:], 1)
	if v <= 0xffff {
		t.order.PutUint16(e[2:], tiffShort)
		t.order.PutUint16(e[8:], uint16(v))
		return
	}
	t.order.PutUint16(e[2:], tiffLong)
	t.order.PutUint32(e[8:], v)
}

// part returns length bytes at an offset, or nil if they are not all there.
func (t tiffData) part(offset, length uint32) []byte {
	if int64(offset)+int64(length) > int64(len(t.data)) {
		return nil
	}
	return t.data[offset:][:length]
}
