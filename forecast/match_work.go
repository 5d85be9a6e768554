package forecast

import (
	"image"

	"zellige/match"
	"zellige/runtime"
)

// Of the vectors that hypercolumns are compared by.
const patchChannels = match.Neighbours * match.Dimensions

// cost is the work of finding the targets of a stage and of renewing them, and how often the network is
// opened for it.
func (m *search) cost() (c runtime.Cost, opened int) {
	if m.refines {
		return m.refining()
	}
	return m.matching()
}

// matching is the work of [match.Targets].
func (m *search) matching() (c runtime.Cost, opened int) {
	queries := m.common(m.picture)
	for _, style := range m.styles {
		candidates := m.candidates(m.common(style))
		c = c.Plus(m.features(style)).Plus(runtime.NearestCost(patchChannels, queries, candidates))
		for range match.Neighbours {
			c = c.Plus(runtime.UnitCost(match.Dimensions, candidates))
		}
		for range m.turns {
			c = c.Plus(m.projected(style))
			style.X, style.Y = style.Y, style.X
		}
	}
	c = c.Plus(m.projected(m.picture)).Plus(runtime.UnitCost(match.Dimensions, queries)).Plus(m.features(m.picture))
	return c, len(m.styles)*(1+m.turns) + 2
}

// features is the work of computing those of a picture.
func (m *search) features(picture image.Point) runtime.Cost {
	return m.info.ExtractionCost(m.layers, nil, picture.Y, picture.X)
}

// projected is the work of a picture's projected hypercolumns.
func (m *search) projected(picture image.Point) runtime.Cost {
	c := m.features(picture).Plus(runtime.ProjectCost(3, match.Dimensions, m.common(picture))) // and of its colours
	for _, l := range m.layers {
		c = c.Plus(runtime.ProjectCost(m.channels(l), match.Dimensions, m.size(l, picture)))
	}
	return c
}

// refining is the work of a [match.Refiner].
func (m *search) refining() (c runtime.Cost, opened int) {
	for _, style := range m.styles {
		for range m.turns {
			c = c.Plus(m.features(style))
			style.X, style.Y = style.Y, style.X
		}
	}
	if m.looks {
		c = c.Plus(m.info.ExtractionCost([]int{match.DetailLayer(m.info, m.layers)}, nil, m.picture.Y, m.picture.X))
		opened++
	}
	c = c.Plus(m.features(m.picture)).Plus(m.nearest())
	for range m.renewed {
		c = c.Plus(m.features(m.picture)).Plus(m.features(m.picture)).Plus(m.nearest())
	}
	return c, opened + len(m.styles)*m.turns + 1 + 2*m.renewed
}

// nearest is the work of finding the nearest features of each layer.
func (m *search) nearest() (c runtime.Cost) {
	for _, l := range m.layers {
		queries := m.size(l, m.picture)
		c = c.Plus(runtime.UnitCost(m.channels(l), queries))
		for _, style := range m.styles {
			candidates := m.candidates(m.size(l, style))
			c = c.Plus(runtime.UnitCost(m.channels(l), candidates)).Plus(runtime.NearestCost(m.channels(l), queries, candidates))
		}
	}
	return c
}
