package view

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serve serves a view by net/http/httptest; stops counts how often its button was pressed.
func serve(t *testing.T) (s *Server, url string, stops *atomic.Int32) {
	t.Helper()
	stops = new(atomic.Int32)
	s = newServer("127.0.0.1", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, func() { stops.Add(1) })
	h := httptest.NewUnstartedServer(s.server.Handler)
	s.bound = h.Listener.Addr().(*net.TCPAddr)
	s.tellEvery = time.Millisecond
	h.Start()
	t.Cleanup(func() { h.CloseClientConnections(); h.Close() })
	return s, s.URL(), stops
}

func get(t *testing.T, url string) (status int, kind string, body []byte) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err = io.ReadAll(r.Body); err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, r.Header.Get("Content-Type"), body
}

// look opens the stream of news; next reads the next ones.
func look(t *testing.T, url string) (next func() news, leave func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", url+"news", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatal(answer, err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	lines := bufio.NewReader(answer.Body)
	return func() (n news) {
		t.Helper()
		line, err := lines.ReadString('\n')
		for ; err == nil && line == "\n"; line, err = lines.ReadString('\n') {
		}
		data, isData := strings.CutPrefix(line, "data: ")
		if err != nil || !isData || json.Unmarshal([]byte(data), &n) != nil {
			t.Fatalf("%q: %v", line, err)
		}
		return n
	}, cancel
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never: ", what)
		}
	}
}

func (s *Server) lookersNow() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.lookers)
}

func moment(iteration int, snapshot func() image.Image) Moment {
	return Moment{Iteration: iteration, Iterations: 1000, Doing: "stage 1 of 2", Left: "2 s left",
		Losses: []Loss{{"total", 3}, {"tv", 1 / float64(iteration+1)}}, Snapshot: func() func() image.Image { return snapshot }}
}

func small() image.Image { return image.NewNRGBA(image.Rect(0, 0, 40, 30)) }

func TestWhoIsLetIn(t *testing.T) {
	s, url, stops := serve(t)
	own := strings.TrimSuffix(url, "/"+s.secret+"/")
	host := strings.TrimPrefix(own, "http://")
	_, port, _ := net.SplitHostPort(host)
	s.Add("a")
	for _, tt := range []struct {
		name, method, path, host, origin string
		want                             int
	}{
		{"the page", "GET", "/" + s.secret + "/", "", "", 200},
		{"without the last slash", "GET", "/" + s.secret, "", "", 307},
		{"by the name of this machine", "GET", "/" + s.secret + "/", "LOCALHOST:" + port, "", 200},
		{"through a tunnel", "GET", "/" + s.secret + "/", "127.0.0.1:1", "", 200},
		{"from the page", "GET", "/" + s.secret + "/curve/0", "", own, 200},
		{"nothing", "GET", "/", "", "", 403},
		{"without the secret", "GET", "/news", "", "", 403},
		{"part of the secret", "GET", "/" + s.secret[:31] + "/", "", "", 403},
		{"another secret", "GET", "/" + strings.Repeat("0", 32) + "/", "", "", 403},
		{"the secret behind something", "GET", "/a/" + s.secret + "/", "", "", 403},
		{"another host", "GET", "/" + s.secret + "/", "example.com", "", 403},
		{"another host, the same port", "GET", "/" + s.secret + "/", "example.com:" + port, "", 403},
		{"another address", "GET", "/" + s.secret + "/", "192.0.2.1:" + port, "", 403},
		{"another origin", "GET", "/" + s.secret + "/news", "", "http://example.com", 403},
		{"another port", "GET", "/" + s.secret + "/news", "", "http://127.0.0.1:1", 403},
		{"no origin of a page", "GET", "/" + s.secret + "/news", "", "null", 403},
		{"stop from another origin", "POST", "/" + s.secret + "/stop", "", "http://example.com", 403},
		{"stop by another host", "POST", "/" + s.secret + "/stop", "example.com", "", 403},
		{"stop without the secret", "POST", "/stop", "", "", 403},
		{"stop by a link", "GET", "/" + s.secret + "/stop", "", "", 405},
		{"no such picture", "GET", "/" + s.secret + "/picture/1", "", "", 404},
		{"no number", "GET", "/" + s.secret + "/curve/-1", "", "", 404},
		{"no such source", "GET", "/" + s.secret + "/source/0/0", "", "", 404},
		{"a picture that is not there yet", "GET", "/" + s.secret + "/picture/0", "", "", 204},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, nil)
			if r.Host = host; tt.host != "" {
				r.Host = tt.host
			}
			if tt.origin != "" {
				r.Header.Set("Origin", tt.origin)
			}
			w := httptest.NewRecorder()
			s.server.Handler.ServeHTTP(w, r)
			if w.Code != tt.want {
				t.Errorf("%d, want %d", w.Code, tt.want)
			}
			if w.Code == 403 && strings.Contains(w.Body.String(), "<html") {
				t.Error("the page was shown")
			}
		})
	}
	if stops.Load() != 0 {
		t.Error("a refused request stopped the painting")
	}
	r, _ := http.NewRequest("POST", url+"stop", nil)
	r.Header.Set("Origin", own)
	if answer, err := http.DefaultClient.Do(r); err != nil || answer.StatusCode != http.StatusNoContent || stops.Load() != 1 {
		t.Errorf("%v %v, stopped %d times", answer, err, stops.Load())
	}
}

