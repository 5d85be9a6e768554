package main

import "math/rand/v2"

// enamel is one recipe of glaze: its colour where it is thin and where it has pooled.
type enamel struct {
	thin, pooled rgb
	uneven       float64 // how strongly the kiln varies it: 0 not at all, 1 as usual
}

var (
	cobalt    = enamel{srgb(0x2f66c4), srgb(0x0b1f6b), 0.9}
	turquoise = enamel{srgb(0x56c9c4), srgb(0x0a7388), 1.2}
	emerald   = enamel{srgb(0x3f9a5a), srgb(0x0a4a2c), 1.0}
	honey     = enamel{srgb(0xf0b840), srgb(0xb86a10), 0.9}
	milk      = enamel{srgb(0xf3ead6), srgb(0xd9c6a0), 0.7}
	manganese = enamel{srgb(0x4a2c33), srgb(0x140c14), 0.8}
	oxblood   = enamel{srgb(0xc2492b), srgb(0x6e1712), 0.9}

	clay  = srgb(0xc98a5e)
	grout = srgb(0xcfc3ac)
)

// recipe is the colour plan: two kinds of stars, and two kinds of hearts, alternate like the squares of a chessboard.
func recipe(p piece) enamel {
	odd := (p.col+p.row)%2 == 1
	switch p.role {
	case centre:
		return pick(odd, oxblood, honey)
	case kite:
		return pick(odd, emerald, cobalt)
	case dart:
		return milk
	case heart:
		return pick(odd, honey, manganese)
	default:
		return turquoise
	}
}

func pick(odd bool, a, b enamel) enamel {
	if odd {
		return a
	}
	return b
}

// fired takes the piece through the kiln: every tile comes out a little lighter or darker, warmer or cooler.
func fired(p piece, rng *rand.Rand) enamel {
	e := recipe(p)
	light := max(0.6, 1+0.2*rng.NormFloat64()*e.uneven)
	warm := 0.07 * rng.NormFloat64() * e.uneven
	cast := rgb{light * (1 + warm), light, light * (1 - warm)}
	return enamel{e.thin.mul(cast), e.pooled.mul(cast), e.uneven * (0.6 + 0.8*rng.Float64())}
}
