package report

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zellige/internal/chart"
	"zellige/internal/record"
	"zellige/internal/story"
)

func TestClaimsStandBesideTheirPicturesAndOnTop(t *testing.T) {
	folder := labFolder(t, labFile)
	p := pageOf(t, readReport(t, folder), folder)
	var got []string
	for _, c := range p.Claims {
		got = append(got, c.Says+": "+string(c.Verdict))
	}
	if want := []string{"All fell: holds", "Nobody knows: not measured", "It has <pixels>: holds in part"}; !slices.Equal(got, want) {
		t.Errorf("claims %q, want %q", got, want)
	}
	if want := []Tally{{story.Holds, 1}, {story.Partly, 1}, {story.Fails, 0}, {story.Unknown, 1}}; !slices.Equal(p.Tally, want) {
		t.Errorf("tally %v, want %v", p.Tally, want)
	}
	b := p.Sections[1].Blocks[0]
	if b.Title != "More and less" || len(b.Claims) != 1 || p.Claims[2].Href != "#"+b.Anchor || len(b.Crops) != 3 {
		t.Errorf("beside the sweep: %+v", b)
	}
	tests := b.Claims[0].Tests
	if len(tests) != 2 || tests[0].Verdict != story.Holds || p.Claims[2].Decides().Shows != "none" {
		t.Errorf("tests %+v", tests)
	}
	if n := tests[1].Fragments[1].Number; n == nil || n.Source != "transfers/lion-waves/manifest.json: measures.checker" {
		t.Errorf("fragments %+v", tests[1].Fragments)
	}
}

func TestThePageIsInTheOrderOfTheFile(t *testing.T) {
	folder := labFolder(t, strings.Replace(labFile, "runs:\n", "runs:\n  - {name: zebra/first}\n", 1))
	p := pageOf(t, readReport(t, folder), folder)
	var titles []string
	for _, s := range p.Sections {
		for _, b := range s.Blocks {
			titles = append(titles, s.Title+": "+b.Title)
		}
	}
	want := []string{"Zebra: zebra/first", "Transfers: The lion & <waves>", "Transfers: transfers/lion-lion", "Ablations: More and less", "Ablations: ablations/layers", "Depth: depth"}
	if !slices.Equal(titles, want) {
		t.Errorf("got  %q\nwant %q", titles, want)
	}
	if p.Title != "A lab" || p.About != "What it is about" {
		t.Errorf("title %q, about %q", p.Title, p.About)
	}
}

// multiply adds families of one run, which differ in their seeds, until there are n runs.
func multiply(r *Report, n int) {
	for i := len(r.Runs); i < n; i++ {
		run := *r.Runs[0]
		m := *run.kept
		m.Options.Seed = uint64(i)
		run.ID, run.kept, run.texts, run.rank = fmt.Sprintf("copy-%d/run", i), &m, m.texts(texts{}), i
		r.Runs = append(r.Runs, &run)
	}
}

// A large folder has a table with small pictures, and little else.
func TestManyRuns(t *testing.T) {
	folder := labFolder(t, labFile)
	r := readReport(t, folder)
	r.Folders[0].story = &story.Story{}
	for _, want := range []struct {
		runs   int
		inside bool
	}{{mostInFull + 1, true}, {mostInside + 1, false}} {
		multiply(r, want.runs)
		p := pageOf(t, r, folder)
		if len(p.Appendix) > 0 || len(p.Sections) > 1 || p.Runs.Count != want.runs || len(slices.Collect(p.Runs.More)) != want.runs-mostRows {
			t.Errorf("%d runs: %d files, %d sections, %d rows", want.runs, len(p.Appendix), len(p.Sections), len(p.Runs.Rows))
		}
		if len(p.Runs.Rows) != mostRows || !slices.Contains(p.Runs.Head, "seed") {
			t.Errorf("%d runs: %d rows at first, columns %q", want.runs, len(p.Runs.Rows), p.Runs.Head)
		}
		src, file := string(p.Runs.Rows[0].Image.Src), "transfers/lion-waves/picture.png"
		if strings.HasPrefix(src, "data:") != want.inside || !want.inside && src != file {
			t.Errorf("%d runs: the first picture is %.40s", want.runs, src)
		}
		if got := p.Runs.Rows[0].Href; got != filepath.ToSlash("transfers/lion-waves/manifest.json") {
			t.Errorf("the first row leads to %q", got)
		}
	}
}

