package report

import (
	"fmt"
	"slices"
	"strings"

	"zellige/internal/record"
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

// sentence is text with numbers in it.
type sentence []Piece

// say puts arguments where the format has %v; numbers and sentences stay what they are.
func say(format string, args ...any) sentence {
	var s sentence
	for i, text := range strings.Split(format, "%v") {
		if i > 0 {
			switch a := args[i-1].(type) {
			case Number:
				s = append(s, Piece{Number: &a})
			case sentence:
				s = append(s, a...)
			default:
				s = append(s, Piece{Text: fmt.Sprint(a)})
			}
		}
		s = append(s, Piece{Text: text})
	}
	return s
}

// join puts a separator between parts, which are numbers or sentences.
func join[T Number | sentence](parts []T, separator string) sentence {
	var s sentence
	for i, part := range parts {
		if i > 0 {
			s = append(s, Piece{Text: separator})
		}
		s = append(s, say("%v", part)...)
	}
	return s
}

// falling are the quantities that a parameter should bring down when it is raised:
// each loss, with its weight, what it asks for.
var falling = map[string]quantity{keyTVWeight: quantityTV, keyContentWeight: quantityContent}

// findings are what a sweep answers.
func (s *Sweep) findings() []Finding {
	if len(s.Keys) != 1 {
		return nil
	}
	key := s.Keys[0]
	if q, ok := falling[key]; ok {
		return s.falls(key, q)
	}
	switch {
	case key == keyStyleLayers:
		return s.styleFindings()
	case key == keyContentLayer && s.Reference == nil:
		return s.depthFindings()
	}
	return nil
}

// falls says whether a quantity falls whenever the parameter is raised.
func (s *Sweep) falls(key string, q quantity) []Finding {
	runs := s.ordered()
	numbers, values, ok := q.numbers(runs)
	if !ok || len(runs) < 2 {
		return nil
	}
	verdict, says := Fails, "does not fall"
	if fallingSteps(values) == len(values)-1 {
		verdict, says = Holds, "falls"
	}
	return []Finding{{verdict, say("As the %v goes %v, the %v goes %v: it %v at every step.",
		wordsOf(key, runs[0]), join(settings(key, runs), " → "), q.name, join(numbers, " → "), says)}}
}

func settings(key string, runs []*Run) []Number {
	var numbers []Number
	for _, run := range runs {
		numbers = append(numbers, run.set(key))
	}
	return numbers
}

func fallingSteps(values []float64) (n int) {
	for i := 1; i < len(values); i++ {
		if values[i] < values[i-1] {
			n++
		}
	}
	return n
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
		found = append(found, Finding{Neutral, say("%v: %vthe distance to the style is %v%v.",
			upperFirst(s.label(run)), run.ownLoss(), run.styleDistances(run.Options.Objective.Style.Layers), run.unasked())})
	}
	return append(found, s.nearest())
}

// ownLoss says how far the run brought down its style loss.
func (r *Run) ownLoss() sentence {
	first, last := sum(r.Losses.First.Style), sum(r.Losses.Last.Style)
	if !(first > 0) {
		return nil
	}
	return say("the style loss falls to %v, ", r.percent("losses.last.style / losses.first.style", last/first))
}

func sum(losses map[int]record.Number) (total float64) {
	for _, x := range losses {
		total += float64(x)
	}
	return total
}

// unasked says how near the style is at the judges that no loss of the run knows.
func (r *Run) unasked() sentence {
	layers := slices.DeleteFunc(slices.Clone(judges), func(l int) bool { return slices.Contains(r.Options.Objective.Style.Layers, l) })
	if len(layers) == 0 {
		return nil
	}
	return say("; where no loss asked for it, %v", r.styleDistances(layers))
}

// styleDistances lists the distances at layers: 3 % at 1, 20 % at 4.
func (r *Run) styleDistances(layers []int) sentence {
	var distances []sentence
	for _, l := range layers {
		n, _, _ := styleQuantity(l).number(r)
		distances = append(distances, say("%v at layer\u00a0%v", n, l))
	}
	return join(distances, ", ")
}

// nearest says which run comes nearest to the style at each of the judges.
func (s *Sweep) nearest() Finding {
	var runs []sentence
	for _, l := range judges {
		numbers, values, _ := styleQuantity(l).numbers(s.all())
		best := slices.Index(values, slices.Min(values))
		runs = append(runs, say("at layer\u00a0%v %v (%v)", l, s.label(s.all()[best]), numbers[best]))
	}
	return Finding{Neutral, say("Nearest to the style: %v.", join(runs, ", "))}
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
	var gone sentence
	if i := slices.IndexFunc(values, func(x float64) bool { return x < half }); i > 0 {
		gone = say(", falls below %v at layer\u00a0%v (%v)", half, s.Runs[i].set(keyContentLayer), ssim[i])
	}
	last := len(values) - 1
	return say("Structure: the SSIM is %v%v and is %v. It falls at %v of %v steps down.",
		s.from(0, ssim), gone, s.from(last, ssim), fallingSteps(values), last)
}

// colorsKept says how far off the colours are, and where most.
func (s *Sweep) colorsKept(distance []Number, values []float64) sentence {
	worst := slices.Index(values, slices.Max(values))
	return say("Colours: they are off by %v, by %v, and by the most, %v of the way from black to white.",
		s.from(0, distance), s.from(len(values)-1, distance), s.from(worst, distance))
}

// from is the number of the i-th run: 0.97 from layer 1.
func (s *Sweep) from(i int, numbers []Number) sentence {
	return say("%v from layer\u00a0%v", numbers[i], s.Runs[i].set(keyContentLayer))
}

func upperFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
