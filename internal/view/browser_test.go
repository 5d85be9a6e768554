package view

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zellige/internal/browsertest"
)

// seen is what the page looks like in a browser.
type seen struct {
	Error      string
	Width      int    // of the window
	Content    int    // width that the page takes
	Versions   int    // of the picture that were shown while it grew
	Sources    int    // pictures that were decoded
	Lines      int    // of the chart
	Tiles      int    // pictures on the wall that were decoded
	Status     string // while it grew
	Title      string
	Background string
	Ink        string
	Requested  string // from elsewhere
	End        string // the status at last
	Result     int    // width of the picture at last
	Left       bool   // it lets go of the server
}

// frame shows the page at a width and tells the test what look sees in it.
const frame = `<!doctype html><style>body{margin:0}iframe{border:0;height:900px;width:%dpx}</style><iframe src="./"></iframe><script>
const frame = document.querySelector("iframe"), seen = {};
const until = async (what, holds) => {
  for (let i = 0; i < 600; i++) {
    try { if (holds()) return; } catch {}
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error("never: " + what + " in: " + frame.contentDocument.body.innerText);
};
async function look() {
  const page = frame.contentDocument, view = frame.contentWindow, $ = id => page.getElementById(id);
  const loaded = img => img.complete && img.naturalWidth > 0;
  %s
  seen.Requested = view.performance.getEntriesByType("resource").map(e => e.name).filter(name => !name.startsWith(location.origin)).join();
}
frame.onload = () => look().catch(e => { seen.Error = String(e); }).finally(() => fetch("told", {method: "POST", body: JSON.stringify(seen)}));
</script>`

const lookAtOne = `
  const pictures = new Set();
  await until("a picture that grows", () => pictures.add($("picture").naturalWidth > 0 && $("picture").src).size > 3);
  await until("sources", () => [...page.querySelectorAll("#sources img")].every(loaded) && page.querySelectorAll("#sources img").length);
  await until("a curve", () => page.querySelectorAll("#curves polyline").length);
  const style = view.getComputedStyle(page.body);
  Object.assign(seen, {
    Width: page.documentElement.clientWidth, Content: page.documentElement.scrollWidth, Versions: pictures.size - 1,
    Sources: page.querySelectorAll("#sources img").length, Lines: page.querySelectorAll("#curves polyline").length,
    Status: $("status").textContent, Title: page.querySelector("h1").textContent, Background: style.backgroundColor, Ink: style.color,
  });
  $("stop").click();
  await until("the end", () => $("status").textContent.includes("zellige has ended") && loaded($("picture")) && $("picture").naturalWidth == 77);
  Object.assign(seen, {End: $("status").textContent, Result: $("picture").naturalWidth});
  await until("it leaves", () => view.eval("source.readyState") === EventSource.CLOSED);
  seen.Left = $("stop").hidden;`

const lookAtWall = `
  await until("a wall", () => [...page.querySelectorAll("#wall img")].filter(loaded).length >= 2);
  Object.assign(seen, {Tiles: page.querySelectorAll("#wall a").length, Width: page.documentElement.clientWidth, Content: page.documentElement.scrollWidth});
  page.querySelectorAll("#wall a")[2].click();
  await until("one of the wall", () => !$("one").hidden && $("wall").hidden && loaded($("picture")));
  Object.assign(seen, {Title: page.querySelector("h1").textContent, Result: $("picture").naturalWidth});
  page.querySelector("#back a").click();
  await until("the wall again", () => $("one").hidden && !$("wall").hidden);
  seen.End = $("status").textContent;`

