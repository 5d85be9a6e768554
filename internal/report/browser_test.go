package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zellige/internal/browsertest"
)

// probe is what a page looks like in a browser.
type probe struct {
	Width      int     // of the window
	Content    int     // width that the page takes
	Pictures   int     // that were decoded
	Broken     int     // that were not
	Charts     int     // that have a size
	FontSize   float64 // of the text, in pixels
	Background string
	Ink        string
	Requested  int      // things that were loaded from elsewhere
	Cut        []string // tables that are wider than what they stand in, and cannot be scrolled
	Faint      []string // texts whose contrast with what is behind them is under 4.5
	Errors     []string // that the page's script told
}

// prober loads the page into a frame of a given width and writes what it sees.
const prober = `<!doctype html><meta charset="utf-8"><style>body{margin:0}iframe{border:0;height:800px;width:%dpx}</style>
<iframe srcdoc="%s"></iframe><pre></pre>
<script>
const frame = document.querySelector("iframe");
const lightness = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
const over = colors => {
  for (const c of colors) { canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); }
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
function contrast(view, element) {
  const behind = [];
  for (let e = element; e; e = e.parentElement) behind.unshift(view.getComputedStyle(e).backgroundColor);
  const style = view.getComputedStyle(element);
  const [a, b] = [over([...behind, style.fill !== "rgb(0, 0, 0)" && element.closest("svg") ? style.fill : style.color]), over(behind)].map(lightness);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
const hasText = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));
async function look() {
  const page = frame.contentDocument, view = frame.contentWindow, seen = {Pictures: 0, Broken: 0};
  for (const img of page.images) img.loading = "eager";
  for (let i = 0; i < 200 && ![...page.images].every(img => img.complete); i++) await pause(50);
  for (const img of page.images) img.complete && img.naturalWidth > 0 ? seen.Pictures++ : seen.Broken++;
  const style = view.getComputedStyle(page.body), root = page.scrollingElement;
  Object.assign(seen, {
    Width: root.clientWidth, Content: root.scrollWidth,
    Charts: [...page.querySelectorAll(".chart")].filter(c => c.getBoundingClientRect().width > 200).length,
    FontSize: parseFloat(style.fontSize), Background: style.backgroundColor, Ink: style.color,
    Errors: view.told ?? [],
    Cut: [...page.querySelectorAll("table")].filter(t => !t.closest(".scroll") && t.offsetWidth > t.parentElement.clientWidth + 1).map(t => t.className),
    Faint: [...page.querySelectorAll("body *")].filter(e => hasText(e) && e.checkVisibility() && !e.closest("script, style") && contrast(view, e) < 4.5)
      .map(e => e.tagName + "." + e.className + ": " + e.textContent.slice(0, 40)).slice(0, 5),
    Requested: view.performance.getEntriesByType("resource").filter(e => !e.name.startsWith("data:")).length,
  });
  return JSON.stringify(seen);
}
const told = document.querySelector("pre");
frame.onload = () => look().then(text => { told.textContent = text }, error => { told.textContent = error });
</script>`

// look shows a page in a frame of a given width.
func look(t *testing.T, page []byte, width int, flags ...string) probe {
	t.Helper()
	var p probe
	page = bytes.Replace(page, []byte("<head>"), []byte(`<head><script>window.told = []; onerror = text => { told.push(String(text)) }</script>`), 1)
	page = bytes.ReplaceAll(page, []byte("<details>"), []byte("<details open>"))
	text := dump(t, fmt.Appendf(nil, prober, width, html.EscapeString(string(page))), flags...)
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatalf("the page told %q: %v", text, err)
	}
	return p
}

// dump opens a page in the browser and returns what its scripts wrote into its last
// element pre without attributes.
func dump(t *testing.T, page []byte, flags ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, page, 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := browsertest.Command(ctx, t, "file://"+filepath.ToSlash(path), append(flags, "--virtual-time-budget=20000", "--dump-dom")...)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v", c.Path, err)
	}
	text := out[bytes.LastIndex(out, []byte("<pre>"))+len("<pre>"):]
	text, _, _ = bytes.Cut(text, []byte("</pre>"))
	return text
}

func TestThePageInABrowser(t *testing.T) {
	browsertest.Chromium(t)
	folder := labFolder(t, labFile)
	page := writeHTML(t, readReport(t, folder), folder)
	pictures := strings.Count(string(page), "<img ")
	for _, width := range []int{390, 768, 1280, 1600} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			p := look(t, page, width)
			if p.Content > p.Width || p.Width > width {
				t.Errorf("the page is %d pixels wide in a window of %d", p.Content, p.Width)
			}
			if p.Pictures != pictures || p.Broken > 0 {
				t.Errorf("%d of %d pictures are shown, %d are broken", p.Pictures, pictures, p.Broken)
			}
			if p.Charts < 3 {
				t.Errorf("%d charts are visible", p.Charts)
			}
			if p.FontSize < 16 {
				t.Errorf("the text has %g pixels", p.FontSize)
			}
			if len(p.Cut) > 0 || len(p.Faint) > 0 || len(p.Errors) > 0 {
				t.Errorf("tables that are cut %q, texts that are faint %q, errors %q", p.Cut, p.Faint, p.Errors)
			}
			if p.Requested > 0 {
				t.Errorf("the page asked for %d files", p.Requested)
			}
		})
	}
}

