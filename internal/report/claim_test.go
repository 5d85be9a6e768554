package report

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zellige/internal/story"
)

func TestClaimsStandBesideTheirPicturesAndOnTop(t *testing.T) {
	folder := labFolder(t, labFile)
	p := readReport(t, folder).page(folder)
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
	if n := tests[1].Pieces[1].Number; n == nil || n.Source != "transfers/lion-waves/manifest.json: measures.checker" {
		t.Errorf("pieces %+v", tests[1].Pieces)
	}
}

func TestThePageIsInTheOrderOfTheFile(t *testing.T) {
	folder := labFolder(t, strings.Replace(labFile, "runs:\n", "runs:\n  - {name: zebra/first}\n", 1))
	p := readReport(t, folder).page(folder)
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

// A large folder has a table with small pictures, and little else.
func TestManyRuns(t *testing.T) {
	folder := labFolder(t, labFile)
	r := readReport(t, folder)
	r.Story = &story.Story{}
	for _, want := range []struct {
		runs   int
		inside bool
	}{{mostInFull + 1, true}, {mostInside + 1, false}} {
		for len(r.Runs) < want.runs {
			r.Runs = append(r.Runs, r.Runs[0])
		}
		p := r.page(folder)
		if len(p.Appendix) > 0 || len(p.Sections) > 1 || len(p.Runs.Rows) != want.runs {
			t.Errorf("%d runs: %d files, %d sections, %d rows", want.runs, len(p.Appendix), len(p.Sections), len(p.Runs.Rows))
		}
		src, file := string(p.Runs.Rows[0].Picture.Src), "transfers/lion-waves/picture.png"
		if strings.HasPrefix(src, "data:") != want.inside || !want.inside && src != file {
			t.Errorf("%d runs: the first picture is %.40s", want.runs, src)
		}
		if got := p.Runs.Rows[0].Href; got != filepath.ToSlash("transfers/lion-waves/manifest.json") {
			t.Errorf("the first row leads to %q", got)
		}
	}
}

func TestFieldsOfAManifest(t *testing.T) {
	run := readReport(t, labFolder(t, labFile)).find(t, "transfers/lion-waves")
	style := 0.0
	for _, x := range run.Losses.Last.Style {
		style += float64(x)
	}
	for key, want := range map[string]float64{"tv": run.Measures.TV, "layers.9.style": *run.Measures.Layers[9].Style,
		"losses.last.style": style, "seconds": run.Seconds} {
		if _, x, ok := run.field(key); !ok || x < want*(1-1e-9) || x > want*(1+1e-9) {
			t.Errorf("%s = %g, %t, want %g", key, x, ok, want)
		}
	}
	for _, key := range []string{"title", "picture", "recipe.preset", "nothing", ""} {
		if full, x, ok := run.field(key); ok {
			t.Errorf("%q is %s = %g", key, full, x)
		}
	}
}