// inBrowser opens the page of a server in Chromium, in a frame, and returns what a
// script sees in it.
func inBrowser(t *testing.T, s *Server, width int, script string, flags ...string) (got seen) {
	t.Helper()
	told := make(chan seen, 1)
	behind := s.server.Handler
	h := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch strings.TrimPrefix(r.URL.Path, "/"+s.secret+"/") {
		case "frame":
			fmt.Fprintf(w, frame, width, script)
		case "told":
			text, _ := io.ReadAll(r.Body)
			var p seen
			if err := json.Unmarshal(text, &p); err != nil {
				p.Error = err.Error()
			}
			told <- p
		case "": // other pages must not frame it, but this one may
			page := httptest.NewRecorder()
			behind.ServeHTTP(page, r)
			policy := page.Header().Get("Content-Security-Policy")
			w.Header().Set("Content-Security-Policy", strings.NewReplacer("frame-ancestors 'none'", "frame-ancestors 'self'", "script-src", "script-src 'unsafe-eval'").Replace(policy))
			w.Write(page.Body.Bytes())
		default:
			behind.ServeHTTP(w, r)
		}
	}))
	s.bound = h.Listener.Addr().(*net.TCPAddr)
	h.Start()
	defer h.Close()
	defer h.CloseClientConnections()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	c := browsertest.Command(ctx, t, s.URL()+"frame", append(flags, "--remote-debugging-port=0")...) // stays open
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Wait()
	defer cancel()
	select {
	case got = <-told:
	case <-ctx.Done():
		t.Fatal("the page told nothing")
	}
	if got.Error != "" || got.Requested != "" {
		t.Errorf("error %q, asked for %q", got.Error, got.Requested)
	}
	return got
}

func colored(width, height int, c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

// paint lets a painting grow until ctx is done.
func paint(ctx context.Context, p *Painting) {
	for i := 0; ctx.Err() == nil; i++ {
		s := moment(i%1000, func() image.Image { return colored(120, 80, color.Gray{uint8(i)}) })
		p.server.mutex.Lock()
		p.due = time.Time{} // more often than in earnest
		p.server.mutex.Unlock()
		p.Show(s)
		time.Sleep(20 * time.Millisecond)
	}
}

func TestThePageInABrowser(t *testing.T) {
	browsertest.Chromium(t)
	open := func() (image.Image, error) { return colored(30, 20, color.White), nil }
	for _, tt := range []struct {
		width int
		dark  bool
	}{{390, false}, {1440, true}} {
		t.Run(fmt.Sprint(tt.width), func(t *testing.T) {
			painting, stop := context.WithCancel(t.Context())
			defer stop()
			s := newServer("", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, stop)
			s.tellEvery, s.farewell = 50*time.Millisecond, time.Minute
			p := s.Add("a-picture-of-a-long-name-without-any-space-that-is-broken-somewhere.png", Source{Name: "content", Open: open}, Source{Name: "style", Open: open})
			ended := make(chan error, 1)
			go func() {
				paint(painting, p)
				p.Stopped(func() (image.Image, error) { return colored(77, 50, color.Black), nil })
				ended <- s.Close()
			}()
			var flags []string
			if tt.dark {
				flags = []string{"--force-dark-mode"}
			}
			got := inBrowser(t, s, tt.width, lookAtOne, flags...)
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if got.Width == 0 || got.Width > tt.width || got.Content > got.Width {
				t.Errorf("the page is %d pixels wide in a window of %d", got.Content, got.Width)
			}
			if got.Versions < 3 || got.Sources != 2 || got.Lines != 2 || !strings.HasPrefix(got.Title, "a-picture") {
				t.Errorf("%+v", got)
			}
			if !strings.Contains(got.Status, "of 1000 iterations, 2 s left") || !strings.HasPrefix(got.End, "stopped") || got.Result != 77 || !got.Left {
				t.Errorf("%+v", got)
			}
			if ink, paper := red(t, got.Ink), red(t, got.Background); ink-paper > 150 != tt.dark || paper-ink > 150 == tt.dark {
				t.Errorf("%s on %s", got.Ink, got.Background)
			}
		})
	}
}

func red(t *testing.T, css string) (r int) {
	t.Helper()
	if _, err := fmt.Sscanf(css, "rgb(%d,", &r); err != nil {
		t.Fatalf("colour %q: %v", css, err)
	}
	return r
}

func TestTheWallInABrowser(t *testing.T) {
	browsertest.Chromium(t)
	s := newServer("", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, func() {})
	s.Doing("2/5 runs")
	for i := range 5 {
		p := s.Add(fmt.Sprintf("sweep/value=%d", i))
		switch i {
		case 1, 2:
			p.Done(func() (image.Image, error) { return colored(10*i, 20, color.White), nil })
		case 3:
			p.Failed()
		}
	}
	got := inBrowser(t, s, 390, lookAtWall)
	if got.Tiles != 5 || got.Title != "sweep/value=2" || got.Result != 20 || got.End != "2/5 runs" || got.Content > got.Width {
		t.Errorf("%+v", got)
	}
}
