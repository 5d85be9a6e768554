package main

import (
	"math"
	"math/rand/v2"
)

const (
	wavesSampling = 2    // samples per pixel and direction
	narrowestGap  = 12.0 // between lines anywhere; the widest is twice that
	lineSpacing   = 17.0 // between the lines of the painting where the stream is even, in reference pixels
	linesPerBand  = 3    // lines that share a hue
	calm          = 0.8  // of the way from a band's shadow to its light that its lines take
	purity        = 0.8  // of the paints' saturation: purer colours outweigh the content of a transfer
)

// bands are the hues from the top of the picture to its foot, each from the shadow of the wave to its light: a burning
// evening sky over a cold sea.
var bands = []ramp{
	paints(0x141a4e, 0x27419c, 0x3f7fd0),
	paints(0x2b1a5c, 0x6a3fa0, 0xb98ad0),
	paints(0x5e1240, 0xb52a5e, 0xf0809a),
	paints(0x7a1a18, 0xd8432a, 0xf79a6a),
	paints(0x8a3a08, 0xee8a1c, 0xffd060),
	paints(0xa8700c, 0xf4c430, 0xfff0a8),
	paints(0x7a2a20, 0xe0643c, 0xffb890),
	paints(0x1c4a50, 0x35a49a, 0xb0ecd8),
	paints(0x0c2c5a, 0x1f74b8, 0x84d0ee),
	paints(0x0f4a3a, 0x2f9a62, 0xb4e48c),
	paints(0x0a1f4c, 0x2450a8, 0x6fb4f0),
	paints(0x231650, 0x5a3aa0, 0xc49ae0),
	paints(0x0a2e40, 0x148090, 0x7ce0d4),
	paints(0x0a1030, 0x1a3278, 0x4a80c8),
}

// drawWaves paints flowing bands of parallel strokes: broad ones as a ground, then the lines themselves, then thin
// lights and darks.
func drawWaves(width int) *canvas {
	w, h := width*wavesSampling, width*3/4*wavesSampling
	e := &easel{float64(w) / referenceWidth, newCanvas(w, h), newField(w, h), newNoise(31)}
	p := newPainter()
	for i := range e.paint.pix {
		e.paint.pix[i] = srgb(0x10142c)
	}
	e.lay(p.strokes(1600, 1.4, 0.1, p.ground))
	e.lay(p.strokes(2600, 0.66, 0.12, p.line))
	e.lay(p.strokes(60, 0.3, 0.05, p.accent))
	return e.lit().shrink(wavesSampling)
}

// painter decides where strokes go and in which colour.
type painter struct {
	rng    *rand.Rand
	stream *stream
}

func newPainter() *painter {
	return &painter{rand.New(rand.NewPCG(1893, 4)), &stream{newNoise(21), []whirl{
		{vec{575, 165}, 100, 165},
		{vec{165, 60}, 90, -90},
		{vec{300, 400}, 120, 190},
		{vec{655, 470}, 95, -110},
	}}}
}

// strokes pulls n strokes along the lines of the stream, each thickness lines wide, in the colours that mixed gives for
// the line's number.
func (p *painter) strokes(n int, thickness, body float64, mixed func(line float64) rgb) []stroke {
	strokes := make([]stroke, 0, n)
	for range n {
		start := vec{lerp(-60, referenceWidth+20, p.rng.Float64()), lerp(-20, referenceWidth*0.75+20, p.rng.Float64())}
		spacing := p.spacing(start)
		level := math.Round(p.stream.level(start)/spacing) * spacing
		length := 140 + 220*p.rng.Float64()
		path := p.stream.follow(p.stream.onto(start, level), length, 5, -1)
		strokes = append(strokes, stroke{
			path: path, half: p.widths(path, spacing*thickness),
			color: mixed(level / lineSpacing), body: body, seed: p.rng.Float64() * 200,
		})
	}
	return strokes
}

// spacing is the difference in level between neighbouring lines at q: where the stream is flat and its lines part too
// far, others come between them; where it is steep and they crowd, some end.
func (p *painter) spacing(q vec) float64 {
	spacing, slope := lineSpacing, p.stream.slope(q).length()
	for spacing > 2*narrowestGap*slope && spacing > lineSpacing/8 {
		spacing /= 2
	}
	for spacing < narrowestGap*slope {
		spacing *= 2
	}
	return spacing
}

// widths lets the stroke swell where the lines part and thins it towards its end.
func (p *painter) widths(path []vec, spacing float64) []float64 {
	half := make([]float64, len(path))
	for i, q := range path {
		gap := spacing / max(0.05, p.stream.slope(q).length())
		t := float64(i) / float64(len(path)-1)
		half[i] = max(1.0, min(2*narrowestGap, gap)*(1-0.45*t*t))
	}
	return half
}

// shadeOf is the colour plan: lines go through their band's ramp from dark to light, and start again in the next.
func (p *painter) shadeOf(line, shift float64) rgb {
	band := math.Floor(line / linesPerBand)
	within := (line - band*linesPerBand + 0.5) / linesPerBand
	n := len(bands)
	hue := bands[((int(band)+2)%n+n)%n]
	return hue.at(0.5 + calm*(within-0.5) + shift).saturate(purity)
}

func (p *painter) ground(line float64) rgb { return p.shadeOf(line, -0.1).scale(0.9) }

// line varies the plan: one brush in fourteen still carries the colour of another band.
func (p *painter) line(line float64) rgb {
	if p.rng.IntN(14) == 0 {
		line += float64(linesPerBand * (1 + p.rng.IntN(3)))
	}
	return p.shadeOf(line, 0.06*p.rng.NormFloat64())
}

// accent is a thin light or dark line.
func (p *painter) accent(line float64) rgb {
	if p.rng.Float64() < 0.4 {
		return p.shadeOf(line, -0.6).scale(0.5)
	}
	return mix(p.shadeOf(line+float64(p.rng.IntN(3)*linesPerBand), 0.5), srgb(0xfff6e0), 0.3)
}
