//go:build cgo

package runtime

import "context"

// forwardSweep computes the Gram matrices of a segment's style terms, and the
// features that the next segment reads. Every Gram matrix is that of a region: of the
// features that a piece owns, times the term's own mask.
type forwardSweep struct {
	*boundShare
	pieces   []piece
	crop     grid // what the segment reads of the piece at hand
	session  *session
	masks    []grid      // of the piece at hand
	grams    [][]float32 // of the piece at hand
	sums     [][]float64 // of all pieces
	features cropped     // that the next segment reads, if there is one
}

func (n *Network) newForwardSweep(b, next *boundShare) (*forwardSweep, error) {
	pieces := b.forward.pieces()
	f := &forwardSweep{boundShare: b, pieces: pieces, crop: newGrid(pieces[0].crop, b.planes())}
	in := []slot{n.inputSlot(b.segment, f.crop)}
	var out []slot
	names := gramsOf(b.styles, true)
	for i, term := range b.styles {
		mask := newGrid(b.info.featuresOf(term.Layer, f.crop.area), 1)
		gram := empty(names[i].gram(), b.info.gramShape(term.Layer)...)
		in = append(in, scalar(names[i].scale(), term.Scale), maskSlot(names[i], mask))
		out = append(out, gram)
		f.masks, f.grams = append(f.masks, mask), append(f.grams, gram.data)
		f.sums = append(f.sums, make([]float64, len(gram.data)))
	}
	if next != nil {
		f.features = b.info.newCropped(b.deepest, next.input, f.crop.area)
		out = append(out, tensor(feature(b.deepest), f.features.part.values, b.info.featureShape(b.deepest, f.crop.height(), f.crop.width())...))
	}
	var err error
	if f.session, err = n.newSession(n.graph.withRegions(names), in, out); err != nil {
		return nil, err
	}
	return f, nil
}

// run adds up the Gram matrices of all pieces and puts their features together.
func (f *forwardSweep) run(ctx context.Context) error {
	for _, sum := range f.sums {
		clear(sum)
	}
	for _, p := range f.pieces {
		paste(f.crop.at(p.crop), f.input, p.crop)
		if err := f.add(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (f *forwardSweep) add(ctx context.Context, p piece) error {
	for i, t := range f.styles {
		f.masks[i].area = f.info.featuresOf(t.Layer, p.crop)
		f.fillMask(f.masks[i], t, f.info.owned(t.Layer, p.owned, f.picture))
	}
	if err := f.session.run(ctx, nil); err != nil {
		return err
	}
	for i, sum := range f.sums {
		for j, v := range f.grams[i] {
			sum[j] += float64(v)
		}
	}
	if !f.last {
		f.features.put(f.info, p, f.picture)
	}
	return nil
}

// fillMask makes a mask that is the term's inside of an area and 0 outside.
func (f *forwardSweep) fillMask(mask grid, t StyleTerm, inside area) {
	clear(mask.values)
	if t.Mask == nil {
		mask.fill(inside, 1)
		return
	}
	paste(mask, grid{f.info.featuresOf(t.Layer, f.picture), t.Mask}, inside)
}

func (f *forwardSweep) close() error { return f.session.close() }
