// Package measure says how good a painted picture is, in numbers that no
// objective has to agree with: how near it is to the style ([StyleDistance],
// [ColorDistance]), how much of the content it keeps ([ContentDistance], [SSIM])
// and how clean it is ([TotalVariation], [Checker]).
//
// Features and Gram matrices come from outside; everything here is plain
// arithmetic on slices.
package measure
