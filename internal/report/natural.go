package report

import (
	"cmp"
	"strconv"
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
	end := runOf(text, isNumber)
	if rest := text[end:]; isNumber && len(rest) > 1 && rest[0] == '.' {
		if digits := runOf(rest[1:], true); digits > 0 { // 0.25
			end += 1 + digits
		}
	}
	return text[:end]
}

// runOf is how many digits, or other letters, a text begins with.
func runOf(text string, digits bool) int {
	end := strings.IndexFunc(text, func(c rune) bool { return isDigit(c) != digits })
	if end < 0 {
		return len(text)
	}
	return end
}

func compareParts(a, b string) int {
	if isDigit(rune(a[0])) && isDigit(rune(b[0])) {
		x, _ := strconv.ParseFloat(a, 64) // infinite if it is out of range
		y, _ := strconv.ParseFloat(b, 64)
		return cmp.Or(cmp.Compare(x, y), strings.Compare(a, b))
	}
	return strings.Compare(a, b)
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }
