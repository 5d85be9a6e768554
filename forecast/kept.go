package forecast

import (
	"zellige"
	"zellige/match"
)

// keptMemory is what a plan keeps of its styles for the pictures that follow.
func keptMemory(p *zellige.Plan) (bytes int64) {
	if p.Pictures.Kept == nil {
		return 0
	}
	for i := range p.Stages {
		s := &p.Stages[i]
		if m := searchOf(p, s); m != nil {
			bytes += m.keptMemory()
			continue
		}
		for _, l := range s.StyleLayers() {
			n := int64(p.Info.Layers[l].Channels)
			bytes += n * n * int64(len(s.Styles)) * 4
		}
	}
	return bytes
}

// spotMemory is where a candidate lies and which one lies there, in bytes.
const spotMemory = 48

// keptMemory is that of the candidates: their features, and if they were found as patches, these.
func (m *search) keptMemory() (bytes int64) {
	for _, style := range m.styles {
		if !m.refines {
			bytes += int64(m.candidates(m.common(style))) * (patchChannels*4 + spotMemory)
		}
		for _, l := range m.layers {
			positions, draws := m.common(style), 1
			if m.refines {
				positions, draws = m.size(l, style), match.Draws
			}
			bytes += int64(m.candidates(positions)*draws*m.channels(l)) * 4
		}
	}
	return bytes
}
