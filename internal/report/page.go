package report

import (
	"bufio"
	"cmp"
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
	"zellige/internal/story"
)

// page is what the template shows.
type page struct {
	Title, About string
	Facts        []fact
	Warnings     []string
	Best         []figure
	Claims       []claimView
	Tally        []Tally
	Method       method
	Sections     []section
	Runs         Table
	Appendix     []appendixFile
	Style        template.CSS
	Script       template.JS
}

// fact is a line about the whole folder.
type fact struct{ Label, Text string }

// section are the blocks of runs whose names begin alike.
type section struct {
	Anchor, Title string
	Blocks        []pageBlock
}

// pageBlock shows a run or a sweep.
type pageBlock struct {
	Anchor, Title string
	IsSweep       bool
	Claims        []claimView
	Figures       []figure
	Crops         []figure
	Numbers       []Labelled
	Chart         *chart.Chart
	Tables        []Table
	Runs          []details
}

// figure is a picture with its label; Href is where it leads to.
type figure struct {
	*Picture
	Label, Href string
	IsReference bool
}

// details are what is folded away of a run.
type details struct {
	Summary     string
	Curves      *chart.Chart
	Restart     string
	Own, Others []Labelled // parameters
}

// appendixFile is a file that numbers were read from.
type appendixFile struct{ Anchor, Name, Href, Text string }

var (
	//go:embed page.html
	pageSource string
	//go:embed diagrams.html
	diagramSource string
	//go:embed page.css
	styleSheet string
	//go:embed page.js
	script string

	pageTemplate = template.Must(template.New("page").Parse(diagramSource + pageSource))
)

// mostInFull is the number of runs that a page shows in full. Of more it has claims,
// and a table with small pictures.
const mostInFull = 100

func (r *Report) isLarge() bool { return len(r.Runs) > mostInFull }

// WriteHTML writes the report as one HTML file that will stand in the folder base;
// its links to files are relative to that.
func (r *Report) WriteHTML(w io.Writer, base string) error {
	b := bufio.NewWriter(w)
	if err := pageTemplate.Execute(b, r.page(base)); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return b.Flush()
}

func (r *Report) page(base string) *page {
	units := r.units()
	p := &page{Title: r.Story.Title, About: r.Story.About, Facts: r.facts(), Best: r.best(units), Method: r.method(units),
		Style: template.CSS(styleSheet + chart.CSS), Script: template.JS(script)}
	if p.Title == "" {
		p.Title = titleOf(r.Folder)
	}
	p.Claims = r.claimViews(r.Story.Claims, "#summary")
	told := -1 // the last part whose claims are shown
	for _, u := range units {
		claims := r.told(u.run).Claims
		hasClaims := u.run.part != told && len(claims) > 0
		if r.isLarge() && (!hasClaims || u.Sweep != nil && len(u.Runs) > mostInFull) {
			continue
		}
		b := r.block(u)
		if hasClaims {
			told = u.run.part
			b.Claims = r.claimViews(claims, "#"+b.Anchor)
			b.Crops = r.crops(u, claims)
			p.Claims = append(p.Claims, b.Claims...)
		}
		p.add(sectionOf(u.run), b)
	}
	p.Tally = tally(p.Claims)
	p.Runs = r.runTable(base)
	if !r.isLarge() {
		p.Appendix = r.appendix(base)
	}
	p.Warnings = r.Warnings // pictures may have added some
	return p
}

// add puts a block into its section.
func (p *page) add(name string, b pageBlock) {
	title := upperFirst(strings.ReplaceAll(name, "-", " "))
	i := slices.IndexFunc(p.Sections, func(s section) bool { return s.Title == title })
	if i < 0 {
		i = len(p.Sections)
		p.Sections = append(p.Sections, section{Anchor: "section-" + (&Run{ID: name}).anchor("section"), Title: title})
	}
	p.Sections[i].Blocks = append(p.Sections[i].Blocks, b)
}

func upperFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// titleOf makes a title of a folder's name.
func titleOf(folder string) string {
	if absolute, err := filepath.Abs(folder); err == nil {
		folder = absolute
	}
	return upperFirst(strings.ReplaceAll(filepath.Base(folder), "-", " "))
}

// title is what the story calls a run, or its manifest.
func (r *Report) title(run *Run) string {
	return cmp.Or(r.told(run).Title, run.Title, run.Name)
}

