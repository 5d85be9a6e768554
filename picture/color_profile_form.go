package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/kovidgoyal/imaging/prism/meta/icc"
)

// knownForm rewrites three kinds of profile that the library does not know in
// terms of one that it does: three curves and three primaries.
//
//   - Grey profiles become the RGB profile with the grey curve in each channel
//     and the primaries of sRGB, which turns greys into the same greys of sRGB.
//   - Curves that are straight lines are spelled out as power functions; by the
//     name of identity they upset the library.
//   - Tags of the types of Corbis and Monaco get the type's usual name.
func knownForm(data []byte, space icc.ColorSpace) ([]byte, error) {
	tags, err := tagTable(data)
	if err != nil {
		return nil, err
	}
	switch space {
	case icc.ColorSpaceGray:
		tags, err = greyAsRGB(data, tags)
		if err != nil {
			return nil, err
		}
	case icc.ColorSpaceRGB:
	case icc.ColorSpaceCMYK:
		return data, nil // has tables, no such curves
	default:
		return nil, errors.New("it describes other colours than RGB, grey or CMYK")
	}
	total := 0
	for i, t := range tags {
		if isStraight(t) {
			tags[i].data = straightCurve
		}
		total += len(tags[i].data)
	}
	if total > maxProfileBytes { // tags may share their bytes a thousand times
		return nil, errDamagedProfile
	}
	return writeProfile(data[:headerEnd], tags), nil
}

// knownType gives a tag of Corbis or Monaco, whose writers spelled its type in a way
// of their own, the usual name; Little CMS knows the same two.
func knownType(data []byte) []byte {
	for own, usual := range map[string]string{"\x17\xa5\x05\xb8": "XYZ ", "\x94\x78\xee\x00": "curv"} {
		if len(data) >= 8 && string(data[:4]) == own {
			return slices.Concat([]byte(usual), make([]byte, 4), data[8:])
		}
	}
	return data
}

// The primaries of sRGB, adapted to the D50 of profiles, as XYZ tags.
const (
	srgbRed   = "XYZ \x00\x00\x00\x00\x00\x00\x6f\xa2\x00\x00\x38\xf5\x00\x00\x03\x90"
	srgbGreen = "XYZ \x00\x00\x00\x00\x00\x00\x62\x99\x00\x00\xb7\x85\x00\x00\x18\xda"
	srgbBlue  = "XYZ \x00\x00\x00\x00\x00\x00\x24\xa0\x00\x00\x0f\x84\x00\x00\xb6\xcf"
)

func greyAsRGB(data []byte, tags []tag) ([]tag, error) {
	if string(data[20:24]) != "XYZ " {
		return nil, errors.New("it is a grey profile of a kind that is not read (over L*a*b*)")
	}
	kept := map[string][]byte{}
	for _, t := range tags {
		kept[t.signature] = t.data
	}
	curve := kept["kTRC"]
	if curve == nil {
		return nil, errors.New("it is a grey profile without a curve")
	}
	return []tag{
		{"desc", kept["desc"]},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
		{"rXYZ", []byte(srgbRed)}, {"gXYZ", []byte(srgbGreen)}, {"bXYZ", []byte(srgbBlue)},
	}, nil
}

// straightCurve is a parametric curve of type 3 (ICC.1, 10.18): 1 * x to the
// power of 1 from 0 on.
var straightCurve = []byte("para\x00\x00\x00\x00\x00\x03\x00\x00" +
	"\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00")

// isStraight knows the three spellings of a straight curve: no points, the
// exponent 1 and the parametric exponent 1.
func isStraight(t tag) bool {
	switch t.signature {
	case "rTRC", "gTRC", "bTRC":
	default:
		return false
	}
	for _, spelling := range []string{
		"curv\x00\x00\x00\x00\x00\x00\x00\x00",
		"curv\x00\x00\x00\x00\x00\x00\x00\x01\x01\x00",
		"para\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00",
	} {
		if bytes.HasPrefix(t.data, []byte(spelling)) {
			return true
		}
	}
	return false
}

// writeProfile lays tags out behind a header of an RGB profile.
func writeProfile(header []byte, tags []tag) []byte {
	p := bytes.Clone(header)
	copy(p[16:], "RGB ")
	p = binary.BigEndian.AppendUint32(p, uint32(len(tags)))
	at := len(p) + 12*len(tags)
	for _, t := range tags {
		p = append(p, t.signature...)
		p = binary.BigEndian.AppendUint32(p, uint32(at))
		p = binary.BigEndian.AppendUint32(p, uint32(len(t.data)))
		at += len(t.data)
	}
	for _, t := range tags {
		p = append(p, t.data...)
	}
	return p
}
