package picture

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/kovidgoyal/imaging/prism/meta/icc"
)

// Limits on what a profile may hold. The largest in use, of presses, have 2 to
// 3 MB. The library allocates by the counts it reads and takes quadratic time
// over curves that go up and down, so these are checked beforehand.
const (
	maxProfileBytes   = 8 << 20
	maxProfileTags    = 1024
	maxCurvePoints    = 4096 // ICC.1, 10.10, gives tables no more
	maxDeviceChannels = 4
)

// profile converts the colours of a device, as an embedded ICC profile
// describes it, to sRGB. Colours outside sRGB are clipped, channel by channel.
type profile struct {
	name  string
	space icc.ColorSpace // of the device: ColorSpaceRGB, ColorSpaceGray or ColorSpaceCMYK
	// toSRGB takes three channels of 0 to 1 (four by TransformGeneral). A grey
	// profile takes the same value three times.
	toSRGB *icc.Pipeline
}

// readProfile reads an ICC profile. The rendering intent is perceptual with the
// black points matched, as Little CMS does it for its own sRGB profile.
func readProfile(data []byte) (p *profile, err error) {
	if err := checkProfile(data); err != nil {
		return nil, err
	}
	// The library indexes damaged tags without looking at their length.
	defer recoverDamage(&err)
	space := icc.ColorSpace(binary.BigEndian.Uint32(data[16:]))
	channels := 3
	if space == icc.ColorSpaceCMYK {
		channels = 4
	}
	data, err = knownForm(data, space)
	if err != nil {
		return nil, err
	}
	parsed, err := icc.DecodeProfile(bytes.NewReader(data))
	if err != nil {
		return nil, errRareProfile
	}
	toSRGB, err := parsed.CreateTransformerToSRGB(icc.PerceptualRenderingIntent, true, channels, true, false, true)
	if err != nil {
		return nil, errRareProfile
	}
	name, _ := parsed.Description()
	name = cmp.Or(strings.TrimRight(name, "\x00"), "without a name")
	return &profile{name, space, toSRGB}, nil
}

var (
	errDamagedProfile = errors.New("it is damaged")
	// errRareProfile stands for what the library says, which quotes the profile's bytes.
	errRareProfile = errors.New("it is damaged or of a rare kind")
)

// recoverDamage turns a panic of the library into an error. To be deferred.
func recoverDamage(err *error) {
	if recover() != nil {
		*err = errDamagedProfile
	}
}

// headerEnd is where the number of tags lies, behind a profile's header (ICC.1, 7.2).
const headerEnd = 128

// tag is one row of a profile's table of tags.
type tag struct {
	signature string
	data      []byte
}

// checkProfile makes sure that reading the profile takes little memory and time.
func checkProfile(data []byte) error {
	if len(data) < headerEnd+4 || string(data[36:40]) != "acsp" {
		return errDamagedProfile
	}
	if len(data) > maxProfileBytes {
		return fmt.Errorf("it has %d bytes; the limit is %d", len(data), maxProfileBytes)
	}
	tags, err := tagTable(data)
	if err != nil {
		return err
	}
	for _, t := range tags {
		if err := checkTag(t.data); err != nil {
			return err
		}
	}
	return checkCurves(data)
}

func tagTable(data []byte) ([]tag, error) {
	count := int64(binary.BigEndian.Uint32(data[headerEnd:]))
	first := headerEnd + 4 + 12*count
	if count > maxProfileTags || first > int64(len(data)) {
		return nil, errDamagedProfile
	}
	tags := make([]tag, count)
	for i := range tags {
		row := data[headerEnd+4+12*i:]
		at, size := int64(binary.BigEndian.Uint32(row[4:])), int64(binary.BigEndian.Uint32(row[8:]))
		if at < first || at+size > int64(len(data)) {
			return nil, errors.New("it is truncated or damaged")
		}
		tags[i] = tag{string(row[:4]), knownType(data[at : at+size])}
	}
	return tags, nil
}

// checkTag looks at the tables that tags of these types hold (ICC.1, 10.10 to 10.13).
func checkTag(data []byte) error {
	if bytes.HasPrefix(data, []byte("curv")) {
		return checkCurves(data[:min(len(data), 12)]) // its name may have been another
	}
	if len(data) < 32 {
		return nil // too short for a table
	}
	switch string(data[:4]) {
	case "mft1":
		return checkChannels(data)
	case "mft2":
		if len(data) < 52 {
			return errDamagedProfile
		}
		in, out := binary.BigEndian.Uint16(data[48:]), binary.BigEndian.Uint16(data[50:])
		if in > maxCurvePoints || out > maxCurvePoints {
			return fmt.Errorf("a curve has %d points; the limit is %d", max(in, out), maxCurvePoints)
		}
		return checkChannels(data)
	case "mAB ", "mBA ":
		table := int64(binary.BigEndian.Uint32(data[24:]))
		if table != 0 && (table+20 > int64(len(data)) || data[table+16] != 1 && data[table+16] != 2) {
			return errDamagedProfile
		}
		return checkChannels(data)
	}
	return nil
}

func checkChannels(data []byte) error {
	if in, out := data[8], data[9]; max(in, out) > maxDeviceChannels {
		return fmt.Errorf("it has %d channels in and %d out; the limit is %d", in, out, maxDeviceChannels)
	}
	return nil
}

// checkCurves looks at every curve, also those inside other tags. The library
// does not mind what the four reserved bytes behind the name are.
func checkCurves(data []byte) error {
	for rest := data; ; {
		_, after, found := bytes.Cut(rest, []byte("curv"))
		if !found {
			return nil
		}
		if len(after) >= 8 {
			if n := binary.BigEndian.Uint32(after[4:]); n > maxCurvePoints {
				return fmt.Errorf("a curve has %d points; the limit is %d", n, maxCurvePoints)
			}
		}
		rest = after
	}
}
