// Package measure says how good a painted picture is, in numbers that no
// objective has to agree with: how near it is to the style ([StyleDistance],
// [NearestDistance], [ColorDistance]), how much of the content it keeps
// ([ContentDistance], [StructureDistance], [SSIM]) and how clean it is ([Planes.TotalVariation], [Planes.Checker]).
//
// [All] takes all of these of one picture; it runs the network for the distances
// between features. The rest is plain arithmetic on slices.
package measure
