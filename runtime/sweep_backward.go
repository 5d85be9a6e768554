//go:build cgo

package runtime

import (
	"context"
	"errors"
)

// backwardSweep computes the gradient of pieces in what a segment reads, from the
// deltas of the whole picture's Gram matrices and the cotangent of what the segment
// hands on; and the local losses.
type backwardSweep struct {
	*boundShare
	pieces    []piece
	crop      grid // what the segment reads of the piece at hand
	session   *session
	deltas    [][]float32 // of each style term, [C][C]; nil if there is no gradient
	masks     []cropped   // of the style terms that have one
	cotangent cropped     // of what the next segment reads; without values if there is none
	locals    []localTerm
	losses    []float64 // of locals
	part      grid      // the gradient of the piece at hand; without values if there is none
}

func (n *Network) newBackwardSweep(s, next *boundShare) (*backwardSweep, error) {
	pieces := s.backward.pieces()
	b := &backwardSweep{boundShare: s, pieces: pieces, crop: newGrid(pieces[0].crop, s.planes()), losses: make([]float64, len(s.local()))}
	in, out, err := n.localTerms(b)
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	in = append(in, n.inputSlot(s.segment, b.crop))
	names := gramsOf(s.styles, false)
	if s.gradient.values != nil {
		in = append(in, b.styleSlots(names)...)
		if next != nil {
			b.cotangent = s.info.newCropped(s.deepest, next.gradient, b.crop.area)
			in = append(in, cotangentSlot(s.deepest, b.cotangent.part))
		}
		b.part = newGrid(b.crop.area, s.planes())
		out = append(out, s.gradientSlot(b.part))
	}
	if b.session, err = n.newSession(n.graph.withRegions(names), in, out); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// styleSlots are the deltas, and the masks of the terms that have one.
func (b *backwardSweep) styleSlots(names []gramNames) []slot {
	var in []slot
	for i, t := range b.styles {
		delta := empty(names[i].delta(), b.info.gramShape(t.Layer)...)
		b.deltas = append(b.deltas, delta.data)
		in = append(in, delta)
		if t.Mask != nil {
			m := b.info.newCropped(t.Layer, grid{b.info.featuresOf(t.Layer, b.picture), t.Mask}, b.crop.area)
			b.masks = append(b.masks, m)
			in = append(in, maskSlot(names[i], m.part))
		}
	}
	return in
}

// run computes the local losses of all pieces and, if it was made to, their
// gradient.
func (b *backwardSweep) run(ctx context.Context) error {
	clear(b.losses)
	for _, p := range b.pieces {
		paste(b.crop.at(p.crop), b.input, p.crop)
		if err := b.add(ctx, p); err != nil {
			return err
		}
		if b.part.values != nil {
			paste(b.gradient, b.part.at(p.crop), p.owned)
		}
	}
	return nil
}

func (b *backwardSweep) add(ctx context.Context, p piece) error {
	for i := range b.masks {
		b.masks[i].take(b.info, p.crop)
	}
	if b.cotangent.part.values != nil {
		b.cotangent.take(b.info, p.crop)
	}
	for i := range b.locals {
		if err := b.locals[i].aim(ctx, b.boundShare, p.crop); err != nil {
			return err
		}
	}
	if err := b.session.run(ctx, nil); err != nil {
		return err
	}
	for i := range b.locals {
		b.losses[i] += b.locals[i].loss(b.boundShare, p)
	}
	return nil
}

func (b *backwardSweep) close() error {
	var errs []error
	for _, c := range b.locals {
		if c.session != nil {
			errs = append(errs, c.session.close())
		}
	}
	if b.session != nil {
		errs = append(errs, b.session.close())
	}
	return errors.Join(errs...)
}
