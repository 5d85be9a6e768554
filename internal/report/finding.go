package report

import (
	"fmt"
	"slices"
	"strings"

	"zellige/internal/record"
	"zellige/measure"
)

// Finding is what measuring a sweep says.
type Finding struct {
	Verdict Verdict
	Text    []Piece
}

// Verdict says whether an expectation was met.
type Verdict string

// The verdicts.
const (
	Holds   Verdict = "holds"
	Fails   Verdict = "does not hold"
	Neutral Verdict = "" // nothing was expected
)

// Piece is a part of a sentence: text, or a number.
type Piece struct {
	Text   string
	Number *Number
}

// sentence builds pieces.
type sentence []Piece

func (s *sentence) text(format string, args ...any) {
	*s = append(*s, Piece{Text: fmt.Sprintf(format, args...)})
}

func (s *sentence) number(n Number) { *s = append(*s, Piece{Number: &n}) }

// chain writes numbers as a → b → c.
func (s *sentence) chain(numbers []Number) {
	for i, n := range numbers {
		if i > 0 {
			s.text(" → ")
		}
		s.number(n)
	}
}

// quantity is something that was measured of each run.
type quantity struct {
	name      string
	key       string                         // in the manifest
	of        func(*measure.Values) *float64 // nil if it was not measured
	isPercent bool
}

var (
	quantityTV           = quantity{name: "total variation", key: "measures.tv", of: func(v *measure.Values) *float64 { return &v.TV }}
	quantityChecker      = quantity{name: "checker", key: "measures.checker", of: func(v *measure.Values) *float64 { return &v.Checker }}
	quantityContent      = quantity{name: "content distance", key: "measures.content", of: func(v *measure.Values) *float64 { return v.Content }}
	quantitySSIM         = quantity{name: "SSIM", key: "measures.ssim", of: func(v *measure.Values) *float64 { return v.SSIM }}
	quantityColor        = quantity{name: "colour distance to style", key: "measures.color", of: func(v *measure.Values) *float64 { return v.Color }, isPercent: true}
	quantityColorContent = quantity{name: "colour distance to content", key: "measures.color_content", of: func(v *measure.Values) *float64 { return v.ColorContent }, isPercent: true}
)

// judged are the quantities that every picture is judged by.
func judged() []quantity {
	quantities := []quantity{quantityTV, quantityChecker, quantityContent, quantitySSIM}
	for _, l := range judges {
		quantities = append(quantities, styleQuantity(l))
	}
	return append(quantities, quantityColor)
}

// number is the quantity of a run; false if it was not measured.
func (q quantity) number(run *Run) (Number, float64, bool) {
	if run.Measures == nil {
		return Number{Text: noNumber}, 0, false
	}
	x := q.of(run.Measures)
	if x == nil {
		return Number{Text: noNumber}, 0, false
	}
	if q.isPercent {
		return run.percent(q.key, *x), *x, true
	}
	return run.recorded(q.key, *x), *x, true
}

// numbers are the quantity of all runs; false if one was not measured.
func (q quantity) numbers(runs []*Run) (numbers []Number, values []float64, ok bool) {
	for _, run := range runs {
		n, x, ok := q.number(run)
		if !ok {
			return nil, nil, false
		}
		numbers, values = append(numbers, n), append(values, x)
	}
	return numbers, values, true
}

// styleQuantity is the style distance at a layer.
func styleQuantity(layer int) quantity {
	return quantity{name: fmt.Sprintf("style distance at %d", layer), key: fmt.Sprintf("measures.layers.%d.style", layer), isPercent: true,
		of: func(v *measure.Values) *float64 { return v.Layers[layer].Style }}
}

// contentQuantity is the content distance at a layer.
func contentQuantity(layer int) quantity {
	return quantity{name: fmt.Sprintf("content distance at %d", layer), key: fmt.Sprintf("measures.layers.%d.content", layer),
		of: func(v *measure.Values) *float64 { return v.Layers[layer].Content }}
}

// judges are layers that no objective of the lab report uses.
var judges = []int{9, 12}

// expectation is what a parameter should do to a quantity when it is raised.
type expectation struct {
	key      string
	quantity quantity
}

// expectations are the claims of the lab report that one parameter answers: each
// loss brings down, with its weight, what it asks for.
var expectations = []expectation{
	{keyTVWeight, quantityTV},
	{keyContentWeight, quantityContent},
}

// findings are what a sweep answers.
func (s *Sweep) findings() []Finding {
	var found []Finding
	if len(s.Keys) != 1 {
		return nil
	}
	for _, e := range expectations {
		if s.Keys[0] == e.key {
			found = append(found, s.falls(e)...)
		}
	}
	switch {
	case s.Keys[0] == keyStyleLayers:
		found = append(found, s.styleFindings()...)
	case s.Keys[0] == keyContentLayer && s.Reference == nil:
		found = append(found, s.depthFindings()...)
	}
	return found
}

