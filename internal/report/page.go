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
	MoreClaims   int // that only the tally counts
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
	*Image
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

	pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"breakable": breakable}).Parse(diagramSource + pageSource))
)

// breakable is a run's name that may end a line behind each of its parts.
func breakable(name string) template.HTML {
	return template.HTML(strings.NewReplacer("/", "/<wbr>", ",", ",<wbr>").Replace(template.HTMLEscapeString(name)))
}

// mostInFull is the number of runs that a page shows in full. Of more it has claims,
// and a table with small pictures.
const mostInFull = 100

func (r *Report) isLarge() bool { return len(r.Runs) > mostInFull }

// WriteHTML writes the report as one HTML file that will stand in the folder base;
// its links to files are relative to that.
func (r *Report) WriteHTML(w io.Writer, base string) error {
	p, err := r.page(base)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	if err := pageTemplate.Execute(b, p); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if r.ended != nil {
		return r.ended
	}
	return b.Flush()
}

func (r *Report) page(base string) (*page, error) {
	units := r.units()
	p := &page{Facts: r.facts(), Best: r.best(units), Method: r.method(units), Style: template.CSS(styleSheet + chart.CSS), Script: template.JS(script)}
	p.Title, p.About = r.titles()
	for _, f := range r.Folders {
		p.Claims = append(p.Claims, f.claimViews(f.story.Claims, "#summary")...)
	}
	if err := r.addUnits(p, units); err != nil {
		return nil, err
	}
	p.Tally = tally(p.Claims)
	p.MoreClaims = max(0, len(p.Claims)-mostInFull)
	p.Claims = p.Claims[:len(p.Claims)-p.MoreClaims]
	var err error
	if p.Runs, err = r.runTable(base); err != nil {
		return nil, err
	}
	if !r.isLarge() {
		p.Appendix = r.appendix(base)
	}
	p.Warnings = r.Warnings // pictures may have added some
	return p, nil
}

// titles are what the folders are called, and what is said of them.
func (r *Report) titles() (title, about string) {
	var titles, abouts []string
	for _, f := range r.Folders {
		titles = append(titles, cmp.Or(f.story.Title, titleOf(f.Path)))
		if f.story.About != "" {
			abouts = append(abouts, f.story.About)
		}
	}
	return strings.Join(titles, ", "), strings.Join(abouts, " ")
}

// addUnits shows units with the claims of their parts. A large page shows some that
// have claims, and of the others how they came out.
func (r *Report) addUnits(p *page, units []unit) error {
	type part struct {
		folder *Folder
		number int
	}
	var last part // whose claims are shown
	shown := 0    // runs
	for i, u := range units {
		if err := r.tell("runs and sweeps judged", i, len(units)); err != nil {
			return err
		}
		of := part{u.run.folder, u.run.part}
		claims := u.run.told().Claims
		if of == last {
			claims = nil
		}
		size := 1
		if u.Sweep != nil {
			size = len(u.Runs)
		}
		shown += size
		if r.isLarge() && (len(claims) == 0 || shown > mostInFull) {
			shown -= size
			p.Claims = append(p.Claims, of.folder.claimViews(claims, "#runs")...)
		} else {
			b := r.block(u)
			b.Claims = of.folder.claimViews(claims, "#"+b.Anchor)
			b.Crops = r.crops(u, claims)
			p.Claims = append(p.Claims, b.Claims...)
			p.add(sectionOf(u.run), b)
		}
		if len(claims) > 0 {
			last = of
		}
	}
	return nil
}

