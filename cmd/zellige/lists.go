package main

import (
	"fmt"
	"strconv"
	"strings"

	"zellige"
)

// parseList reads values with commas between them; spaces around them do not
// matter. The error is a *[zellige.OptionError] that says which one is wrong.
func parseList[T any](flag, text string, parse func(string) (T, error)) ([]T, error) {
	var values []T
	for i, part := range strings.Split(text, ",") {
		v, err := parse(strings.TrimSpace(part))
		if err != nil {
			return nil, &zellige.OptionError{Field: flag, Reason: fmt.Sprintf("is %q, whose value number %d %v", text, i+1, err)}
		}
		values = append(values, v)
	}
	return values, nil
}

func parseInt(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("is %q, must be a whole number", text)
	}
	return n, nil
}

func parseFloat(text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fmt.Errorf("is %q, must be a number", text)
	}
	return x, nil
}