// A script uses the page and writes what it sees.
func use(t *testing.T, script string) string {
	t.Helper()
	browsertest.Chromium(t)
	folder := labFolder(t, labFile)
	return usePage(t, writeHTML(t, readReport(t, folder), folder), script)
}

func usePage(t *testing.T, page []byte, script string) string {
	t.Helper()
	return string(dump(t, bytes.Replace(page, []byte("</body>"), []byte("<pre></pre><script>{"+script+"}</script></body>"), 1)))
}

func TestANumberOpensItsFieldInABrowser(t *testing.T) {
	got := use(t, `
const number = [...document.querySelectorAll("a.number")].find(a => a.title.endsWith("transfers/lion-waves/manifest.json: losses.last.total"));
number.click();
setTimeout(() => {
  const field = document.querySelector("mark");
  document.querySelector("body > pre").textContent = field.checkVisibility() + " " + field.textContent.trim().split(":")[0];
}, 200);`)
	if want := `true "total"`; got != want {
		t.Errorf("a number leads to %q, want %q", got, want)
	}
}

func TestPicturesAreComparedByKeyboardInABrowser(t *testing.T) {
	got := use(t, `
const key = (element, name) => element.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true}));
const picture = document.querySelector(".sheet img"), dialog = document.querySelector("dialog");
picture.focus();
const focused = document.activeElement === picture;
key(picture, "Enter");
const opened = dialog.open;
const choice = dialog.querySelector("select");
choice.selectedIndex = 1;
choice.onchange();
const slider = dialog.querySelector("input");
slider.value = 30;
slider.oninput();
const pictures = dialog.querySelectorAll("img");
const cut = getComputedStyle(pictures[1]).clipPath;
dialog.querySelector("form > button:last-child").click();
document.querySelector("body > pre").textContent = [focused, opened, pictures.length, cut, dialog.open].join(" ");`)
	if want := "true true 2 inset(0px 0px 0px 30%) false"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTablesAreSortedAndFilteredInABrowser(t *testing.T) {
	got := use(t, `
const rows = () => [...document.querySelectorAll("#runs tbody tr")].filter(row => !row.hidden).map(row => Number(row.cells[4].textContent.replaceAll("\u202f", "")));
const head = document.querySelectorAll("#runs thead button")[4];
head.click();
const up = rows().every((x, i, all) => i === 0 || all[i - 1] <= x);
head.click();
const down = rows().every((x, i, all) => i === 0 || all[i - 1] >= x);
const words = document.querySelector("#runs input");
words.value = "tv ablations";
words.oninput();
document.querySelector("body > pre").textContent = [up, down, rows().length].join(" ");`)
	if want := "true true 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A page of many runs lays out few of them, and sorts, filters and shows all.
func TestManyRunsInABrowser(t *testing.T) {
	browsertest.Chromium(t)
	folder := labFolder(t, labFile)
	r := readReport(t, folder)
	r.Folders[0].story.Claims = nil
	multiply(r, mostInside+1)
	got := usePage(t, writeHTML(t, r, folder), `
const rows = () => document.querySelectorAll("#runs tbody tr"), said = document.querySelector("#runs output");
const seen = [document.getElementsByTagName("*").length < 10000, rows().length, said.textContent];
document.querySelector("#runs .scroll + button").click();
seen.push(rows().length);
const seeds = document.querySelectorAll("#runs thead button")[[...document.querySelectorAll("#runs thead th")].findIndex(th => th.textContent === "seed")];
seeds.click();
seeds.click();
seen.push(rows()[0].cells[0].textContent.trim());
const words = document.querySelector("#runs input");
words.value = "copy-1999";
words.oninput();
seen.push(rows().length, rows()[0].querySelector("img").naturalWidth >= 0, said.textContent, document.querySelector("#runs .scroll + button").hidden);
document.querySelector("body > pre").textContent = seen.join(" ");`)
	if want := "true 100 100 of 2001 200 copy-2000/run 1 true 1 of 1 true"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestThePageAtNightInABrowser(t *testing.T) {
	browsertest.Chromium(t)
	folder := labFolder(t, labFile)
	page := writeHTML(t, readReport(t, folder), folder)
	day, night := look(t, page, 390), look(t, page, 390, "--force-dark-mode")
	if brightness(t, day.Background) < 200 || brightness(t, day.Ink) > 80 {
		t.Errorf("by day %s on %s", day.Ink, day.Background)
	}
	if brightness(t, night.Background) > 60 || brightness(t, night.Ink) < 180 {
		t.Errorf("at night %s on %s", night.Ink, night.Background)
	}
	if len(night.Faint) > 0 {
		t.Errorf("faint at night: %q", night.Faint)
	}
}

func brightness(t *testing.T, css string) int {
	t.Helper()
	var r, g, b int
	if _, err := fmt.Sscanf(css, "rgb(%d, %d, %d)", &r, &g, &b); err != nil {
		t.Fatalf("colour %q: %v", css, err)
	}
	return (r + g + b) / 3
}
