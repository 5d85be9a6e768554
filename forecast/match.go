package forecast

import (
	"image"

	"zellige/match"
	"zellige/runtime"
)

// matchTargetsMemory is how much memory [match.Targets] takes at its peak, in bytes, beside the
// pictures and the network, to find the nearest of styles of these sizes for a query.
func matchTargetsMemory(info *runtime.Info, layers []int, query image.Point, styles []image.Point) int64 {
	bank := int64(match.MostCandidates) * match.Neighbours * match.Dimensions
	for _, l := range layers {
		bank += int64(match.MostCandidates * info.Layers[l].Channels)
	}
	queries := int64(match.QueriesAtOnce * match.Neighbours * match.Dimensions)
	seen := hypercolumnValues(info, layers, query)
	for _, size := range styles {
		seen = max(seen, hypercolumnValues(info, layers, size))
	}
	return (bank+queries+seen)*4 + runtime.MatcherMemory(match.Neighbours*match.Dimensions, match.QueriesAtOnce, match.MostCandidates)
}

// hypercolumnValues are the features of an image and, twice, their projections.
func hypercolumnValues(info *runtime.Info, layers []int, size image.Point) int64 {
	values, common := 0, 0
	for _, l := range layers {
		h, w := info.MatchSize(l, size.Y, size.X)
		values, common = values+info.Layers[l].Channels*h*w, max(common, h*w)
	}
	return int64(values + 2*match.Dimensions*common)
}

// refinerMemory is how much memory a [match.Refiner] holds, in bytes, beside its targets: as
// much for the content's features, the banks, and what finding the nearest takes.
func refinerMemory(info *runtime.Info, layers []int, picture image.Point) int64 {
	values, widest := 0, 0
	for _, l := range layers {
		h, w := info.FeatureSize(l, picture.Y, picture.X)
		values += info.Layers[l].Channels * (h*w + 2*match.Draws*match.MostRefined)
		widest = max(widest, info.Layers[l].Channels)
	}
	return int64(values)*4 + runtime.MatcherMemory(widest, picture.X*picture.Y, match.MostRefined)
}
