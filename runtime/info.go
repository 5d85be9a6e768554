package runtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// contractVersion is the version of the graph's contract (names, shapes and
// metadata, see models/README.md) that this program understands.
const contractVersion = "1"

// Info is what the graph says of itself. Nothing about the network is repeated
// in Go.
type Info struct {
	Layers   []Layer    // by index, from 0
	Mean     [3]float32 // of the normalised image, red green blue, in 0..1
	Std      [3]float32
	Weights  Weights
	Exporter string // version of the script that wrote the graph
	fused    bool   // the graph has fused operators
}

// Weights says where the network's weights come from.
type Weights struct {
	Source string `json:"source"`
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

// Info reads the graph's metadata and checks that the graph keeps the contract, is, byte
// for byte, what was exported, and holds nothing but what the exporters write.
func (g *Graph) Info() (*Info, error) {
	if v := g.metadata["zellige.contract"]; v != contractVersion {
		return nil, fmt.Errorf("it does not keep zellige's contract: metadata zellige.contract is %q, want %q; make it with scripts/export_network.py", v, contractVersion)
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	return g.readInfo()
}

func (g *Graph) readInfo() (*Info, error) {
	info := &Info{Exporter: g.metadata["zellige.exporter"], fused: g.fused()}
	fields := []struct {
		key string
		to  any
	}{
		{"zellige.layers", &info.Layers},
		{"zellige.mean", (*perChannel)(&info.Mean)},
		{"zellige.std", (*perChannel)(&info.Std)},
		{"zellige.weights", &info.Weights},
	}
	for _, f := range fields {
		if err := g.decode(f.key, f.to); err != nil {
			return nil, err
		}
	}
	if err := info.check(); err != nil {
		return nil, err
	}
	if err := g.checkNames(info); err != nil {
		return nil, err
	}
	g.complete(info.Layers)
	for l := range info.Layers {
		info.Layers[l].columns = g.columnsOf(contentTarget(l))
	}
	return info, nil
}

// decode reads one metadata entry, which is JSON.
func (g *Graph) decode(key string, to any) error {
	text, ok := g.metadata[key]
	if !ok {
		return fmt.Errorf("it does not keep zellige's contract: metadata %s is missing", key)
	}
	if err := json.Unmarshal([]byte(text), to); err != nil {
		return fmt.Errorf("metadata %s: %w", key, err)
	}
	return nil
}

// perChannel is a JSON array of exactly three numbers.
type perChannel [3]float32

func (p *perChannel) UnmarshalJSON(text []byte) error {
	var values []float32
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	if len(values) != len(p) {
		return fmt.Errorf("has %d values, want %d", len(values), len(p))
	}
	copy(p[:], values)
	return nil
}

// most bounds the numbers of a layer, so that no later arithmetic overflows.
const (
	most     = 1 << 16
	mostUp   = 64 // the largest factor of a Resize
	mostWork = 1 << 40
	mostHeld = 128 // values for each channel: what is foreseen must not be more than there is
)

// check rejects numbers that later arithmetic could not survive.
func (i *Info) check() error {
	if len(i.Layers) == 0 {
		return errors.New("metadata zellige.layers lists no layer")
	}
	stride, field, grid := 1, 1, 1 // of the windows up to a layer
	for n, l := range i.Layers {
		if l.MatchAverage < 0 || l.MatchAverage > most || (l.MatchAverage == 0) != (i.Layers[0].MatchAverage == 0) {
			return fmt.Errorf("metadata zellige.layers: entry %d has match_average %d, entry 0 has %d; must be 0 of all or 1 to %d",
				n, l.MatchAverage, i.Layers[0].MatchAverage, most)
		}
		if !(l.Products >= 0 && l.Products <= mostWork && l.Values >= 0 && l.Values <= mostWork) || len(l.Label) > 100 {
			return fmt.Errorf("metadata zellige.layers: entry %d has a label, products or values out of range", n)
		}
		if l.Values > mostHeld*float64(l.Channels) {
			return fmt.Errorf("metadata zellige.layers: entry %d has %g values for %d channels, at most %d for each", n, l.Values, l.Channels, mostHeld)
		}
		if !l.Window.valid() || l.Index != n || l.Channels < 1 || l.Channels > most || l.Up < 0 || l.Up > mostUp {
			return fmt.Errorf("metadata zellige.layers: entry %d is out of range: %+v", n, l)
		}
		field += (l.Window.Kernel - 1) * stride
		stride *= l.Window.Stride
		parted := stride % max(1, l.Up)
		stride /= max(1, l.Up)
		if parted != 0 || l.Stride != stride || l.ReceptiveField < field || l.ReceptiveField > most || stride > most {
			return fmt.Errorf("metadata zellige.layers: entry %d has stride %d and receptive field %d, its windows give %d and at least %d (at most %d)",
				n, l.Stride, l.ReceptiveField, stride, field, most)
		}
		if grid = leastCommonMultiple(grid, stride); l.grid()%grid != 0 || l.grid() > most {
			return fmt.Errorf("metadata zellige.layers: entry %d has grid %d, must be a multiple of %d up to %d", n, l.grid(), grid, most)
		}
		grid = l.grid()
	}
	for c, s := range i.Std {
		if s <= 0 {
			return fmt.Errorf("metadata zellige.std: channel %d is %g, must be positive", c, s)
		}
	}
	return nil
}

func (w Window) valid() bool {
	return w.Kernel >= 1 && w.Kernel <= most && w.Stride >= 1 && w.Stride <= most && w.Pad >= 0 && 2*w.Pad <= w.Kernel
}

// checkNames rejects a graph that lacks an input or output of the contract.
func (g *Graph) checkNames(info *Info) error {
	inputs, outputs := []string{"image"}, []string{"gradient"}
	for l := range info.Layers {
		style, region := wholeMap(l), region(l, 0)
		inputs = append(inputs, contentTarget(l), contentWeight(l), style.target(), style.weight(), style.scale(),
			region.mask(), region.target(), region.weight(), region.scale())
		outputs = append(outputs, feature(l), gram(l), contentLoss(l), style.loss(), region.gram(), region.loss())
		if info.CheckMatch() == nil {
			inputs = append(inputs, matchTarget(l), matchWeight(l))
			outputs = append(outputs, matchFeature(l), matchLoss(l))
		}
	}
	if name, ok := firstMissing(inputs, g.inputs); !ok {
		return fmt.Errorf("it does not keep zellige's contract: input %q is missing", name)
	}
	if name, ok := firstMissing(outputs, g.outputs); !ok {
		return fmt.Errorf("it does not keep zellige's contract: output %q is missing", name)
	}
	return nil
}

func firstMissing(names []string, in []named) (string, bool) {
	for _, name := range names {
		if !slices.ContainsFunc(in, func(n named) bool { return n.name == name }) {
			return name, false
		}
	}
	return "", true
}
