package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"net"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/forecast"
	"zellige/internal/record"
	"zellige/internal/view"
	"zellige/losses"
	"zellige/picture"
)

// viewFlag is whether and where a live view is served. It is the value of a flag that may
// stand alone.
type viewFlag struct {
	isOn, untilDone bool
	address         string
}

// untilDone is the word that ends a live view with the work.
const untilDone = "until-done"

func (v *viewFlag) flag(category string) cli.Flag {
	return &cli.GenericFlag{Category: category, Name: "view", Value: v,
		Usage: "watch in a browser; `WHERE`: until-done, ADDRESS:PORT"}
}

// Set reads what stands behind the flag: until-done, an address or both.
func (v *viewFlag) Set(text string) (err error) {
	*v = viewFlag{isOn: true, address: "127.0.0.1:0"}
	for part := range strings.SplitSeq(text, ",") {
		switch part {
		case "true": // it stands alone
		case untilDone:
			v.untilDone = true
		default:
			v.address, err = viewAddress(part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *viewFlag) String() string { return "" }

// IsBoolFlag says that the flag may stand without a value.
func (v *viewFlag) IsBoolFlag() bool { return true }

// viewAddress completes an address: this machine's if only a port is given, and any free
// port if none is.
func viewAddress(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if _, isNumber := strconv.Atoi(text); isNumber == nil {
		host, port = "", text
	} else if err != nil {
		host, port = strings.Trim(text, "[]"), "0"
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", fmt.Errorf("the port %q must be a number, 0 to 65535", port)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// during shows what work does, which is told what to tell. It lets the page's button
// interrupt the work, and afterwards leaves the results there to be looked at.
func (v *viewFlag) during(c *cli.Context, m *messages, show func(*view.Server) error) error {
	if !v.isOn {
		return show(nil)
	}
	ctx, stop := context.WithCancel(c.Context)
	defer stop()
	c.Context = ctx
	s, err := view.Listen(v.address, stop)
	if err != nil {
		return &usageError{fmt.Sprintf("--view: %v", err), "--view alone takes a free port of this machine"}
	}
	tell(m.w, "live view: "+s.URL())
	if err = show(s); err != nil {
		s.Say(message(err))
	}
	if !v.untilDone && s.HasResult() && ctx.Err() == nil {
		m.say("the live view stays until Ctrl-C")
		<-ctx.Done()
	}
	return errors.Join(err, s.Close())
}

// canvas is a painting that the live view shows; nil if there is none.
type canvas struct {
	*view.Painting
}

// newCanvas shows another painting. Its pictures are read from their files again when
// somebody looks; streamed is the one that came from standard input.
func newCanvas(s *view.Server, name string, sources record.Sources, streamed func(role string) image.Image) *canvas {
	if s == nil {
		return nil
	}
	var shown []view.Source
	for _, source := range sources {
		open := fileOpener(source.Path)
		if streamed != nil && source.Path == standardStream {
			img := streamed(source.Role)
			open = func() (image.Image, error) { return img, nil }
		}
		shown = append(shown, view.Source{Name: source.Role, Open: open})
	}
	return &canvas{Painting: s.Add(name, shown...)}
}

func fileOpener(path string) func() (image.Image, error) {
	return func() (image.Image, error) { return picture.Read(path) }
}

// step shows a step of a run.
func (c *canvas) step(s zellige.Step, r *forecast.Run) {
	if c == nil {
		return
	}
	c.Show(view.Moment{
		Iteration: s.Iteration, Iterations: s.Iterations, Stage: s.Stage,
		Doing: scaleInFull(s), Left: timeLeft(r), Losses: shownLosses(s.Losses), Snapshot: s.Snapshot,
	})
}

// end shows the result, which was written to where, or what was saved of it.
func (c *canvas) end(where string, img image.Image, interrupted bool) {
	if c == nil {
		return
	}
	open := fileOpener(where)
	if where == standardOutput {
		open = func() (image.Image, error) { return img, nil }
	}
	if interrupted {
		c.Stopped(open)
	} else {
		c.Done(open)
	}
}

// shownLosses are the total and the terms that are there.
func shownLosses(v losses.Values) []view.Loss {
	list := []view.Loss{{Name: "total", Value: v.Total()}}
	if len(v.Content) > 0 {
		list = append(list, view.Loss{Name: "content", Value: v.ContentSum()})
	}
	if len(v.Style) > 0 {
		list = append(list, view.Loss{Name: "style", Value: v.StyleSum()})
	}
	if len(v.Match) > 0 {
		list = append(list, view.Loss{Name: "match", Value: v.MatchSum()})
	}
	return append(list, view.Loss{Name: "tv", Value: v.TV})
}
