package report

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"zellige/internal/parameter"
)

// field is a number of the run's manifest.
func (r *Painted) field(key string) (full string, x float64, ok bool) {
	if i := slices.Index(r.folder.keys, key); i >= 0 && r.kept == nil {
		return key, r.numbers[i], !math.IsNaN(r.numbers[i])
	}
	return r.manifest().field(key)
}

// field is a number of the manifest: a measure, or anything else by its whole key. Numbers by layer are summed.
func (m *manifest) field(key string) (full string, x float64, ok bool) {
	manifest := reflect.ValueOf(m.Manifest)
	for _, full := range []string{"measures." + key, key} {
		if x, ok := numberAt(manifest, strings.Split(full, ".")); ok {
			return full, x, true
		}
	}
	if name, ok := strings.CutPrefix(key, "recipe.parameters."); ok && m.Recipe.Has(name) {
		x, ok := numberAt(reflect.ValueOf(parameter.Must(name).Value(&m.Options)), nil)
		return key, x, ok
	}
	return "", 0, false
}

// numberAt is the number that the keys of JSON lead to.
func numberAt(v reflect.Value, keys []string) (float64, bool) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if len(keys) == 0 {
		return total(v)
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); name == keys[0] {
				return numberAt(v.Field(i), keys[1:])
			}
		}
	case reflect.Map:
		layer, err := strconv.Atoi(keys[0])
		if v.Type().Key().Kind() == reflect.Int && err == nil {
			return numberAt(v.MapIndex(reflect.ValueOf(layer)), keys[1:])
		}
	}
	return 0, false
}

// total is a number, or the sum of several by layer.
func total(v reflect.Value) (sum float64, ok bool) {
	switch {
	case v.CanFloat():
		return v.Float(), !math.IsNaN(v.Float())
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanUint():
		return float64(v.Uint()), true
	case v.Kind() != reflect.Map:
		return 0, false
	}
	for each := v.MapRange(); each.Next(); {
		x, isNumber := total(each.Value())
		if !isNumber {
			return 0, false
		}
		sum += x
	}
	return sum, v.Len() > 0
}
