// Package spelling finds the word that a misspelled one means.
package spelling

import (
	"strings"

	"github.com/xrash/smetrics"
)

// Near returns the known word that is nearest to an unknown one, whether in small or large
// letters: at most one letter in four is another, and one more. It is "" if none is so near.
func Near(unknown string, known []string) string {
	near, least := "", 1+len(unknown)/4
	for _, k := range known {
		d := smetrics.WagnerFischer(strings.ToLower(unknown), strings.ToLower(k), 1, 1, 1)
		if d < least || d == least && near == "" {
			near, least = k, d
		}
	}
	return near
}
