package forecast

import (
	"image"

	"zellige"
	"zellige/match"
	"zellige/runtime"
)

// search is what a stage with a matching loss looks for, and where.
type search struct {
	info    *runtime.Info
	layers  []int
	picture image.Point
	styles  []image.Point
	turns   int // of each style
	refines bool
	renewed int  // times, of a stage that refines
	looks   bool // where the content has detail
}

// searchOf is nil for a stage that matches nothing.
func searchOf(p *zellige.Plan, s *zellige.Stage) *search {
	if !p.Options.Objective.Matches() || len(s.Styles) == 0 {
		return nil
	}
	strength := p.Options.Strength
	return &search{
		info: p.Info, layers: p.MatchLayers(s), picture: image.Pt(s.Width, s.Height), styles: s.Styles,
		turns:   match.Turns(p.Options.Objective.Match.Rotations),
		refines: s.Refines, renewed: s.Renewals(),
		looks: p.Pictures.Content != nil && 0 < strength && strength < 1,
	}
}

// size is how many positions a layer has in a picture, at its match grid unless the stage
// refines.
func (m *search) size(layer int, picture image.Point) int {
	size := m.info.MatchSize
	if m.refines {
		size = m.info.FeatureSize
	}
	h, w := size(layer, picture.Y, picture.X)
	return h * w
}

// common is how many positions the common grid of all layers has.
func (m *search) common(picture image.Point) (most int) {
	for _, l := range m.layers {
		most = max(most, m.size(l, picture))
	}
	return most
}

// values are those of the features of all layers.
func (m *search) values(picture image.Point) (sum int) {
	for _, l := range m.layers {
		sum += m.channels(l) * m.size(l, picture)
	}
	return sum
}

func (m *search) channels(layer int) int { return m.info.Layers[layer].Channels }

// candidates of a style that a position of a layer, or of the common grid, is compared with.
func (m *search) candidates(positions int) int {
	most := match.MostCandidates
	if m.refines {
		most = match.MostRefined
	}
	return min(most/len(m.styles), m.turns*positions)
}
