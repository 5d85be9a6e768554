package report

import (
	"cmp"
	"strings"
)

// compareNaturally orders texts as people do: numbers in them by value.
func compareNaturally(a, b string) int {
	for a != "" && b != "" {
		x, y := leading(a), leading(b)
		if c := compareParts(x, y); c != 0 {
			return c
		}
		a, b = a[len(x):], b[len(y):]
	}
	return cmp.Compare(len(a), len(b))
}

// leading is the number that a text begins with, or what stands before one.
func leading(text string) string {
	isNumber := isDigit(rune(text[0]))
	end := strings.IndexFunc(text, func(c rune) bool { return isDigit(c) != isNumber })
	if end < 0 {
		return text
	}
	return text[:end]
}

func compareParts(a, b string) int {
	if isDigit(rune(a[0])) && isDigit(rune(b[0])) {
		x, y := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y), strings.Compare(a, b))
	}
	return strings.Compare(a, b)
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }
