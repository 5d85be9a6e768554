package losses

// Match is the matching loss (Kolkin et al., "Neural Neighbor Style Transfer", 2022):
// Weight times the mean over layers of
//
//	mean over positions of |F - T|^2, over the mean of |S|^2
//
// where F are the picture's features, T those of the styles that were found for each
// position, and S all those of the styles.
type Match struct {
	Weight float64 // 0 leaves the loss out
	// Layers are compared as hypercolumns, once at each scale; the finest lies at the
	// grid that all are compared at.
	Layers []int
	// FinalLayers are compared each by itself, again and again, in the pass that refines a
	// scale; none leaves the pass out.
	FinalLayers []int
	Rotations   bool // the styles also count turned by 90, 180 and 270 degrees
}

// WeighLayer is the factor of sum(|F - T|^2) for one of so many layers that has so many
// positions and a target of that energy.
func (m *Match) WeighLayer(layers, positions int, energy float64) float64 {
	return m.Weight / (float64(layers) * float64(positions) * energy)
}
