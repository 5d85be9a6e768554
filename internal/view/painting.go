package view

import (
	"image"
	"slices"
	"time"
)

// Painting is a picture that grows. A nil *Painting shows nothing.
type Painting struct {
	server  *Server
	name    string
	sources []Source

	// Guarded by the server's mutex:
	state    state
	last     Moment // zero before the first one
	curve    curve
	jpeg     []byte // the newest preview, or the result once it was asked for
	version  int    // of the picture, 0 if there is none
	encoding bool
	due      time.Time // of the next preview
	result   func() (image.Image, error)
}

// Source is a picture that another is painted from. It is opened when somebody looks.
type Source struct {
	Name string
	Open func() (image.Image, error)
	jpeg []byte // once it was opened
}

// Moment says how far a painting is.
type Moment struct {
	Iteration  int // from 0
	Iterations int // in all
	Stage      int // of a size each
	Doing      string
	Left       string // how long it takes yet, "" if that is not known
	Losses     []Loss // the same names in each step
	// Snapshot copies what is needed for the picture as it is, and returns what makes
	// it on another goroutine.
	Snapshot func() func() image.Image
}

// Loss is a term of the loss.
type Loss struct {
	Name  string
	Value float64
}

// state is how it stands with a painting.
type state string

const (
	waiting  state = "waiting"
	painting state = "painting"
	done     state = "done"
	failed   state = "failed"
	stopped  state = "stopped"
)

// Show shows how far it is. It returns at once.
func (p *Painting) Show(m Moment) {
	if p == nil {
		return
	}
	isDue := false
	p.server.change(func() {
		p.curve.add(m)
		p.state, p.last = painting, m
		p.last.Losses, p.last.Snapshot = nil, nil
		isDue = !p.encoding && len(p.server.lookers) > 0 && time.Now().After(p.due)
		p.encoding = p.encoding || isDue
	})
	if isDue {
		go p.preview(m.Snapshot())
	}
}

// Done shows that it is finished; open gives the result when somebody looks.
func (p *Painting) Done(open func() (image.Image, error)) { p.end(done, open) }

// Stopped shows that it was interrupted, and the picture as it was saved if open is not nil.
func (p *Painting) Stopped(open func() (image.Image, error)) { p.end(stopped, open) }

// Failed shows that it will not be finished.
func (p *Painting) Failed() { p.end(failed, nil) }

func (p *Painting) end(how state, open func() (image.Image, error)) {
	if p == nil {
		return
	}
	p.server.change(func() {
		p.state, p.result, p.last.Left = how, open, ""
		if open != nil {
			p.jpeg = nil
			p.version++
		}
	})
}

// progress is what the page is told of a painting.
type progress struct {
	Name       string   `json:"name"`
	Sources    []string `json:"sources"`
	State      state    `json:"state"`
	Doing      string   `json:"doing"`
	Left       string   `json:"left"`
	Iteration  int      `json:"iteration"` // how many are done
	Iterations int      `json:"iterations"`
	Version    int      `json:"version"`
}

// progress is called with the server's mutex held.
func (p *Painting) progress() progress {
	n := progress{Name: p.name, Sources: []string{}, State: p.state, Doing: p.last.Doing, Left: p.last.Left,
		Iteration: min(p.last.Iteration+1, p.last.Iterations), Iterations: p.last.Iterations, Version: p.version}
	for _, s := range p.sources {
		n.Sources = append(n.Sources, s.Name)
	}
	return n
}

// curvePoints bound a curve: of a longer one, every second point goes, again and again.
const curvePoints = 600

// curve is the course of a painting's losses.
type curve struct {
	Names  []string    `json:"names"`
	At     []int       `json:"at"`     // iterations
	Values [][]float64 `json:"values"` // by iteration, of the names
	Stages []int       `json:"stages"` // their first iterations
	every  int
	stage  int
}

// add adds a point if it is one of those that are kept. JSON has no infinities.
func (c *curve) add(m Moment) {
	if c.every == 0 {
		c.every, c.stage = 1, m.Stage
		for _, l := range m.Losses {
			c.Names = append(c.Names, l.Name)
		}
	}
	if m.Stage != c.stage {
		c.stage, c.Stages = m.Stage, append(c.Stages, m.Iteration)
	}
	values := make([]float64, len(m.Losses))
	for i, l := range m.Losses {
		values[i] = l.Value
		if l.Value-l.Value != 0 {
			return
		}
	}
	if m.Iteration%c.every != 0 {
		return
	}
	c.At, c.Values = append(c.At, m.Iteration), append(c.Values, values)
	if len(c.At) > curvePoints {
		c.every *= 2
		c.At, c.Values = thinned(c.At, c.At, c.every), thinned(c.Values, c.At, c.every)
	}
}

// copied is a curve that later steps leave alone.
func (c *curve) copied() curve {
	return curve{Names: c.Names, At: slices.Clone(c.At), Values: slices.Clone(c.Values), Stages: slices.Clone(c.Stages)}
}

// thinned are the points of every so many iterations.
func thinned[T any](points []T, at []int, every int) (kept []T) {
	for i, p := range points {
		if at[i]%every == 0 {
			kept = append(kept, p)
		}
	}
	return kept
}
