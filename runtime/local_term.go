//go:build cgo

package runtime

import "context"

// localTerm is a content or a match term in a backward sweep, of the piece at hand. Its
// loss is a sum over positions, so that every piece has its own share of it.
type localTerm struct {
	term
	weight  float32
	names   localNames
	targets grid // of the whole picture; without values if they are computed anew

	// Of the piece at hand.
	features grid
	target   grid

	content Source   // the content picture, if targets are computed of it
	pixels  grid     // of it
	session *session // that computes them; nil if absent
}

// localNames are those of a local term's tensors.
type localNames struct{ feature, target, weight string }

// localTerms makes those of a backward sweep, and the session's slots for them.
// What it had made when an error came is in b.
func (n *Network) localTerms(b *backwardSweep) (in, out []slot, err error) {
	b.locals = b.localTerms()
	for i := range b.locals {
		l := &b.locals[i]
		if err := n.openLocalTerm(l, b); err != nil {
			return nil, nil, err
		}
		out = append(out, l.slot(b.info, l.names.feature, l.features))
		if b.gradient.values != nil {
			in = append(in, scalar(l.names.weight, l.weight), l.slot(b.info, l.names.target, l.target))
		}
	}
	return in, out, nil
}

// localTerms are those of the share, without room for a piece.
func (b *boundShare) localTerms() (list []localTerm) {
	for _, t := range b.content {
		of := b.objective.Content[t.index]
		names := localNames{feature(t.layer), contentTarget(t.layer), contentWeight(t.layer)}
		list = append(list, localTerm{term: t, weight: of.Weight, names: names, targets: grid{values: of.Target}, content: of.Content})
	}
	for _, t := range b.match {
		of := b.objective.Match[t.index]
		names := localNames{matchFeature(t.layer), matchTarget(t.layer), matchWeight(t.layer)}
		list = append(list, localTerm{term: t, weight: of.Weight, names: names, targets: grid{values: of.Target}})
	}
	return list
}

// openLocalTerm makes room for a piece, and a session that computes its target if
// there is none.
func (n *Network) openLocalTerm(l *localTerm, b *backwardSweep) (err error) {
	crop, channels := b.crop.area, b.info.Layers[l.layer].Channels
	l.targets.area = l.at(b.info, b.picture)
	l.features, l.target = newGrid(l.at(b.info, crop), channels), newGrid(l.at(b.info, crop), channels)
	if !l.recomputed {
		return nil
	}
	l.pixels = newGrid(crop, 3)
	in := imageSlot(Image{crop.height(), crop.width(), l.pixels.values})
	l.session, err = n.newSession(n.graph, []slot{in}, []slot{l.slot(b.info, l.names.feature, l.target)})
	return err
}

// at is where the term's features of a crop lie.
func (l *localTerm) at(info *Info, crop area) area { return info.averagesOf(l.layer, l.average, crop) }

// slot is features of the term's layer as [1][C][h][w].
func (l *localTerm) slot(info *Info, name string, features grid) slot {
	return tensor(name, features.values, 1, info.Layers[l.layer].Channels, features.height(), features.width())
}

// aim brings the target to a crop.
func (l *localTerm) aim(ctx context.Context, s *boundShare, crop area) error {
	features := l.at(s.info, crop)
	l.features.area, l.target.area = features, features
	if l.session == nil {
		paste(l.target, l.targets, features)
		return nil
	}
	l.content(Image{crop.height(), crop.width(), l.pixels.values}, crop.rows.from, crop.columns.from)
	return l.session.run(ctx, nil)
}

// loss is of the features that a piece owns.
func (l *localTerm) loss(s *boundShare, p piece) float64 {
	owned := s.info.ownedAverages(l.layer, l.average, p.owned, s.picture)
	return float64(l.weight) * squares(l.features, l.target, owned)
}
