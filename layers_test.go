package zellige

import (
	"compress/gzip"
	"context"
	"image"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"zellige/internal/shorttest"
	"zellige/picture"
	"zellige/runtime"
)

// networkOf is what the metadata says of layers such as conv and relu; a pool halves the size, a resize doubles it.
func networkOf(names ...string) *runtime.Info {
	info, stride := &runtime.Info{}, 1
	for n, name := range names {
		if name == "pool" {
			stride *= 2
		} else if name == "resize" {
			stride /= 2
		}
		info.Layers = append(info.Layers, runtime.Layer{Index: n, Name: name, Stride: stride, Channels: 4, ReceptiveField: 3 + n})
	}
	return info
}

func TestChooseLayers(t *testing.T) {
	var vgg []string
	for _, convolutions := range []int{2, 2, 4, 4, 4} {
		for range convolutions {
			vgg = append(vgg, "conv", "relu")
		}
		vgg = append(vgg, "pool")
	}
	cases := []struct {
		name                string
		network             *runtime.Info
		preset              string
		content             int
		style, match, final []int
	}{
		{"VGG-19 for gram", networkOf(vgg...), "gram", 20, []int{8, 17, 26, 33, 35}, nil, nil},
		{"VGG-19 for paint", networkOf(vgg...), "paint", 0, nil, []int{8, 17, 26, 33, 35}, []int{6, 8, 11, 17, 20, 26, 29, 33, 35}},
		{"the report's layers", networkOf(vgg...), "lab", 3, []int{1, 4, 5, 7}, nil, nil},
		{"SqueezeNet", networkOf("conv", "relu", "pool", "fire"), "gram", 6, []int{1, 4, 7, 10, 11}, nil, nil},
		{"a short one", networkOf("conv", "relu", "pool", "conv", "relu"), "gram", 4, []int{4}, nil, nil},
		{"an encoder with its decoder", networkOf("conv", "relu", "pool", "conv", "relu", "pool", "conv", "relu", "resize", "conv", "relu", "pool", "relu"), "gram", 4, []int{4, 7}, nil, nil},
		{"one that reduces nothing", networkOf("conv", "relu"), "paint", 0, nil, []int{1}, []int{1}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			o, err := Preset(test.preset)
			if err != nil {
				t.Fatal(err)
			}
			o.ChooseLayers(test.network)
			if got := o.Objective.Content.Layer; got != test.content {
				t.Errorf("content at layer %d, want %d", got, test.content)
			}
			check := func(what string, got, want []int) {
				if !slices.Equal(got, want) {
					t.Errorf("%s at layers %v, want %v", what, got, want)
				}
			}
			check("style", o.Objective.Style.Layers, test.style)
			check("matching", o.Objective.Match.Layers, test.match)
			check("the last pass", o.Objective.Match.FinalLayers, test.final)
			if len(o.Objective.Style.Weights) != len(o.Objective.Style.Layers) {
				t.Errorf("%d weights for %d style layers", len(o.Objective.Style.Weights), len(o.Objective.Style.Layers))
			}
		})
	}
}

// Relative losses are distances in units of the target: a photograph is about as far from a
// painting by the preset's layers of any network, whatever the size of its features.
func TestRelativeLossesOfAnyNetwork(t *testing.T) {
	shorttest.Skip(t)
	lion, waves := readPicture(t, "lion.png"), readPicture(t, "waves.jpg")
	for _, name := range []string{"vgg19", "resnet18", "googlenet", "mobilenet2", "densenet121"} {
		t.Run(name, func(t *testing.T) {
			n := openNetworkOf(t, name)
			o, err := Preset("gram")
			if err != nil {
				t.Fatal(err)
			}
			o.ImageSize, o.StyleSize, o.Recolor = 64, 64, 0
			o.ChooseLayers(n.Info())
			v, err := Evaluate(context.Background(), n, lion, lion, waves, o)
			if err != nil {
				t.Fatal(err)
			}
			if v.Content[0].Value != 0 {
				t.Errorf("the content is %g from itself", v.Content[0].Value)
			}
			for i, s := range v.Style {
				if far := s.Value / o.Objective.Style.Weights[i]; far < 1e-2 || far > 30 {
					t.Errorf("layer %d is %g times its target from it", s.Layer, far)
				}
			}
		})
	}
}

func readPicture(t *testing.T, name string) image.Image {
	t.Helper()
	p, err := picture.Read(filepath.Join("testdata", "pictures", name))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// openNetworkOf opens a network of testdata/networks.
func openNetworkOf(t *testing.T, name string) Network {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "networks", name+".onnx.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	packed, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	model, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	return openNetworkWith(t, Config{Model: model})
}