// add puts a block into its section.
func (p *page) add(name string, b pageBlock) {
	title := upperFirst(strings.ReplaceAll(name, "-", " "))
	i := slices.IndexFunc(p.Sections, func(s section) bool { return s.Title == title })
	if i < 0 {
		i = len(p.Sections)
		p.Sections = append(p.Sections, section{Anchor: "section-" + (&Painted{ID: name}).anchor("section"), Title: title})
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
func (r *Painted) title() string {
	return cmp.Or(r.told().Title, r.manifest().Title, r.manifest().Name)
}

// titleOfUnit is that of a run or sweep; one of several runs under a title says which it is.
func titleOfUnit(u unit) string {
	title, part := u.run.title(), u.run.told().Name
	switch {
	case u.Sweep != nil && title == u.run.manifest().Name && u.Name != ".":
		return u.Name
	case u.Sweep == nil && part != "" && part != u.run.name:
		return title + ": " + stem(u.run.ID)
	}
	return title
}

// facts are what the runs have in common, or a list of what differs.
func (r *Report) facts() []fact {
	return []fact{
		{"Pictures", fmt.Sprint(len(r.Runs))},
		{"Painted in", time.Duration(r.totals.seconds * float64(time.Second)).Round(time.Second).String()},
		{"Finished", r.totals.last.Format("2 January 2006, 15:04 UTC")},
		{"Presets", joinKeys(r.totals.presets)},
		{"With", joinKeys(r.totals.tools)},
		{"On", joinKeys(r.totals.processors)},
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
	b := pageBlock{Anchor: u.run.anchor("run"), Title: titleOfUnit(u), Numbers: u.run.highlights()}
	exhibits, runs := u.run.exhibits(), []*Painted{u.run}
	if u.Sweep != nil {
		b.IsSweep, b.Numbers, b.Chart, b.Tables = true, nil, u.chart(), u.tables()
		exhibits, runs = u.exhibits(), u.ordered()
	} else {
		exhibits[len(exhibits)-1].label = "result"
	}
	for _, e := range exhibits {
		if p := r.embed(e.run, e.role); p != nil {
			b.Figures = append(b.Figures, figure{Image: p, Label: e.label, IsReference: e.isReference})
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
	runs, label := []*Painted{u.run}, func(*Painted) string { return "result" }
	if u.Sweep != nil {
		runs, label = u.ordered(), u.label
	}
	var figures []figure
	for _, run := range runs {
		if p := r.crop(run); p != nil {
			figures = append(figures, figure{Image: p, Label: label(run), IsReference: u.Sweep != nil && run == u.Reference})
		}
	}
	return figures
}

// best are the pictures that the page begins with: of its first section, or of all runs if
// it has few, those nearest to their styles.
func (r *Report) best(units []unit) []figure {
	const few, most = 3, 6
	some := r.candidates(units, false)
	if len(some) < few {
		some = r.candidates(units, true)
	}
	slices.SortStableFunc(some, func(a, b candidate) int { return cmp.Compare(a.run.styleDistance(), b.run.styleDistance()) })
	var figures []figure
	for _, c := range some[:min(most, len(some))] {
		var err error
		c.Image, err = c.run.thumbnail(heroSize)
		r.warn(err)
		if c.Image != nil {
			figures = append(figures, c.figure)
		}
	}
	return figures
}

// candidate is a picture that the page may begin with.
type candidate struct {
	figure
	run *Painted
}

// candidates are all runs, or one of each unit of the first section.
func (r *Report) candidates(units []unit, all bool) (list []candidate) {
	for _, u := range units {
		href := "#" + u.run.anchor("run")
		if r.isLarge() {
			href = "#runs"
		}
		switch {
		case all && u.Sweep != nil:
			for _, run := range u.Runs {
				list = append(list, candidate{figure{Label: u.label(run), Href: href}, run})
			}
		case all || sectionOf(u.run) == sectionOf(units[0].run):
			list = append(list, candidate{figure{Label: u.run.title(), Href: href}, u.run})
		}
	}
	return list
}

// styleDistance is that at the layers that no preset asks anything of, added up.
func (r *Painted) styleDistance() float64 {
	_, at9, ok := r.field(keyStyle9)
	_, at12, both := r.field(keyStyle12)
	if !ok || !both {
		return 2
	}
	return at9 + at12
}

// highlights are the few numbers that stand beside a picture; the table of all runs has
// the others.
func (r *Painted) highlights() []Labelled {
	numbers := []Labelled{
		{"loss at the start", r.recorded("losses.first.total", float64(r.manifest().Losses.First.Total))},
		{"loss at the end", r.recorded("losses.last.total", float64(r.manifest().Losses.Last.Total))},
	}
	for _, q := range []quantity{styleQuantity(neutralLayers[0]), styleQuantity(neutralLayers[1]), quantityContent, quantityDetail, quantityChecker} {
		if n, _, ok := q.number(r); ok {
			numbers = append(numbers, Labelled{q.name, n})
		}
	}
	return append(numbers, Labelled{"seconds", r.recorded("seconds", r.manifest().Seconds)})
}

// mostRows is the number of rows that a page begins with. Its script shows the others
// when they are asked for: browsers take long to lay out thousands.
const mostRows = 100

// runTable lists all runs with everything that was measured, and those of a large page
// with the parameters that differ and a small picture.
func (r *Report) runTable(base string) (Table, error) {
	var keys []string
	var pictures []*Image
	if r.isLarge() {
		keys = variedKeys(r.Runs)
		var err error
		if pictures, err = r.smallPictures(); err != nil {
			return Table{}, err
		}
	}
	t := Table{Count: len(r.Runs)}
	for _, key := range keys {
		t.Head = append(t.Head, strings.ReplaceAll(key, "_", " "))
	}
	t.Head = append(t.Head, "size", "iterations", "first loss", "last loss", "content loss", "style loss", "TV loss")
	for _, q := range commonQuantities() {
		t.Head = append(t.Head, q.name)
	}
	t.Head = append(t.Head, "seconds")
	if !r.isLarge() {
		for _, run := range r.Runs {
			t.Rows = append(t.Rows, run.row(nil))
		}
		return t, nil
	}
	large := func(i int) Row {
		run := r.Runs[i]
		row := run.row(keys)
		row.Href, row.File = relativeURL(base, run.path(record.ManifestFile)), relativeURL(base, run.path(run.manifest().Picture.File))
		if row.Image = run.beside(base); pictures != nil {
			row.Image = pictures[i]
		}
		return row
	}
	for i := range mostRows {
		t.Rows = append(t.Rows, large(i))
	}
	t.More = func(yield func(Row) bool) {
		for i := mostRows; i < len(r.Runs) && r.ended == nil && yield(large(i)); i++ {
			r.ended = cmp.Or(r.ended, r.tell("rows written", i, len(r.Runs)))
		}
	}
	return t, nil
}

// row are the run's numbers in the table of all runs, behind the given parameters.
func (r *Painted) row(keys []string) Row {
	row := Row{Label: r.ID, Title: r.title()}
	for _, key := range keys {
		row.Cells = append(row.Cells, Cell{Number{Text: r.parameter(key)}, -1})
	}
	for _, n := range r.listed() {
		row.Cells = append(row.Cells, Cell{n, -1})
	}
	return row
}

// listed are the run's numbers in the table of all runs.
func (r *Painted) listed() []Number {
	m := r.manifest()
	last := m.Losses.Last
	content := Number{Text: noNumber}
	if last.Content != nil {
		content = r.recorded("losses.last.content", float64(*last.Content))
	}
	style := Number{Text: noNumber} // or the matching loss, which is in its place
	for _, key := range []string{"losses.last.style", "losses.last.match"} {
		if full, x, ok := r.field(key); ok {
			style = r.recorded(full+", summed", x)
		}
	}
	numbers := []Number{
		r.number("picture.width, picture.height", fmt.Sprintf("%d × %d", m.Picture.Width, m.Picture.Height)),
		r.number("iterations", fmt.Sprint(m.Iterations)),
		r.recorded("losses.first.total", float64(m.Losses.First.Total)),
		r.recorded("losses.last.total", float64(last.Total)),
		content,
		style,
		r.recorded("losses.last.tv", float64(last.TV)),
	}
	for _, q := range commonQuantities() {
		n, _, _ := q.number(r)
		numbers = append(numbers, n)
	}
	return append(numbers, r.recorded("seconds", m.Seconds))
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
