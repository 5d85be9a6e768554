package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"zellige/internal/chart"
	"zellige/internal/record"
)

// page is what the template shows.
type page struct {
	Title      string
	Facts      []fact
	Warnings   []string
	Findings   []topic
	Transfers  []card
	Ablations  []sweepView
	Inversions []card
	Depths     []sweepView
	Runs       Table
	Appendix   []appendixFile
	Style      template.CSS
}

// fact is a line about the whole folder.
type fact struct{ Label, Text string }

// topic are the findings of one sweep.
type topic struct {
	Title, Href string
	Findings    []Finding
}

// card shows one run.
type card struct {
	Anchor, Title, ID string
	IsReference       bool // of a sweep
	Sources           []*Picture
	Result            *Picture
	Numbers           []Labelled
	Summary           string // of the curves and the parameters, which are folded away
	Curves            *chart.Chart
	Parameters        []Labelled
}

// sweepView shows a sweep.
type sweepView struct {
	Anchor, Title, Name string
	Findings            []Finding
	Sheet               []sheetPicture
	Chart               *chart.Chart
	Tables              []Table
	IsWide              bool   // the tables have no room beside the chart
	Runs                []card // their losses and parameters
}

// sheetPicture is a picture in a contact sheet.
type sheetPicture struct {
	*Picture
	Label       string
	IsReference bool
}

// appendixFile is a file that numbers were read from.
type appendixFile struct{ Anchor, Name, Href, Text string }

var (
	//go:embed page.html
	pageSource string
	//go:embed page.css
	styleSheet string

	pageTemplate = template.Must(template.New("page").Parse(pageSource))
)

// WriteHTML writes the report as one HTML file that will stand in the folder base;
// its links to manifests are relative to that.
func (r *Report) WriteHTML(w io.Writer, base string) error {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, r.page(base)); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	_, err := b.WriteTo(w)
	return err
}

func (r *Report) page(base string) *page {
	p := &page{Title: titleOf(r.Folder), Facts: r.facts(), Style: template.CSS(styleSheet + chart.CSS)}
	sweeps, transfers, inversions := r.parts()
	references := map[*Run]bool{}
	for _, s := range sweeps {
		references[s.Reference] = true
		view := r.sweepView(s)
		if s.Reference == nil {
			p.Depths = append(p.Depths, view)
		} else {
			p.Ablations = append(p.Ablations, view)
		}
		if len(view.Findings) > 0 {
			p.Findings = append(p.Findings, topic{view.Title, "#" + view.Anchor, view.Findings})
		}
	}
	for _, run := range transfers {
		p.Transfers = append(p.Transfers, r.card(run, references[run]))
	}
	for _, run := range inversions {
		p.Inversions = append(p.Inversions, r.card(run, false))
	}
	p.Runs = r.runTable()
	p.Appendix = r.appendix(base)
	p.Warnings = r.Warnings // pictures may have added some
	return p
}

// titleOf makes a title of a folder's name.
func titleOf(folder string) string {
	if absolute, err := filepath.Abs(folder); err == nil {
		folder = absolute
	}
	return upperFirst(strings.ReplaceAll(filepath.Base(folder), "-", " "))
}

// facts are what the runs have in common, or a list of what differs.
func (r *Report) facts() []fact {
	seconds := 0.0
	last := time.Time{}
	tools, processors := map[string]bool{}, map[string]bool{}
	for _, run := range r.Runs {
		seconds += run.Seconds
		if run.Finished.After(last) {
			last = run.Finished
		}
		e := run.Recipe.MadBy
		tools[fmt.Sprintf("zellige %s, ONNX Runtime %s", e.Zellige, e.ONNXRuntime)] = true
		processors[fmt.Sprintf("%s, %s", e.Processor, threads(run.Threads))] = true
	}
	return []fact{
		{"Pictures", fmt.Sprint(len(r.Runs))},
		{"Painted in", time.Duration(seconds * float64(time.Second)).Round(time.Second).String()},
		{"Finished", last.Format("2 January 2006, 15:04 UTC")},
		{"With", joinKeys(tools)},
		{"On", joinKeys(processors)},
	}
}

func threads(n int) string {
	if n == 1 {
		return "1 thread"
	}
	return fmt.Sprintf("%d threads", n)
}

