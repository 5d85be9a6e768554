package parameter

import (
	"fmt"
	"strconv"
	"strings"

	"zellige"
	"zellige/losses"
)

// refuse says that an option is not what it must be.
func refuse(name, text, want string) error {
	return &zellige.OptionError{Field: name, Reason: fmt.Sprintf("is %q, must be %s", text, want)}
}

func intParameter(name, usage string, field func(*zellige.Options) *int) Parameter {
	return valueParameter(name, usage, "a whole number", strconv.Atoi, field)
}

func floatParameter(name, usage string, field func(*zellige.Options) *float64) Parameter {
	return valueParameter(name, usage, "a number", parseFloat, field)
}

func boolParameter(name, usage string, field func(*zellige.Options) *bool) Parameter {
	return valueParameter(name, usage, "true or false", strconv.ParseBool, field)
}

func seedParameter(name, usage string, field func(*zellige.Options) *uint64) Parameter {
	parse := func(text string) (uint64, error) { return strconv.ParseUint(text, 10, 64) }
	return valueParameter(name, usage, "a whole number from 0 to 18446744073709551615", parse, field)
}

// valueParameter is a parameter of one value; want says in words what parse takes.
func valueParameter[T any](name, usage, want string, parse func(string) (T, error), field func(*zellige.Options) *T) Parameter {
	set := func(o *zellige.Options, text string) error {
		value, err := parse(strings.TrimSpace(text))
		if err != nil {
			return refuse(name, text, want)
		}
		*field(o) = value
		return nil
	}
	return Parameter{name, usage, set, func(o *zellige.Options) any { return *field(o) }}
}

// listParameter is a parameter of several numbers.
func listParameter[T any](name, usage, want string, parse func(string) (T, error), field func(*zellige.Options) *[]T) Parameter {
	set := func(o *zellige.Options, text string) error {
		list, err := parseList(name, want, parse, text)
		if err == nil {
			*field(o) = list
		}
		return err
	}
	return Parameter{name, usage, set, func(o *zellige.Options) any { return *field(o) }}
}

// wordParameter is a parameter that is one of several words, which want lists.
func wordParameter[T ~string](name, usage, want string, field func(*zellige.Options) *T, words ...T) Parameter {
	set := func(o *zellige.Options, text string) error {
		for _, w := range words {
			if text == string(w) {
				*field(o) = w
				return nil
			}
		}
		return refuse(name, text, want)
	}
	return Parameter{name, usage, set, func(o *zellige.Options) any { return string(*field(o)) }}
}

func setGram(o *zellige.Options, text string) error {
	for _, g := range []losses.Gram{losses.GramSize, losses.GramNone} {
		if text == g.String() {
			o.Objective.Style.Gram = g
			return nil
		}
	}
	return refuse("gram", text, "size or none")
}
