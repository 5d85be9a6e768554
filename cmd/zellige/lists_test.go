package main

import (
	"slices"
	"strings"
	"testing"
)

func TestParseList(t *testing.T) {
	for text, want := range map[string][]int{"1": {1}, "1,4,5,7": {1, 4, 5, 7}, " 1 , -4 ": {1, -4}} {
		if got, err := parseList("x", text, parseInt); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q is %v, %v, want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"":      `x is "", whose value number 1 is "", must be a whole number`,
		"1,4,":  `x is "1,4,", whose value number 3 is "", must be a whole number`,
		"1,4.5": `x is "1,4.5", whose value number 2 is "4.5", must be a whole number`,
		"1;4":   `x is "1;4", whose value number 1 is "1;4", must be a whole number`,
	} {
		if _, err := parseList("x", text, parseInt); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func FuzzParseList(f *testing.F) {
	for _, text := range []string{"", "1", "1,4,5,7", "450000,2e3, 20 ,+4", "NaN,-Inf", ",,", "1,\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, err := parseList("x", text, parseFloat)
		if err == nil && len(values) != strings.Count(text, ",")+1 {
			t.Errorf("%q has %d values", text, len(values))
		}
		if err != nil {
			return
		}
		again, err := parseList("x", formatList(values), parseFloat)
		if err != nil || formatList(again) != formatList(values) {
			t.Errorf("%q becomes %v, %v", formatList(values), again, err)
		}
	})
}