// titleOfUnit is that of a run or sweep; one of several runs under a title says which it is.
func (r *Report) titleOfUnit(u unit) string {
	title, part := r.title(u.run), r.told(u.run).Name
	switch {
	case u.Sweep != nil && title == u.run.Name && u.Name != ".":
		return u.Name
	case u.Sweep == nil && part != "" && part != u.run.ID:
		return title + ": " + stem(u.run.ID)
	}
	return title
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

// block shows a sweep, or a run beside what it was painted from.
func (r *Report) block(u unit) pageBlock {
	b := pageBlock{Anchor: u.run.anchor("run"), Title: r.titleOfUnit(u), Numbers: u.run.highlights()}
	exhibits, runs := u.run.exhibits(), []*Run{u.run}
	if u.Sweep != nil {
		b.IsSweep, b.Numbers, b.Chart, b.Tables = true, nil, u.chart(), u.tables()
		exhibits, runs = u.exhibits(), u.ordered()
	} else {
		exhibits[len(exhibits)-1].label = "result"
	}
	for _, e := range exhibits {
		if p := r.embed(e.run, e.role); p != nil {
			b.Figures = append(b.Figures, figure{Picture: p, Label: e.label, IsReference: e.isReference})
		}
	}
	for _, run := range runs {
		d := details{Summary: "Losses and parameters", Restart: run.restart()}
		if u.Sweep != nil {
			d.Summary += " of " + u.label(run)
		}
		if !r.isLarge() {
			log, err := readLog(run.path(record.LogFile))
			r.warn(err)
			d.Curves = curves(run.ID, log)
		}
		d.Own, d.Others = run.parameters()
		b.Runs = append(b.Runs, d)
	}
	return b
}

// crops are a few pixels of each picture of a unit, if a claim of it is about pixels.
func (r *Report) crops(u unit, claims []story.Claim) []figure {
	isPixels := func(t story.Test) bool { return strings.Contains(t.That, "checker@") }
	if !slices.ContainsFunc(claims, func(c story.Claim) bool { return slices.ContainsFunc(c.Tests, isPixels) }) {
		return nil
	}
	runs, label := []*Run{u.run}, func(*Run) string { return "result" }
	if u.Sweep != nil {
		runs, label = u.ordered(), u.label
	}
	var figures []figure
	for _, run := range runs {
		if p := r.crop(run); p != nil {
			figures = append(figures, figure{Picture: p, Label: label(run), IsReference: u.Sweep != nil && run == u.Reference})
		}
	}
	return figures
}

// best are the pictures that the page begins with: of its first transfers those nearest to
// their styles, and else the first pictures.
func (r *Report) best(units []unit) []figure {
	const most = 6
	var runs []*Run
	for _, u := range units {
		if len(runs) == 0 || sectionOf(u.run) == sectionOf(runs[0]) {
			runs = append(runs, u.run)
		}
	}
	distance := func(run *Run) float64 {
		if run.Measures == nil || run.Measures.Style9 == nil || run.Measures.Style12 == nil {
			return 2
		}
		return *run.Measures.Style9 + *run.Measures.Style12
	}
	slices.SortStableFunc(runs, func(a, b *Run) int { return cmp.Compare(distance(a), distance(b)) })
	var figures []figure
	for _, run := range runs[:min(most, len(runs))] {
		p, err := run.thumbnail(heroSize)
		r.warn(err)
		if p != nil {
			f := figure{Picture: p, Label: r.title(run), Href: "#" + run.anchor("run")}
			if r.isLarge() {
				f.Href = "#runs"
			}
			figures = append(figures, f)
		}
	}
	return figures
}

// highlights are the few numbers that stand beside a picture; the table of all runs has
// the others.
func (r *Run) highlights() []Labelled {
	numbers := []Labelled{
		{"loss at the start", r.recorded("losses.first.total", float64(r.Losses.First.Total))},
		{"loss at the end", r.recorded("losses.last.total", float64(r.Losses.Last.Total))},
	}
	for _, q := range []quantity{styleQuantity(judges[0]), styleQuantity(judges[1]), quantityContent, quantityDetail, quantityChecker} {
		if n, _, ok := q.number(r); ok {
			numbers = append(numbers, Labelled{q.name, n})
		}
	}
	return append(numbers, Labelled{"seconds", r.recorded("seconds", r.Seconds)})
}

// runTable lists all runs with everything that was measured.
func (r *Report) runTable(base string) Table {
	t := Table{Head: []string{"size", "iterations", "first loss", "last loss", "content loss", "style loss", "TV loss"}}
	for _, q := range judged() {
		t.Head = append(t.Head, q.name)
	}
	t.Head = append(t.Head, "seconds")
	for _, run := range r.Runs {
		row := Row{Label: run.ID, Title: r.title(run)}
		if r.isLarge() {
			row.Href = relativeURL(base, run.path(record.ManifestFile))
			row.Picture = r.small(run, base)
		}
		for _, n := range run.listed() {
			if r.isLarge() {
				n = Number{Text: n.Text} // the row leads to its file
			}
			row.Cells = append(row.Cells, Cell{n, -1})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// listed are the run's numbers in the table of all runs.
func (r *Run) listed() []Number {
	last := r.Losses.Last
	content := Number{Text: noNumber}
	if last.Content != nil {
		content = r.recorded("losses.last.content", float64(*last.Content))
	}
	style := 0.0
	for _, x := range last.Style {
		style += float64(x)
	}
	numbers := []Number{
		r.number("picture.width, picture.height", fmt.Sprintf("%d × %d", r.Picture.Width, r.Picture.Height)),
		r.recorded("iterations", float64(r.Iterations)),
		r.recorded("losses.first.total", float64(r.Losses.First.Total)),
		r.recorded("losses.last.total", float64(last.Total)),
		content,
		r.recorded("losses.last.style, summed", style),
		r.recorded("losses.last.tv", float64(last.TV)),
	}
	for _, q := range judged() {
		n, _, _ := q.number(r)
		numbers = append(numbers, n)
	}
	return append(numbers, r.recorded("seconds", r.Seconds))
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
