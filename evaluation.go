package zellige

import (
	"context"

	"zellige/losses"
	"zellige/runtime"
)

// emptyValues makes room for the losses of an objective: terms of weight 0 are there
// and stay 0, and places says where each of the network's style losses goes.
func emptyValues(o *losses.Objective, network runtime.Objective) (v losses.Values, places []int) {
	if o.Match.Weight > 0 {
		return emptyMatchValues(network), nil
	}
	if o.Content.Weight == 0 || len(network.Content) > 0 { // else there is no content picture
		v.Content = []losses.LayerValue{{Layer: o.Content.Layer}}
	}
	for i, l := range o.Style.Layers {
		v.Style = append(v.Style, losses.LayerValue{Layer: l})
		for _, t := range network.Style {
			if t.Layer == l {
				places = append(places, i)
			}
		}
	}
	return v, places
}

// emptyMatchValues makes room for a matching loss, in which the content terms of a pass
// that refines have their part.
func emptyMatchValues(network runtime.Objective) (v losses.Values) {
	for _, t := range network.Match {
		v.Match = append(v.Match, losses.LayerValue{Layer: t.Layer})
	}
	for _, t := range network.Content {
		v.Match = append(v.Match, losses.LayerValue{Layer: t.Layer})
	}
	return v
}

// prepare opens the network for an objective, unless that asks nothing of it.
func prepare(m Model, o runtime.Objective, pixels, gradient []float32) (runtime.Evaluator, error) {
	if len(o.Content)+len(o.Style)+len(o.Match) == 0 {
		return withoutNetwork{gradient}, nil
	}
	return m.Prepare(o, pixels, gradient)
}

// withoutNetwork stands for a network of which nothing is asked.
type withoutNetwork struct{ gradient []float32 }

func (w withoutNetwork) Evaluate(context.Context) (runtime.Losses, error) {
	clear(w.gradient)
	return runtime.Losses{}, nil
}

func (withoutNetwork) Close() error { return nil }

// evaluateNetwork writes the network's losses into v.
func evaluateNetwork(ctx context.Context, network runtime.Evaluator, v losses.Values, places []int) error {
	l, err := network.Evaluate(ctx)
	if err != nil {
		return err
	}
	content := v.Content
	if len(v.Match) > 0 {
		content = v.Match[len(l.Match):]
	}
	for i, x := range l.Match {
		v.Match[i].Value = float64(x)
	}
	for i, x := range l.Content {
		content[i].Value = float64(x)
	}
	for _, place := range places {
		v.Style[place].Value = 0
	}
	for i, x := range l.Style { // a layer may have several terms
		v.Style[places[i]].Value += float64(x)
	}
	return nil
}
