package parameter

import (
	"reflect"
	"strconv"
	"strings"

	"zellige"
	"zellige/losses"
)

// fieldOf is a field of the options, as Objective.Content.Layer.
func fieldOf[T any](o *zellige.Options, option string) *T {
	v := reflect.ValueOf(o).Elem()
	for name := range strings.SplitSeq(option, ".") {
		v = v.FieldByName(name)
	}
	return v.Addr().Interface().(*T)
}

func intParameter(name, option, usage string) Parameter {
	return valueParameter(name, option, usage, "a whole number", strconv.Atoi)
}

func floatParameter(name, option, usage string) Parameter {
	return valueParameter(name, option, usage, "a number", parseFloat)
}

func boolParameter(name, option, usage string) Parameter {
	return valueParameter(name, option, usage, "true or false", strconv.ParseBool)
}

func seedParameter(name, option, usage string) Parameter {
	parse := func(text string) (uint64, error) { return strconv.ParseUint(text, 10, 64) }
	return valueParameter(name, option, usage, "a whole number from 0 to 18446744073709551615", parse)
}

// valueParameter is a parameter of one value; want says in words what parse takes.
func valueParameter[T any](name, option, usage, want string, parse func(string) (T, error)) Parameter {
	set := func(o *zellige.Options, text string) error {
		value, err := parse(strings.TrimSpace(text))
		if err != nil {
			return refuse(name, text, want)
		}
		*fieldOf[T](o, option) = value
		return nil
	}
	return Parameter{name, option, usage, set, func(o *zellige.Options) any { return *fieldOf[T](o, option) }}
}

// listParameter is a parameter of several numbers.
func listParameter[T any](name, option, usage, want string, parse func(string) (T, error)) Parameter {
	set := func(o *zellige.Options, text string) error {
		list, err := parseList(name, want, parse, text)
		if err == nil {
			*fieldOf[[]T](o, option) = list
		}
		return err
	}
	return Parameter{name, option, usage, set, func(o *zellige.Options) any { return *fieldOf[[]T](o, option) }}
}

// wordParameter is a parameter that is one of several words, which want lists.
func wordParameter[T ~string](name, option, usage, want string, words ...T) Parameter {
	set := func(o *zellige.Options, text string) error {
		for _, w := range words {
			if text == string(w) {
				*fieldOf[T](o, option) = w
				return nil
			}
		}
		return refuse(name, text, want)
	}
	return Parameter{name, option, usage, set, func(o *zellige.Options) any { return string(*fieldOf[T](o, option)) }}
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
