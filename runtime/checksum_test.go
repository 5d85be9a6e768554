package runtime

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"zellige/models"
)

func TestChecksum(t *testing.T) {
	unsealed := contractModel()
	otherwise := contractModel()
	otherwise.metadata[checksumKey] = "\x1b[31m"
	tests := []struct {
		name  string
		model []byte
		want  string
	}{
		{"none", unsealed.encode(), "metadata zellige.sha256 is missing"},
		{"no checksum", otherwise.encode(), `metadata zellige.sha256 says "\x1b[31m"; take a fresh copy`},
		{"a field more", appendMessage(sealed(unsealed.encode()), 9, []byte("a note")), "it is damaged, or was changed after its export"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := openBytes(test.model); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// Most of the file are weights, where a wrong bit only makes another picture.
func TestEveryBitOfTheModelCounts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	places := []int{0, len(models.SqueezeNet) - 1}
	for range 200 {
		places = append(places, random.IntN(len(models.SqueezeNet)))
	}
	for from := len(models.SqueezeNet) - 4000; from < len(models.SqueezeNet); from += 40 { // the metadata
		places = append(places, from)
	}
	for _, at := range places {
		model := bytes.Clone(models.SqueezeNet)
		model[at] ^= 1 << random.IntN(8)
		if err := openBytes(model); err == nil {
			t.Errorf("a wrong bit in byte %d of %d is not noticed", at, len(model))
		} else if text := fmt.Sprint(err); strings.ContainsAny(text, "\n\x00\x1b") {
			t.Errorf("a wrong bit in byte %d: the error is not a plain line: %q", at, text)
		}
	}
}

func openBytes(model []byte) error {
	g, err := ParseGraph(model)
	if err != nil {
		return err
	}
	_, err = g.Info()
	return err
}