// An error of the progress ends the work, wherever that is.
func TestProgressEndsTheWork(t *testing.T) {
	folder := labFolder(t, labFile)
	for _, where := range []string{"runs read", "pictures read", "runs and sweeps judged", "rows written"} {
		stop := errors.New("stop at " + where)
		r, err := Read(func(what string, _, _ int) error {
			if what == where {
				return stop
			}
			return nil
		}, folder)
		if err == nil {
			multiply(r, mostInFull+2)
			err = r.WriteHTML(io.Discard, folder)
		}
		if err != stop {
			t.Errorf("got %v, want %v", err, stop)
		}
	}
}

// Thousands of claims are judged and counted; a page lists some of them.
func TestManyClaims(t *testing.T) {
	folder := labFolder(t, labFile)
	r := readReport(t, folder)
	f := r.Folders[0]
	claims := func(runs string) []story.Claim {
		return []story.Claim{{Says: "All fell", Tests: []story.Test{{Shows: "fell", That: "losses.last.total@" + runs + " < 0 * losses.first.total@" + runs}}}}
	}
	multiply(r, 3*mostInFull)
	f.story.Parts, f.story.Claims = nil, claims("copy*/*")
	for i, run := range r.Runs {
		f.byName[run.ID], run.name, run.part = run, run.ID, i
		f.story.Parts = append(f.story.Parts, story.Part{Name: run.ID, Claims: claims(run.ID)})
	}
	p := pageOf(t, r, folder)
	listed, counted := len(p.Claims), p.Tally[2].Count
	if want := len(r.units()) + 1; listed != mostInFull || listed+p.MoreClaims != want || counted != want {
		t.Errorf("%d claims are listed, %d are not, %d counted; want %d of %d", listed, p.MoreClaims, counted, mostInFull, want)
	}
	blocks := 0
	for _, s := range p.Sections {
		blocks += len(s.Blocks)
	}
	if blocks == 0 || blocks > mostInFull {
		t.Errorf("%d runs are shown in full", blocks)
	}
	fragments := p.Claims[0].Tests[0].Fragments
	more := slices.IndexFunc(fragments, func(p Fragment) bool {
		return p.Text == fmt.Sprintf(" and %d more", len(f.Matching("copy*/*"))-mostTold)
	})
	if more < 0 || len(fragments) > 5*mostTold {
		t.Errorf("%d fragments: %+v", len(fragments), fragments)
	}
}

func TestFieldsOfAManifest(t *testing.T) {
	run := readReport(t, labFolder(t, labFile)).find(t, "transfers/lion-waves")
	style := 0.0
	m := run.manifest()
	for _, x := range m.Losses.Last.Style {
		style += float64(x)
	}
	for key, want := range map[string]float64{"tv": m.Measures.TV, "layers.9.style": *m.Measures.Layers[9].Style,
		"losses.last.style": style, "seconds": m.Seconds,
		"recipe.parameters.image_size": float64(m.Options.ImageSize), "recipe.parameters.tv_weight": m.Options.Objective.TVWeight, "picture.width": float64(m.Picture.Width)} {
		if _, x, ok := run.field(key); !ok || x < want*(1-1e-9) || x > want*(1+1e-9) {
			t.Errorf("%s = %g, %t, want %g", key, x, ok, want)
		}
	}
	for _, key := range []string{"title", "picture", "recipe.preset", "recipe.parameters.gram", "recipe.parameters.nothing", "nothing", ""} {
		if full, x, ok := run.field(key); ok {
			t.Errorf("%q is %s = %g", key, full, x)
		}
	}
}

func pageOf(t *testing.T, r *Report, base string) *page {
	t.Helper()
	p, err := r.page(base)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A matching loss stands where the style loss of other runs does.
func TestMatchingLossIsThatOfTheStyle(t *testing.T) {
	run := readReport(t, labFolder(t, labFile)).Runs[0]
	last := &run.manifest().Losses.Last
	last.Style, last.Match = nil, map[int]record.Number{1: 2, 4: 3}
	if n := run.listed()[5]; n.Text != "5.00" || !strings.HasSuffix(n.Source, ": losses.last.match, summed") {
		t.Errorf("got %+v", n)
	}
	line := record.LogLine{LossSums: *last}
	next := line
	next.Iteration = 1
	c := curves("run", []record.LogLine{line, next})
	if !slices.ContainsFunc(c.Lines, func(l chart.Line) bool { return l.Name == "style, matched" && l.Points[1].Y == 5 }) {
		t.Errorf("lines %+v", c.Lines)
	}
}
