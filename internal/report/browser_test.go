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
	Requested  int // things that were loaded from elsewhere
}

// prober loads the page into a frame of a given width and writes what it sees.
const prober = `<!doctype html><meta charset="utf-8"><style>body{margin:0}iframe{border:0;height:800px;width:%dpx}</style>
<iframe srcdoc="%s"></iframe><pre></pre>
<script>
const frame = document.querySelector("iframe");
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
	for _, width := range []int{360, 390, 768, 1280} {
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
			if p.Requested > 0 {
				t.Errorf("the page asked for %d files", p.Requested)
			}
		})
	}
}

// follower clicks on a number and writes whether what it leads to can be seen.
const follower = `<pre></pre><script>
const number = document.querySelector("a.number");
number.click();
setTimeout(() => {
  const target = document.getElementById(decodeURIComponent(number.hash.slice(1)));
  document.querySelector("body > pre").textContent = target.checkVisibility() + " " + document.querySelectorAll(":target").length;
}, 200);
</script>`

func TestANumberOpensItsFileInABrowser(t *testing.T) {
	browsertest.Chromium(t)
	folder := labFolder(t, labFile)
	page := writeHTML(t, readReport(t, folder), folder)
	page = bytes.Replace(page, []byte("</body>"), []byte(follower+"</body>"), 1)
	if got := string(dump(t, page)); got != "true 1" {
		t.Errorf("a number leads to something visible, and to how many: %q", got)
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
}

func brightness(t *testing.T, css string) int {
	t.Helper()
	var r, g, b int
	if _, err := fmt.Sscanf(css, "rgb(%d, %d, %d)", &r, &g, &b); err != nil {
		t.Fatalf("colour %q: %v", css, err)
	}
	return (r + g + b) / 3
}
