package report

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"zellige/internal/record"
)

// rendered is the report of a folder as a browser would parse it.
func rendered(t *testing.T, folder string) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(writeHTML(t, readReport(t, folder), folder)))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func writeHTML(t *testing.T, r *Report, base string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteHTML(&b, base); err != nil {
		t.Fatal(err)
	}
	if len(r.Warnings) > 0 {
		t.Error(r.Warnings)
	}
	return b.Bytes()
}

// elements are all with a tag; "" takes every element.
func elements(root *html.Node, tag string) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (tag == "" || n.Data == tag) {
			found = append(found, n)
		}
	}
	return found
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestThePageNeedsNothingElse(t *testing.T) {
	folder := labFolder(t, labFile)
	root := rendered(t, folder)
	for _, n := range elements(root, "") {
		switch n.Data {
		case "script":
			for _, call := range []string{"fetch(", "XMLHttpRequest", "import(", "WebSocket", "sendBeacon", "localStorage", "cookie"} {
				if strings.Contains(text(n), call) {
					t.Errorf("the script has %s", call)
				}
			}
		case "link", "iframe", "object", "embed", "base", "form":
			t.Errorf("there is a <%s>", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "src" && !strings.HasPrefix(a.Val, "data:image/"):
				t.Errorf("<%s> loads %.60q", n.Data, a.Val)
			case a.Key == "srcset" || a.Key == "poster" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("<%s> has %s", n.Data, a.Key)
			case a.Key == "style" && strings.Contains(a.Val, "url("):
				t.Errorf("<%s> has the style %q", n.Data, a.Val)
			}
		}
	}
	for _, n := range elements(root, "style") {
		if css := strings.ReplaceAll(text(n), "url(#", ""); strings.Contains(css, "url(") || strings.Contains(css, "@import") {
			t.Error("the style sheet loads something")
		}
	}
}

func TestLinksResolve(t *testing.T) {
	folder := labFolder(t, labFile)
	root := rendered(t, folder)
	ids := map[string]int{}
	for _, n := range elements(root, "") {
		if id := attribute(n, "id"); id != "" {
			ids[id]++
		}
	}
	for id, count := range ids {
		if count > 1 {
			t.Errorf("%d elements have the id %q", count, id)
		}
	}
	files := 0
	for _, n := range elements(root, "a") {
		u, err := url.Parse(attribute(n, "href"))
		switch {
		case err != nil || u.IsAbs() || u.Host != "":
			t.Errorf("link to %q, %v", attribute(n, "href"), err)
		case u.Path == "" && ids[u.Fragment] == 0:
			t.Errorf("link to nowhere: %q", attribute(n, "href"))
		case u.Path != "":
			files++
			if _, err := os.Stat(filepath.Join(folder, filepath.FromSlash(u.Path))); err != nil {
				t.Error(err)
			}
		}
	}
	if want := 9; files != want {
		t.Errorf("%d links to files, want %d: a manifest for each run", files, want)
	}
}

func TestPicturesAreDescribed(t *testing.T) {
	images := elements(rendered(t, labFolder(t, labFile)), "img")
	// Six runs at the top; two transfers of three pictures each; sweeps of two and three with a
	// reference each, of which one has enlarged pixels; an inversion beside its picture.
	if want := 6 + 2*3 + 3 + 3 + 3 + 4; len(images) != want {
		t.Errorf("%d pictures, want %d", len(images), want)
	}
	for _, n := range images {
		if attribute(n, "alt") == "" || attribute(n, "width") == "" || attribute(n, "height") == "" {
			t.Errorf("a picture has the alt text %q and the size %s x %s", attribute(n, "alt"), attribute(n, "width"), attribute(n, "height"))
		}
	}
	for _, n := range elements(rendered(t, labFolder(t, labFile)), "svg") {
		if attribute(n, "aria-hidden") == "" && (attribute(n, "role") != "img" || attribute(n, "aria-label") == "") {
			t.Error("a chart is not described")
		}
	}
}

// Every number says from which key of which file it is, and that file stands in the
// appendix.
func TestNumbersAreTraceable(t *testing.T) {
	folder := labFolder(t, labFile)
	root := rendered(t, folder)
	source := regexp.MustCompile(`^(.+)/manifest\.json: ([a-z_0-9., /]+)$`)
	numbers := 0
	for _, n := range elements(root, "a") {
		if attribute(n, "class") != "number" {
			continue
		}
		numbers++
		title := attribute(n, "title")
		m := source.FindStringSubmatch(title)
		if m == nil {
			t.Errorf("%q has the source %q", text(n), title)
			continue
		}
		if _, err := os.Stat(filepath.Join(folder, m[1], record.ManifestFile)); err != nil {
			t.Error(err)
		}
	}
	if numbers < 100 {
		t.Errorf("only %d numbers", numbers)
	}
	m, err := record.ReadManifest(filepath.Join(folder, "ablations", "tv", "tv_weight=5"))
	if err != nil {
		t.Fatal(err)
	}
	want := formatNumber(float64(m.Losses.Last.Total))
	if got := numberFrom(root, "ablations/tv/tv_weight=5/manifest.json: losses.last.total"); got != want {
		t.Errorf("the page says %q, the manifest %q", got, want)
	}
}

func numberFrom(root *html.Node, source string) string {
	for _, n := range elements(root, "a") {
		if attribute(n, "title") == source {
			return text(n)
		}
	}
	return ""
}

func TestThePageTellsNoPathOfTheMachine(t *testing.T) {
	folder := labFolder(t, labFile)
	page := writeHTML(t, readReport(t, folder), folder)
	if bytes.Contains(page, []byte(filepath.Dir(folder))) {
		t.Error("the page holds a path of this machine")
	}
	if !bytes.Contains(page, []byte("The lion &amp; &lt;waves&gt;")) {
		t.Error("a title is not escaped")
	}
}

func TestThePageIsTheSameTwice(t *testing.T) {
	folder := labFolder(t, labFile)
	if !bytes.Equal(writeHTML(t, readReport(t, folder), folder), writeHTML(t, readReport(t, folder), folder)) {
		t.Error("two reports of one folder differ")
	}
}

func TestLinksFollowThePage(t *testing.T) {
	tests := []struct{ base, path, want string }{
		{"out", "out/a/manifest.json", "a/manifest.json"},
		{"pages", "out/tv=5, more/manifest.json", "../out/tv=5,%20more/manifest.json"},
		{"out", "out/a:b", "./a:b"},
	}
	for _, test := range tests {
		if got := relativeURL(test.base, filepath.FromSlash(test.path)); got != test.want {
			t.Errorf("relativeURL(%q, %q) = %q, want %q", test.base, test.path, got, test.want)
		}
	}
}