// falls says whether a quantity falls whenever the parameter is raised.
func (s *Sweep) falls(e expectation) []Finding {
	runs := s.ordered()
	numbers, values, ok := e.quantity.numbers(runs)
	if !ok || len(runs) < 2 {
		return nil
	}
	var text sentence
	text.text("As the %s goes ", wordsOf(e.key, runs[0]))
	text.chain(settings(e.key, runs))
	text.text(", the %s goes ", e.quantity.name)
	text.chain(numbers)
	verdict, says := Fails, ": it does not fall at every step."
	if isFalling(values) {
		verdict, says = Holds, ": it falls at every step."
	}
	text.text("%s", says)
	return []Finding{{verdict, text}}
}

func settings(key string, runs []*Run) []Number {
	var numbers []Number
	for _, run := range runs {
		numbers = append(numbers, run.set(key))
	}
	return numbers
}

func isFalling(values []float64) bool {
	for i := 1; i < len(values); i++ {
		if !(values[i] < values[i-1]) {
			return false
		}
	}
	return true
}

// styleFindings say which layers' Gram distances each choice of style layers
// brings down.
func (s *Sweep) styleFindings() []Finding {
	for _, l := range judges {
		if _, _, ok := styleQuantity(l).numbers(s.all()); !ok {
			return nil
		}
	}
	var found []Finding
	for _, run := range s.all() {
		own, other := run.Options.Objective.Style.Layers, judges
		var text sentence
		text.text("%s: ", upperFirst(s.label(run)))
		text.ownLoss(run)
		text.text("the distance to the style is ")
		text.styleDistances(run, own)
		text.text("; where no loss asked for it, ")
		text.styleDistances(run, other)
		text.text(".")
		found = append(found, Finding{Neutral, text})
	}
	return append(found, s.nearest()...)
}

// ownLoss says how far the run brought down its style loss.
func (s *sentence) ownLoss(run *Run) {
	first, last := sum(run.Losses.First.Style), sum(run.Losses.Last.Style)
	if !(first > 0) {
		return
	}
	s.text("the style loss falls to ")
	s.number(run.percent("losses.last.style / losses.first.style", last/first))
	s.text(", ")
}

func sum(losses map[int]record.Number) (total float64) {
	for _, x := range losses {
		total += float64(x)
	}
	return total
}

// styleDistances lists the distances at layers: 3 % at 1, 20 % at 4.
func (s *sentence) styleDistances(run *Run, layers []int) {
	for i, l := range layers {
		if i > 0 {
			s.text(", ")
		}
		n, _, _ := styleQuantity(l).number(run)
		s.number(n)
		s.text(" at layer\u00a0%d", l)
	}
}

// nearest says which run comes nearest to the style at each of the judges.
func (s *Sweep) nearest() []Finding {
	var text sentence
	text.text("Nearest to the style: ")
	for i, l := range judges {
		numbers, values, _ := styleQuantity(l).numbers(s.all())
		best := slices.Index(values, slices.Min(values))
		if i > 0 {
			text.text(", ")
		}
		text.text("at layer\u00a0%d %s (", l, s.label(s.all()[best]))
		text.number(numbers[best])
		text.text(")")
	}
	text.text(".")
	return []Finding{{Neutral, text}}
}

// depthFindings say what inversion keeps at each depth.
func (s *Sweep) depthFindings() []Finding {
	var found []Finding
	if numbers, values, ok := quantitySSIM.numbers(s.Runs); ok {
		found = append(found, Finding{Neutral, s.structureKept(numbers, values)})
	}
	if numbers, values, ok := quantityColorContent.numbers(s.Runs); ok {
		found = append(found, Finding{Neutral, s.colorsKept(numbers, values)})
	}
	return found
}

// half is the SSIM under which most of the structure is gone.
const half = 0.5

// structureKept says where the structure goes.
func (s *Sweep) structureKept(ssim []Number, values []float64) sentence {
	var text sentence
	last := len(values) - 1
	text.text("Structure: the SSIM is ")
	s.at(&text, ssim, 0)
	if i := slices.IndexFunc(values, func(x float64) bool { return x < half }); i > 0 {
		text.text(", falls below %g at layer\u00a0", half)
		text.number(s.Runs[i].set(keyContentLayer))
		text.text(" (")
		text.number(ssim[i])
		text.text(")")
	}
	text.text(" and is ")
	s.at(&text, ssim, last)
	text.text(". It falls at %d of %d steps down.", fallingSteps(values), last)
	return text
}

// colorsKept says how far off the colours are, and where most.
func (s *Sweep) colorsKept(distance []Number, values []float64) sentence {
	var text sentence
	worst := slices.Index(values, slices.Max(values))
	text.text("Colours: they are off by ")
	s.at(&text, distance, 0)
	text.text(", by ")
	s.at(&text, distance, len(values)-1)
	text.text(", and by the most, ")
	s.at(&text, distance, worst)
	text.text(" of the way from black to white.")
	return text
}

// at writes the number of the i-th run: 0.97 from layer 1.
func (s *Sweep) at(text *sentence, numbers []Number, i int) {
	text.number(numbers[i])
	text.text(" from layer\u00a0")
	text.number(s.Runs[i].set(keyContentLayer))
}

func fallingSteps(values []float64) (n int) {
	for i := 1; i < len(values); i++ {
		if values[i] < values[i-1] {
			n++
		}
	}
	return n
}

func upperFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