func joinKeys(set map[string]bool) string {
	var keys []string
	for key := range set {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return strings.Join(keys, "; ")
}

func (r *Report) card(run *Run, isReference bool) card {
	c := card{Anchor: run.anchor("run"), Title: run.title(), ID: run.ID, IsReference: isReference, Result: r.embed(run, ""),
		Numbers: run.highlights(), Summary: "Losses and parameters", Curves: curves(run), Parameters: run.parameters()}
	for _, role := range run.pictured() {
		if p := r.embed(run, role); p != nil {
			c.Sources = append(c.Sources, p)
		}
	}
	return c
}

func (r *Run) title() string {
	if r.Title != "" {
		return r.Title
	}
	return r.Name
}

// highlights are the few numbers that stand beside a picture.
func (r *Run) highlights() []Labelled {
	numbers := []Labelled{
		{"loss at the start", r.recorded("losses.first.total", float64(r.Losses.First.Total))},
		{"loss at the end", r.recorded("losses.last.total", float64(r.Losses.Last.Total))},
	}
	for _, q := range judged() {
		if n, _, ok := q.number(r); ok {
			numbers = append(numbers, Labelled{q.name, n})
		}
	}
	return append(numbers, Labelled{"seconds", r.recorded("seconds", r.Seconds)})
}

// parameters are all that the run was given.
func (r *Run) parameters() []Labelled {
	list := []Labelled{
		{"command", r.number("recipe.command", r.Recipe.Command)},
		{"preset", r.number("recipe.preset", r.Recipe.Preset)},
	}
	for _, role := range append(r.pictured(), "init") {
		if p, ok := r.Recipe.Pictures[role]; ok {
			list = append(list, Labelled{caption(role), r.number("recipe.pictures."+role+".file", p.File)})
		}
	}
	if len(r.Recipe.Blend) > 0 {
		list = append(list, Labelled{"style blend", r.number("recipe.style_blend", strings.Trim(fmt.Sprint(r.Recipe.Blend), "[]"))})
	}
	list = append(list, Labelled{"init", r.number("recipe.init", string(r.Recipe.Init))})
	for _, key := range parameterKeys(r) {
		list = append(list, Labelled{strings.ReplaceAll(key, "_", " "), r.set(key)})
	}
	return append(list, Labelled{"range", r.number("recipe.range", r.Recipe.Range)})
}

func (r *Report) sweepView(s *Sweep) sweepView {
	first := s.Runs[0]
	v := sweepView{Anchor: first.anchor("sweep"), Title: first.title(), Name: s.Name, Findings: s.findings(), Tables: s.tables()}
	for _, e := range s.exhibits() {
		if p := r.embed(e.run, e.role); p != nil {
			v.Sheet = append(v.Sheet, sheetPicture{p, e.label, e.isReference})
		}
	}
	for _, run := range s.all() {
		v.Runs = append(v.Runs, card{Anchor: run.anchor("run"), ID: run.ID, Summary: "Losses and parameters of " + s.label(run),
			Curves: curves(run), Parameters: run.parameters()})
	}
	const most = 8 // columns
	v.IsWide = slices.ContainsFunc(v.Tables, func(t Table) bool { return len(t.Head) > most })
	v.Chart = s.chart()
	return v
}

// runTable lists all runs.
func (r *Report) runTable() Table {
	t := Table{Head: []string{"size", "iterations", "first loss", "last loss", "content", "style", "TV", "seconds"}}
	for _, run := range r.Runs {
		last := run.Losses.Last
		content := Number{Text: noNumber}
		if last.Content != nil {
			content = run.recorded("losses.last.content", float64(*last.Content))
		}
		size := run.number("picture.width, picture.height", fmt.Sprintf("%d × %d", run.Picture.Width, run.Picture.Height))
		numbers := []Number{
			size,
			run.recorded("iterations", float64(run.Iterations)),
			run.recorded("losses.first.total", float64(run.Losses.First.Total)),
			run.recorded("losses.last.total", float64(last.Total)),
			content,
			run.recorded("losses.last.style, summed", sum(last.Style)),
			run.recorded("losses.last.tv", float64(last.TV)),
			run.recorded("seconds", run.Seconds),
		}
		row := Row{Label: run.ID, Title: run.title()}
		for _, n := range numbers {
			row.Cells = append(row.Cells, Cell{n, -1})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// appendix prints what the numbers were read from. Where files were on the machine
// that painted is left out: the page may be shown to others.
func (r *Report) appendix(base string) []appendixFile {
	var files []appendixFile
	for _, run := range r.Runs {
		const file = record.ManifestFile
		files = append(files, appendixFile{run.anchor(file), run.ID + "/" + file, relativeURL(base, run.path(file)), run.manifestText()})
	}
	return files
}

// relativeURL is the address of a file for a page in the folder base, "" if there
// is none.
func relativeURL(base, path string) string {
	absoluteBase, err := filepath.Abs(base)
	if err != nil {
		return ""
	}
	if path, err = filepath.Abs(path); err != nil {
		return ""
	}
	relative, err := filepath.Rel(absoluteBase, path)
	if err != nil {
		return ""
	}
	return (&url.URL{Path: filepath.ToSlash(relative)}).String()
}
