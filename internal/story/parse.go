package story

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// term is one side of a comparison: a number, or a factor times a number of a run.
type term struct {
	factor   float64
	key, run string // "" if it is the factor alone
}

// comparison is a chain: signs[i] stands between terms[i] and terms[i+1].
type comparison struct {
	terms []term
	signs []string
}

// parse reads a test such as "0.1 < ssim@a < 0.5 * ssim@b".
func (t Test) parse() (c comparison, err error) {
	words := strings.Fields(t.That)
	for {
		end := slices.IndexFunc(words, isSign)
		side := words
		if end >= 0 {
			side = words[:end]
		}
		one, err := parseTerm(side)
		if err != nil {
			return c, fmt.Errorf("the test %q: %w", t.That, err)
		}
		c.terms = append(c.terms, one)
		if end < 0 {
			break
		}
		c.signs, words = append(c.signs, words[end]), words[end+1:]
	}
	if len(c.signs) == 0 {
		return c, fmt.Errorf("the test %q compares nothing; it needs < or >", t.That)
	}
	return c, nil
}

func isSign(word string) bool { return word == "<" || word == ">" }

// parseTerm reads 0.5, or ssim@run, or 0.5 * ssim@run.
func parseTerm(words []string) (t term, err error) {
	bad := fmt.Errorf("%q is neither a number nor KEY@RUN, such as checker@reference", strings.Join(words, " "))
	t.factor = 1
	if len(words) > 0 {
		if x, err := strconv.ParseFloat(words[0], 64); err == nil {
			if len(words) == 1 {
				return term{factor: x}, nil
			}
			if words[1] != "*" {
				return t, bad
			}
			t.factor, words = x, words[2:]
		}
	}
	if len(words) != 1 {
		return t, bad
	}
	key, run, ok := strings.Cut(words[0], "@")
	if !ok || key == "" || run == "" {
		return t, bad
	}
	t.key, t.run = key, run
	return t, nil
}

// Keys are the numbers of manifests that claims speak of, each once.
func Keys(claims []Claim) (keys []string) {
	for _, claim := range claims {
		for _, t := range claim.Tests {
			c, _ := t.parse() // of what is damaged, what there is
			for _, term := range c.terms {
				if term.key != "" && !slices.Contains(keys, term.key) {
					keys = append(keys, term.key)
				}
			}
		}
	}
	return keys
}

// Runs are the names and patterns of runs that a test speaks of; the error says why it
// is none.
func (t Test) Runs() ([]string, error) {
	c, err := t.parse()
	var runs []string
	for _, term := range c.terms {
		if term.run != "" {
			runs = append(runs, term.run)
		}
	}
	return runs, err
}
