package report

import (
	"math"
	"strconv"
	"strings"

	"zellige/internal/record"
)

// Number is a value with the place that it was read from.
type Number struct {
	Text   string
	Source string // file and key, as tv/manifest.json: losses.last.total
	Href   string // of that file in the appendix
}

// Labelled is a number with what it is.
type Labelled struct {
	Label string
	Number
}

// recorded is a number of the run's manifest.
func (r *Painted) recorded(key string, x float64) Number {
	return r.number(key, formatNumber(x))
}

// percent is a ratio in the run's manifest.
func (r *Painted) percent(key string, x float64) Number {
	return r.number(key, formatPercent(x))
}

// set is a parameter of the run.
func (r *Painted) set(key string) Number {
	return r.number("recipe.parameters."+key, r.parameter(key))
}

// number is something that the run's manifest says.
func (r *Painted) number(key, text string) Number {
	const file = record.ManifestFile
	if r.folder.report.isLarge() {
		return Number{Text: text} // the page has no such file; the row of the run leads to it
	}
	return Number{text, r.ID + "/" + file + ": " + key, "#" + r.anchor(file)}
}

// anchor is the place in the page of one of the run's files, or of another part.
func (r *Painted) anchor(file string) string {
	readable := func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' {
			return c
		}
		return '-'
	}
	// The hash keeps names apart that differ in other characters only.
	return strings.Map(readable, r.ID+"/"+file) + "-" + record.Hash([]byte(r.ID))[:6]
}

const (
	thinSpace = "\u202f" // between groups of digits, does not break
	noNumber  = "–"
)

// formatNumber gives at least three digits: 31 257, 4.52, 0.0431.
func formatNumber(x float64) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return noNumber
	case a >= 1e12 || a < 1e-4 && a > 0:
		return strconv.FormatFloat(x, 'e', 2, 64)
	case a >= 100:
		return grouped(strconv.FormatFloat(x, 'f', 0, 64))
	case a >= 1:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// grouped sets the digits of a whole number apart by thousands, from five on.
func grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if len(digits) < 5 {
		return sign + digits
	}
	first := (len(digits)-1)%3 + 1
	text := sign + digits[:first]
	for i := first; i < len(digits); i += 3 {
		text += thinSpace + digits[i:i+3]
	}
	return text
}

func formatPercent(x float64) string {
	switch p := 100 * x; {
	case math.IsNaN(p) || math.IsInf(p, 0):
		return noNumber
	case math.Abs(p) < 10:
		return strconv.FormatFloat(p, 'f', 1, 64) + thinSpace + "%"
	default:
		return grouped(strconv.FormatFloat(p, 'f', 0, 64)) + thinSpace + "%"
	}
}