func TestHosts(t *testing.T) {
	for _, tt := range []struct {
		asked, bound, host string
		want               bool
	}{
		{"127.0.0.1", "127.0.0.1", "[::1]:80", true},
		{"127.0.0.1", "127.0.0.1", "192.0.2.7", false},
		{"0.0.0.0", "0.0.0.0", "192.0.2.7:80", true},
		{"0.0.0.0", "0.0.0.0", "example.com:80", false},
		{"192.0.2.7", "192.0.2.7", "192.0.2.7:80", true},
		{"192.0.2.7", "192.0.2.7", "localhost", false},
		{"studio.example", "192.0.2.7", "Studio.example:80", true},
		{"::", "::", "[2001:db8::1]", true},
	} {
		s := newServer(tt.asked, &net.TCPAddr{IP: net.ParseIP(tt.bound), Port: 80}, nil)
		if got := s.isNamed(tt.host); got != tt.want {
			t.Errorf("%s at %s: %v", tt.host, tt.bound, got)
		}
		if strings.Contains(s.URL(), "//0.0.0.0") || strings.Contains(s.URL(), "[::]") {
			t.Errorf("nobody reaches %s", s.URL())
		}
	}
}

func TestNews(t *testing.T) {
	s, url, _ := serve(t)
	p := s.Add("a.png", Source{Name: "content"}, Source{Name: "style"})
	next, _ := look(t, url)
	if n := next(); len(n.Paintings) != 1 || n.Paintings[0].State != waiting || strings.Join(n.Paintings[0].Sources, " ") != "content style" {
		t.Errorf("at first %+v", n)
	}
	for i := range 2 * saidLines {
		s.Say(fmt.Sprint(i))
	}
	s.Doing("1 of 3")
	p.Show(moment(6, small))
	n := next()
	for n.Paintings[0].Version == 0 {
		n = next()
	}
	got := n.Paintings[0]
	want := progress{Name: "a.png", Sources: got.Sources, State: painting, Doing: "stage 1 of 2", Left: "2 s left", Iteration: 7, Iterations: 1000, Version: 1}
	if fmt.Sprint(got) != fmt.Sprint(want) || n.Doing != "1 of 3" || len(n.Said) != saidLines || n.Said[saidLines-1] != "11" {
		t.Errorf("%+v", n)
	}
	if s.HasResult() {
		t.Error("nothing is done")
	}
	p.Done(func() (image.Image, error) { return small(), nil })
	s.Add("b.png").Failed()
	s.Add("c.png").Show(moment(0, small))
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	for !n.Ended {
		n = next()
	}
	if states := fmt.Sprintf("%s %s %s", n.Paintings[0].State, n.Paintings[1].State, n.Paintings[2].State); states != "done failed stopped" || n.Paintings[0].Left != "" {
		t.Errorf("at the end %+v", n)
	}
	if !s.HasResult() {
		t.Error("one is done")
	}
	select {
	case <-closed:
		t.Error("it did not wait for those who look")
	default:
	}
}

