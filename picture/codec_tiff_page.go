package picture

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Tags of TIFF 6.0 and its supplements.
const (
	tagSubfileType     = 254
	tagWidth           = 256
	tagHeight          = 257
	tagBitsPerSample   = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagFillOrder       = 266
	tagStripOffsets    = 273
	tagSamplesPerPixel = 277
	tagRowsPerStrip    = 278
	tagStripByteCounts = 279
	tagPlanar          = 284
	tagT4Options       = 292
	tagPredictor       = 317
	tagColorMap        = 320
	tagTileWidth       = 322
	tagTileLength      = 323
	tagTileOffsets     = 324
	tagTileByteCounts  = 325
	tagSubDirectories  = 330
	tagExtraSamples    = 338
	tagSampleFormat    = 339
	tagJPEGTables      = 347
	tagCoefficients    = 529
	tagSubsampling     = 530
	tagReferenceLevels = 532
)

var layoutTags = []uint16{
	tagBitsPerSample, tagCompression, tagPhotometric, tagFillOrder, tagStripOffsets, tagSamplesPerPixel, tagRowsPerStrip,
	tagStripByteCounts, tagPlanar, tagT4Options, tagPredictor, tagColorMap, tagTileWidth, tagTileLength, tagTileOffsets,
	tagTileByteCounts, tagExtraSamples, tagSampleFormat, tagJPEGTables, tagSubsampling,
}

// Photometric interpretations.
const (
	whiteIsZero  = 0
	blackIsZero  = 1
	tiffRGB      = 2
	tiffPalette  = 3
	separated    = 5
	tiffYCbCr    = 6
	filterArray  = 32803 // of DNG 1.4: one colour a pixel, as the sensor saw it
	linearSensor = 34892
)

// tiffPage is one picture of a TIFF file: how its samples are laid out in blocks,
// which are strips or tiles.
type tiffPage struct {
	tiffTags
	width, height   int
	bits            int // of a sample: 1, 2, 4, 8 or 16
	samples         int // of a pixel
	photometric     uint64
	compression     uint64
	planes          int // samples, if each has blocks of its own, or 1
	blockW, blockH  int
	tiled           bool
	offsets, counts []uint64
	doubts          []string // what is doubtful though it can be shown
}

func (p *tiffPage) doubt(what string) {
	if !slices.Contains(p.doubts, what) {
		p.doubts = append(p.doubts, what)
	}
}

// doubtful is nil, or what is doubtful about a picture that is shown.
func (p *tiffPage) doubtful() error {
	if p.doubts == nil {
		return nil
	}
	return shownAnyway(strings.Join(p.doubts, "; "))
}

var errRaw = errors.New("it is a raw photograph, of which zellige could see only the thumbnail; export it as TIFF or JPEG with the camera's program, darktable or RawTherapee")

// choosePage takes the first picture of the file, but for one that is marked as a
// reduced copy: then the first that is not, or, since raw photographs begin with
// their thumbnail, the one in a directory below it.
func (f tiffFile) choosePage(first uint64) (tiffTags, error) {
	const maxPages = 64 // also ends a circle of directories
	var all []tiffTags
	for at := first; at != 0 && len(all) < maxPages; {
		t, next, err := f.tags(at)
		if err != nil && len(all) == 0 {
			return nil, err
		}
		if err != nil {
			break
		}
		all = append(all, t)
		at = next
	}
	if len(all) == 0 {
		return nil, errDamagedTIFF
	}
	all = slices.Concat(all[:1], f.below(all[0], maxPages), all[1:])
	if slices.ContainsFunc(all, tiffTags.isSensor) {
		return nil, errRaw
	}
	if i := slices.IndexFunc(all, tiffTags.isFull); i >= 0 {
		return all[i], nil
	}
	if all[0].number(tagSubfileType, 0)&1 != 0 {
		return nil, errRaw
	}
	return all[0], nil
}

func (f tiffFile) below(t tiffTags, limit int) (pages []tiffTags) {
	places := t.numbers(tagSubDirectories)
	for _, at := range places[:min(len(places), limit)] {
		if page, _, err := f.tags(at); err == nil {
			pages = append(pages, page)
		}
	}
	return pages
}

// isFull is false for reduced copies (bit 0) and transparency masks (bit 2).
func (t tiffTags) isFull() bool {
	return t.number(tagSubfileType, 0)&5 == 0 && t.number(tagWidth, 0) > 0
}

