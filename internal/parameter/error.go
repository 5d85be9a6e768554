package parameter

import (
	"errors"
	"fmt"
	"strings"

	"zellige"
)

// Error says what is wrong with a parameter, or with a flag or key that is none.
type Error struct {
	Name   string // of the flag, with dashes
	Reason string
}

func (e *Error) Error() string { return e.Name + " " + e.Reason }

// Key is the name in an experiment file or a manifest.
func (e *Error) Key() string { return keyOf(e.Name) }

func keyOf(name string) string { return strings.ReplaceAll(name, "-", "_") }

// refuse says that a parameter is not what it must be.
func refuse(name, text, want string) error {
	return &Error{name, fmt.Sprintf("is %q, must be %s", text, want)}
}

// others are the flags that are no parameters, by their names in a [zellige.OptionError].
var others = map[string]string{"Init": "init", "Preset": "preset", "Quality": "quality", "Styles.Weight": "style-blend", "Styles.Mask": "mask"}

// ErrorIn is the first *[Error] in the chain of err, or what a [zellige.OptionError]
// there is in the words of flags; nil if there is neither.
func ErrorIn(err error) *Error {
	var e *Error
	var option *zellige.OptionError
	switch {
	case errors.As(err, &e):
		return e
	case errors.As(err, &option):
		return &Error{nameOf(option.Option), option.Reason}
	}
	return nil
}

func nameOf(option string) string {
	for _, p := range All() {
		if p.Option == option {
			return p.Name
		}
	}
	return others[option]
}