func TestCloseWaitsForThoseWhoLook(t *testing.T) {
	s, url, _ := serve(t)
	s.farewell = time.Minute
	_, leave := look(t, url)
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	eventually(t, "the end", func() bool { s.mutex.Lock(); defer s.mutex.Unlock(); return s.ended })
	if status, _, _ := get(t, url+"news"); status != http.StatusServiceUnavailable {
		t.Errorf("after the end somebody may look: %d", status)
	}
	leave()
	if err := <-closed; err != nil {
		t.Error(err)
	}
	s, url, _ = serve(t)
	s.farewell = time.Millisecond
	look(t, url)
	if err := s.Close(); err != nil { // though somebody stays
		t.Error(err)
	}
}

// TestNewsAreTheNewest: who reads slowly gets what is new, not all that was.
func TestNewsAreTheNewest(t *testing.T) {
	s, url, _ := serve(t)
	s.tellEvery = 50 * time.Millisecond
	p := s.Add("a")
	next, _ := look(t, url)
	next()
	for i := range 1000 {
		p.Show(moment(i, small))
	}
	events := 1
	for n := next(); n.Paintings[0].Iteration < 1000; n = next() {
		events++
	}
	if events > 100 {
		t.Errorf("%d events for 1000 steps", events)
	}
}

func TestOnlySoManyMayLook(t *testing.T) {
	s, url, _ := serve(t)
	leave := func() {}
	for range maxLookers {
		_, leave = look(t, url)
	}
	if status, _, _ := get(t, url+"news"); status != http.StatusServiceUnavailable {
		t.Errorf("one more may look: %d", status)
	}
	leave()
	eventually(t, "room for another", func() bool { return s.lookersNow() < maxLookers })
	look(t, url)
}

// pipes is a listener whose connections hold nothing that is not read.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if c, ok := <-p; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// TestABrowserThatNeverReads neither slows the painting nor stays.
func TestABrowserThatNeverReads(t *testing.T) {
	s := newServer("", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, nil)
	s.patience, s.tellEvery = 200*time.Millisecond, time.Millisecond
	l := make(pipes)
	go s.server.Serve(l)
	defer close(l)
	client, server := net.Pipe()
	defer client.Close()
	l <- server
	fmt.Fprintf(client, "GET /%s/news HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", s.secret)
	eventually(t, "somebody looks", func() bool { return s.lookersNow() == 1 })
	p := s.Add("a")
	began := time.Now()
	for i := range 1000 {
		p.Show(moment(i, small))
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("1000 steps took %v", took)
	}
	eventually(t, "it is let go", func() bool { return s.lookersNow() == 0 })
}

func TestNoPreviewIfNobodyLooks(t *testing.T) {
	s, url, _ := serve(t)
	p := s.Add("a")
	asked := 0
	count := func() func() image.Image { asked++; return small }
	blind := moment(0, nil)
	blind.Snapshot = count
	p.Show(blind)
	if asked != 0 {
		t.Error("a snapshot was taken for nobody")
	}
	next, leave := look(t, url)
	next()
	p.Show(blind)
	for next().Paintings[0].Version == 0 {
	}
	leave()
	eventually(t, "nobody looks", func() bool { return s.lookersNow() == 0 })
	p.due = time.Time{}
	p.Show(blind)
	if asked != 1 {
		t.Errorf("%d snapshots", asked)
	}
}