func (t tiffTags) isSensor() bool {
	p := t.number(tagPhotometric, 0)
	return p == filterArray || p == linearSensor
}

// openTIFFPage finds the page of a file and its size, and checks nothing else.
func openTIFFPage(data []byte) (*tiffPage, error) {
	f, first, err := openTIFFFile(data)
	if err != nil {
		return nil, err
	}
	tags, err := f.choosePage(first)
	if err != nil {
		return nil, err
	}
	const sane = 1 << 31
	w, h := tags.number(tagWidth, 0), tags.number(tagHeight, 0)
	if w >= sane || h >= sane {
		return nil, errDamagedTIFF
	}
	return &tiffPage{tiffTags: tags, width: int(w), height: int(h)}, nil
}

// layOut reads how the samples of a page are laid out.
func (p *tiffPage) layOut() error {
	for _, tag := range layoutTags {
		if field, there := p.tiffTags[tag]; there && field.count == 0 {
			return errEndsEarly // what it is by default would give another picture
		}
	}
	p.photometric = p.number(tagPhotometric, 0)
	p.compression = p.number(tagCompression, 1)
	bits := p.numbers(tagBitsPerSample)
	if len(bits) == 0 {
		bits = []uint64{1}
	}
	samples := p.number(tagSamplesPerPixel, uint64(len(bits)))
	if samples < 1 || samples > 64 {
		return errDamagedTIFF
	}
	p.samples, p.planes = int(samples), 1
	if p.number(tagPlanar, 1) == 2 {
		p.planes = p.samples
	}
	if err := p.checkSamples(bits); err != nil {
		return err
	}
	return p.layOutBlocks()
}

func (p *tiffPage) checkSamples(bits []uint64) error {
	for _, b := range bits[:min(len(bits), p.samples)] {
		if b != bits[0] {
			return unsupported("its channels have different numbers of bits")
		}
	}
	switch bits[0] {
	case 1, 2, 4, 8, 16:
		p.bits = int(bits[0])
	default:
		return unsupported(fmt.Sprintf("it has %d bits per channel, not 1, 2, 4, 8 or 16", bits[0]))
	}
	for _, format := range p.numbers(tagSampleFormat) {
		if format == 2 || format == 3 {
			return unsupported("its samples are signed or floating-point numbers")
		}
	}
	return p.checkColors()
}

// checkColors refuses colours that cannot be shown, or that lack a channel.
func (p *tiffPage) checkColors() error {
	need := map[uint64]int{whiteIsZero: 1, blackIsZero: 1, tiffRGB: 3, tiffPalette: 1, separated: 4, tiffYCbCr: 3}[p.photometric]
	switch {
	case need == 0:
		return unsupported("its colours are of a rare kind (such as L*a*b*), not grey, RGB, CMYK, YCbCr or a palette")
	case p.samples < need:
		return errDamagedTIFF
	case p.photometric == tiffPalette && p.bits > 8, p.photometric == tiffYCbCr && p.bits != 8:
		return unsupported(fmt.Sprintf("it has %d bits per channel in colours of this kind", p.bits))
	}
	return nil
}

func (p *tiffPage) layOutBlocks() error {
	p.offsets, p.counts = p.numbers(tagStripOffsets), p.numbers(tagStripByteCounts)
	blockW, blockH := uint64(p.width), min(p.number(tagRowsPerStrip, 1<<32-1), uint64(p.height))
	if p.tiled = p.number(tagTileWidth, 0) > 0; p.tiled {
		blockW, blockH = p.number(tagTileWidth, 0), p.number(tagTileLength, 0)
		if offsets := p.numbers(tagTileOffsets); offsets != nil { // some writers name them as strips
			p.offsets, p.counts = offsets, p.numbers(tagTileByteCounts)
		}
	}
	const maxTile = 1 << 14
	if blockW < 1 || blockH < 1 || p.tiled && (blockW > maxTile || blockH > maxTile) {
		return errDamagedTIFF
	}
	p.blockW, p.blockH = int(blockW), int(blockH)
	n := p.planes * p.across() * p.down()
	if len(p.offsets) < n { // lengths may be missing: a block ends where its code says
		return errDamagedTIFF
	}
	return nil
}

func (p *tiffPage) across() int { return ceilDiv(p.width, p.blockW) }

func (p *tiffPage) down() int { return ceilDiv(p.height, p.blockH) }
