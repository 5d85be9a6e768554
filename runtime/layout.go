package runtime

import (
	"fmt"
	"slices"
)

// layout says what evaluating an objective computes. It is made here alone: the
// evaluation executes it, and the forecasts of memory and work add it up.
type layout struct {
	gradient bool    // whether the gradient is wanted beside the losses
	atOnce   bool    // one run over the whole picture; else sweeps over pieces
	shares   []share // of the segments, from the pixels on; one if at once
}

// share is what one segment of the network has to do for an objective.
type share struct {
	segment
	picture               area // of what the segment reads
	content, style, match []term

	// The sweeps over pieces; nil if absent.
	forward  *sweep // for Gram matrices and for what the segment hands on
	backward *sweep // for content and matching losses and for the gradient
}

// term is one of an objective's terms, as far as its work goes.
type term struct {
	index      int // among the objective's terms of its kind
	layer      int
	average    int  // the side of the squares of features that a match term averages; 1 of other terms
	masked     bool // a style term of a region
	recomputed bool // a content term whose target is computed again for every piece
}

// sweep is a pass over pieces that compute the layers up to deepest.
type sweep struct {
	deepest       int
	rows, columns division
}

// layout divides the work of an objective. The error says how many pixels the pieces
// must have at least.
func (i *Info) layout(o *Objective, gradient bool) (*layout, error) {
	l := &layout{gradient: gradient, atOnce: !o.InPieces()}
	for _, s := range i.segments(o.deepest(), l.atOnce || o.Lean) {
		l.shares = append(l.shares, i.share(s, o))
	}
	if l.atOnce {
		return l, nil
	}
	for n := len(l.shares) - 1; n >= 0; n-- { // the last one needs the largest pieces
		s := &l.shares[n]
		if least := s.least(); least > o.Piece {
			return nil, fmt.Errorf("layer %d of a picture of %dx%d pixels needs pieces of at least %d pixels, not %d",
				s.deepest, o.Width, o.Height, least, o.Piece)
		}
		s.addSweeps(o.Piece, gradient)
	}
	return l, nil
}

// share is a segment's share of an objective, without its sweeps.
func (i *Info) share(s segment, o *Objective) share {
	h := share{segment: s, picture: s.picture(i, o.Height, o.Width)}
	for n, t := range o.Content {
		if s.has(t.Layer) {
			h.content = append(h.content, term{index: n, layer: t.Layer, average: 1, recomputed: t.Content != nil && o.Recomputes()})
		}
	}
	for n, t := range o.Style {
		if s.has(t.Layer) {
			h.style = append(h.style, term{index: n, layer: t.Layer, average: 1, masked: t.Mask != nil})
		}
	}
	for n, t := range o.Match {
		if s.has(t.Layer) {
			h.match = append(h.match, term{index: n, layer: t.Layer, average: i.Layers[t.Layer].MatchAverage})
		}
	}
	return h
}

// addSweeps adds those that the share needs: forward if there is a Gram matrix to
// compute or something to hand on, backward if there is a local loss or a gradient.
func (s *share) addSweeps(piece int, gradient bool) {
	if len(s.style) > 0 || !s.last {
		s.forward = s.sweep(s.forFeatures(), s.deepest, piece)
		if s.last {
			s.forward.deepest = deepestOf(s.style)
		}
	}
	if local := s.local(); len(local) > 0 || gradient {
		s.backward = s.sweep(s.forGradient(), s.deepest, piece)
		if !gradient {
			s.backward.deepest = deepestOf(local)
		}
	}
}

func (s *share) sweep(p purpose, deepest, piece int) *sweep {
	rows, columns := p.divide(s.picture.height(), s.picture.width(), s.most(piece))
	return &sweep{deepest, rows, columns}
}

// local are the terms whose losses are sums over positions, so that each piece has its
// own share of them: content terms, then match terms.
func (s *share) local() []term { return slices.Concat(s.content, s.match) }

// forGradient is that of the segment, for squares that match terms average too.
func (s *share) forGradient() purpose {
	p := s.segment.forGradient()
	for _, t := range s.match {
		l := s.info.Layers[t.layer]
		p.halo = max(p.halo, l.ReceptiveField-1+(t.average-1)*l.Stride)
		p = p.aligned(l, t.average)
	}
	return p
}

// least is how many pixels of the image the smallest pieces have.
func (s *share) least() int {
	return s.forGradient().least(s.picture.height(), s.picture.width()) * s.unit * s.unit
}

// deepestOf is the deepest layer of terms, of which there must be one.
func deepestOf(terms []term) int {
	deepest := terms[0].layer
	for _, t := range terms {
		deepest = max(deepest, t.layer)
	}
	return deepest
}

func (s *sweep) pieces() []piece { return cross(s.rows, s.columns) }

// places is how many places each piece reads, with its halo.
func (s *sweep) places() int { return s.rows.crop * s.columns.crop }

// count is how many pieces there are.
func (s *sweep) count() int { return s.rows.count * s.columns.count }