// TestPreviewsTakeLittle: while one is encoded there is no other, and the next one comes
// when many times as long has passed, longer yet if others are painted too.
func TestPreviewsTakeLittle(t *testing.T) {
	const long = 50 * time.Millisecond
	s, url, _ := serve(t)
	other, p := s.Add("b"), s.Add("a")
	next, _ := look(t, url)
	next()
	other.encoding = true
	other.Show(moment(0, nil))
	var asked atomic.Int32
	going := make(chan bool)
	slow := func() image.Image { asked.Add(1); <-going; time.Sleep(long); return small() }
	for i := range 100 {
		p.Show(moment(i, slow))
	}
	going <- true
	for next().Paintings[1].Version == 0 {
	}
	began := time.Now()
	for i := range 100 {
		p.Show(moment(i, slow))
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if pause := p.due.Sub(began); asked.Load() != 1 || pause < 2*previewShare*long-time.Second {
		t.Errorf("%d previews, the next in %v", asked.Load(), pause)
	}
}

func TestPictures(t *testing.T) {
	s, url, _ := serve(t)
	opened := 0
	large := func() (image.Image, error) { opened++; return image.NewNRGBA64(image.Rect(0, 0, 2600, 100)), nil }
	p := s.Add("a", Source{Name: "content", Open: large}, Source{Name: "style", Open: func() (image.Image, error) { return nil, errors.New("is gone") }})
	for range 2 {
		isJPEG(t, url+"source/0/0", 640, 24)
	}
	if status, kind, body := get(t, url+"source/0/1"); status != 500 || !bytes.Contains(body, []byte("is gone")) || strings.Contains(kind, "image") {
		t.Errorf("%d %s %s", status, kind, body)
	}
	p.Done(large)
	for range 2 {
		isJPEG(t, url+"picture/0", 1280, 49)
	}
	if opened != 2 {
		t.Errorf("two pictures were opened %d times", opened)
	}
}

func isJPEG(t *testing.T, url string, width, height int) {
	t.Helper()
	status, kind, body := get(t, url)
	c, err := jpeg.DecodeConfig(bytes.NewReader(body))
	if status != 200 || kind != "image/jpeg" || err != nil || c.Width != width || c.Height != height {
		t.Errorf("%d %s %dx%d %v", status, kind, c.Width, c.Height, err)
	}
}

func TestCurve(t *testing.T) {
	s, url, _ := serve(t)
	p := s.Add("a")
	const n = 10_000
	for i := range n {
		v := moment(i, nil)
		v.Stage = i / (n / 2)
		if i == 64 {
			v.Losses = []Loss{{"total", math.Inf(1)}, {"tv", math.NaN()}}
		}
		p.Show(v)
	}
	var c curve
	if status, _, body := get(t, url+"curve/0"); status != 200 || json.Unmarshal(body, &c) != nil {
		t.Fatalf("%d %s", status, body)
	}
	if strings.Join(c.Names, " ") != "total tv" || fmt.Sprint(c.Stages) != "[5000]" || len(c.At) != len(c.Values) || len(c.At) < curvePoints/2 || len(c.At) > curvePoints {
		t.Fatalf("names %q, stages %v, %d and %d points", c.Names, c.Stages, len(c.At), len(c.Values))
	}
	for i, at := range c.At {
		if i > 0 && at <= c.At[i-1] || c.Values[i][0] != 3 || c.Values[i][1] != 1/float64(at+1) {
			t.Errorf("point %d is %v at %d", i, c.Values[i], at)
		}
	}
	if last := c.At[len(c.At)-1]; c.At[0] != 0 || last < n-100 {
		t.Errorf("from %d to %d", c.At[0], last)
	}
}

func TestListen(t *testing.T) {
	s, err := Listen("127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	if status, kind, body := get(t, s.URL()); status != 200 || kind != "text/html; charset=utf-8" || !bytes.Equal(body, page) {
		t.Errorf("%d %s, %d bytes", status, kind, len(body))
	}
	if _, err := Listen(s.bound.String(), nil); err == nil || !strings.Contains(err.Error(), s.bound.String()) {
		t.Errorf("two at one address: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(s.URL()); err == nil {
		t.Error("it is still there")
	}
	if _, err := Listen("nowhere", nil); err == nil {
		t.Error("an address without a port")
	}
}

func TestNobodyShows(t *testing.T) {
	var s *Server
	p := s.Add("a")
	p.Show(moment(0, nil))
	p.Done(nil)
	s.Say("a")
	s.Doing("a")
	if p != nil {
		t.Error("a painting of no server")
	}
}
