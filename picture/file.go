package picture

import (
	"fmt"
	"image"
	"slices"
	"strings"
)

// File is a decoded image file.
type File struct {
	// Image is what [Read] returns: opaque, upright and in sRGB.
	Image image.Image
	// Alpha is the opacity of each pixel of Image, as large as Image, or nil if
	// the file is opaque all over. [WithAlpha] gives it to another picture.
	Alpha *image.Alpha16
	// Depth is the number of bits per channel of Image, 8 or 16.
	Depth int
	// EXIF is the file's EXIF data in the form of a TIFF file, ready for
	// [Metadata]: its orientation is 1, since Image stands upright, its colour
	// space is sRGB and its thumbnail is gone. All else is as it was, the place
	// where the photograph was taken included. It is nil if there is none, if it
	// is damaged or larger than a JPEG file can hold (65,527 bytes), and for TIFF
	// files, whose own tags are mixed with it.
	EXIF []byte
	// Profile is the name of the ICC profile that the colours were converted
	// from. It is empty if the file has none or one of sRGB.
	Profile string
	// Warning says in words what was wrong with the file though the picture could
	// be read: metadata that could not be used, checksums, a missing end. It is
	// empty if all is well.
	Warning string
}

// DecodeFile is [ReadFile] for the bytes of a file.
func DecodeFile(data []byte) (*File, error) {
	if err := checkIsPicture(data); err != nil {
		return nil, err
	}
	f, _ := sniff(data)
	img, fault, err := decodePixels(f, data)
	if err != nil {
		img, data, fault, err = decodeMended(f, data, err)
	}
	if err != nil {
		return nil, err
	}
	meta := f.meta(data)
	img, profile, profileErr := toSRGB(img, meta)
	angle, odd := meta.orientation()
	file := &File{
		Image:   upright(flatten(img), angle),
		Alpha:   uprightAlpha(alphaOf(img), angle),
		Profile: profile,
		EXIF:    keepEXIF(meta.exif),
	}
	file.Depth = depth(file.Image)
	faults := []string{fault}
	if odd {
		faults = append(faults, "it is turned as its EXIF data says in an unusual way; see whether it stands upright")
	}
	if profileErr != nil {
		faults = append(faults, fmt.Sprintf("%v; the colours are taken as sRGB", profileErr))
	}
	file.Warning = strings.Join(slices.DeleteFunc(faults, func(f string) bool { return f == "" }), "; ")
	return file, nil
}

// decodeMended tries again what failed, where other programs show the file. If
// that fails, too, the first error is the better one.
func decodeMended(f format, data []byte, first error) (img image.Image, mended []byte, fault string, err error) {
	if f.mend == nil {
		return nil, data, "", first
	}
	mended, fault = f.mend(data)
	img, doubt, err := decodePixels(f, mended)
	if err != nil {
		return nil, data, "", first
	}
	return img, mended, strings.Trim(fault+"; "+doubt, "; "), nil
}

// ReadSize is the size of what [Read] would return, as far as the image file at path declares it: no
// pixels are decoded. Errors are those of Read that the file's beginning tells.
func ReadSize(path string) (image.Point, error) {
	data, err := ReadBytes(path)
	if err != nil {
		return image.Point{}, err
	}
	size, err := declaredSize(data)
	if err != nil {
		return size, fmt.Errorf("read picture %q: %w", path, err)
	}
	return size, nil
}

func declaredSize(data []byte) (image.Point, error) {
	f, _ := sniff(data)
	size, err := f.size(data)
	if err != nil && f.mend != nil {
		mended, _ := f.mend(data)
		size, err = f.size(mended)
	}
	if err != nil {
		return size, decodeError(f, err)
	}
	if err := checkDeclaredSize(size.X, size.Y, len(data)); err != nil {
		return size, err
	}
	angle, _ := f.meta(data).orientation()
	return uprightSize(image.Rectangle{Max: size}, angle), nil
}

func depth(img image.Image) int {
	if _, deep := img.(*image.NRGBA64); deep {
		return 16
	}
	return 8
}
