package parameter

import (
	"fmt"
	"strconv"
	"strings"

	"zellige"
)

// ParseBlend reads weights of styles, such as "1,2". The error is an
// *[Error].
func ParseBlend(text string) ([]float64, error) {
	return parseList("style-blend", "a list of weights such as 1,2", parseFloat, text)
}

// ParseInit takes whatever is no keyword for a picture's file; ./noise is one too.
func ParseInit(text string) zellige.Init {
	switch i := zellige.Init(text); i {
	case zellige.InitContent, zellige.InitNoise:
		return i
	}
	return zellige.InitImage
}

// parseSize reads what [zellige.Size.String] writes: "640x480", "512", or "0" for
// the zero Size.
func parseSize(text string) (s zellige.Size, err error) {
	width, height, both := strings.Cut(strings.TrimSpace(text), "x")
	if s.Width, err = strconv.Atoi(width); err == nil && both {
		s.Height, err = strconv.Atoi(height)
	}
	if err != nil || both && s.Height == 0 {
		return zellige.Size{}, refuse("size", text, "the shorter side as 512, or both sides as 640x480")
	}
	return s, nil
}

func setSize(o *zellige.Options, text string) error {
	size, err := parseSize(text)
	if err == nil {
		o.Size = size
	}
	return err
}

// sizeValue is a number, but a text if there are two.
func sizeValue(o *zellige.Options) any {
	if o.Size.Height == 0 {
		return o.Size.Width
	}
	return o.Size.String()
}

// Class is equal for texts of values with which a picture is painted in the same time and
// memory: of the seed all, of other numbers that are no size those that are neither 0 nor 1.
func (p Parameter) Class(text string) string {
	switch p.Value(&zellige.Options{}).(type) {
	case uint64:
		return ""
	case float64, []float64:
		if p.Option != "StyleScale" {
			return classOfNumbers(text)
		}
	}
	return text
}

func classOfNumbers(text string) string {
	parts := strings.Split(text, ",")
	for i, part := range parts {
		if x, err := parseFloat(strings.TrimSpace(part)); err == nil && x != 0 && x != 1 {
			parts[i] = "x"
		}
	}
	return strings.Join(parts, ",")
}

// IsLayers reports whether the parameter is a layer or a list of layers.
func (p Parameter) IsLayers() bool {
	return strings.HasSuffix(p.Name, "-layer") || strings.HasSuffix(p.Name, "-layers")
}

func parseFloat(text string) (float64, error) { return strconv.ParseFloat(text, 64) }

// parseList reads a list separated by commas; the empty text is the empty list.
func parseList[T any](name, want string, parse func(string) (T, error), text string) ([]T, error) {
	list := []T{}
	if strings.TrimSpace(text) == "" {
		return list, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		x, err := parse(part)
		if err != nil {
			return nil, refuse(name, text, fmt.Sprintf("%s; %q is not a number", want, part))
		}
		list = append(list, x)
	}
	return list, nil
}

func joinList[T any](list []T) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ","), "[]")
}
