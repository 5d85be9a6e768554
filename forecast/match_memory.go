package forecast

import (
	"image"

	"zellige"
	"zellige/match"
	"zellige/picture"
	"zellige/runtime"
)

// What finding the nearest takes for a position that looks, in bytes.
const (
	foundMemory  = 8  // and each style: which is nearest, and how near
	choiceMemory = 40 // which style and which of its candidates it takes, as that is decided
)

// What a refining pass leaves that Go has not yet collected, in bytes. Fitted to four sizes.
const (
	searchGarbage = 20 << 20
	pixelGarbage  = 112 // for a pixel more
	styleGarbage  = 56  // for a pixel of a style that candidates are drawn from
)

// matchMemory is what a stage with a matching loss takes, in bytes: the targets and what
// renews them, which it holds; more in its loop, at times, beside what the network takes;
// and before its loop, when it holds nothing else.
func matchMemory(p *zellige.Plan, s *zellige.Stage, network int64) (held, more, before int64) {
	m := searchOf(p, s)
	if m == nil {
		return 0, 0, 0
	}
	pixels := int64(s.Width * s.Height)
	pictures := pixels * tensorMemory // that the targets were found for
	for _, style := range s.Styles {
		pictures += int64(style.X*style.Y) * tensorMemory
	}
	targets := int64(m.values(m.picture)) * 4
	if !m.refines {
		return pictures + targets, 0, pictures + m.targetsMemory()
	}
	held = pictures + targets + pixels*(tensorMemory+pixelGarbage) + m.refinerMemory() + searchGarbage // and the content
	if more = m.featuresMemory(m.picture); s.Reopens() {
		more = max(0, more-network)
	}
	return held, more, pictures + m.refinerMemory() + m.openingMemory()
}

// finishMemory is what the result's marks and colours take at the last stage, in bytes, when
// the network and the targets are gone.
func finishMemory(p *zellige.Plan, s *zellige.Stage) int64 {
	if s.End < p.Options.Iterations {
		return 0
	}
	bytes := 0
	if p.Options.Coherence > 0 {
		bytes += drawnMemory
	}
	if p.Options.Objective.Matches() {
		bytes += recolorMemory + 4*len(s.Styles)
	}
	return max(int64(s.Width*s.Height)*int64(bytes), brushworkMemory(p, s))
}

// brushworkMemory is what the result's finest marks take, in bytes.
func brushworkMemory(p *zellige.Plan, s *zellige.Stage) int64 {
	if p.Options.Brushwork == 0 || len(s.Styles) == 0 {
		return 0
	}
	sum := s.Width * (stayingMemory*s.Height + brushedMemory*min(s.Height, picture.MostBrushed))
	for _, style := range s.Styles {
		sum += brushMemory * style.X * style.Y
	}
	return int64(sum)
}

// targetsMemory is what [match.Targets] takes at its peak beside the pictures: of the banks
// of all styles, the queries, and what it sees of a picture.
func (m *search) targetsMemory() int64 {
	values, queries := patchChannels, m.common(m.picture)
	for _, l := range m.layers {
		values += m.channels(l)
	}
	values = values*match.MostCandidates + patchChannels*match.QueriesAtOnce
	seen := int64(0)
	for _, size := range append(m.styles[:len(m.styles):len(m.styles)], m.picture) {
		seen = max(seen, int64(m.values(size)+2*match.Dimensions*m.common(size))*4+m.featuresMemory(size))
	}
	return int64(values)*4 + seen + m.choosingMemory(queries) + int64(m.picture.X*m.picture.Y)*lookedAtMemory +
		max(runtime.MatcherMemory(patchChannels, queries, match.MostCandidates), int64(patchChannels*match.MostCandidates)*4) // or the patches by candidate
}

// choosingMemory is what so many positions take that look for the nearest.
func (m *search) choosingMemory(positions int) int64 {
	return int64(positions) * int64(choiceMemory+foundMemory*len(m.styles))
}

// refinerMemory is what a [match.Refiner] holds beside its targets and pictures: the banks,
// shares and masks, and what finding the nearest takes.
func (m *search) refinerMemory() int64 {
	values, widest, positions := 0, 0, 0
	for _, l := range m.layers {
		values += match.Draws * match.MostRefined * m.channels(l)
		widest = max(widest, m.channels(l))
		positions += m.size(l, m.picture)
	}
	values += match.MostRefined*widest + positions*(2+len(m.styles))
	return int64(values)*4 + m.choosingMemory(positions) + runtime.MatcherMemory(widest, m.common(m.picture), match.MostRefined)
}

// openingMemory is what a refiner takes to draw candidates from a style's features, a
// picture of it after the other.
func (m *search) openingMemory() (most int64) {
	for _, style := range m.styles {
		most = max(most, int64(m.values(style))*4+m.featuresMemory(style)+int64(style.X*style.Y)*(2*tensorMemory+styleGarbage))
	}
	return most
}

// featuresMemory is what the network takes to compute the features of a picture.
func (m *search) featuresMemory(picture image.Point) int64 {
	return m.info.FeaturesMemory(m.layers, picture.Y, picture.X)
}
