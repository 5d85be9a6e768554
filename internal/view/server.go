// Package view shows paintings in a browser while they grow.
//
// A painter tells a [Painting] how far it is, and never waits: pictures are encoded on
// other goroutines, seldom, and only while somebody looks. A browser is told only the
// newest state.
package view

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// What bounds what browsers can take.
const (
	maxLookers  = 16               // that are told what changes
	saidLines   = 6                // that a page shows
	patience    = 10 * time.Second // with one that does not read
	farewell    = 2 * time.Second  // for those who look, to see the end
	lastAnswers = time.Second      // that are under way at the end
	tellEvery   = 400 * time.Millisecond
	aliveEvery  = 15 * time.Second // of news though there are none, to notice who has gone
)

// Server shows paintings at a local address. A nil *Server shows nothing.
type Server struct {
	stop      func()
	secret    string
	host      string // that was asked for
	bound     *net.TCPAddr
	patience  time.Duration
	farewell  time.Duration
	tellEvery time.Duration

	mutex     sync.Mutex // of what follows; held for moments only
	doing     string
	said      []string
	ended     bool
	paintings []*Painting
	lookers   map[chan struct{}]bool // of one place each: something has changed
	gone      chan struct{}          // closed when the last of them goes after the end

	opening sync.Mutex // pictures are opened one after the other
	server  http.Server
}

// Listen serves at an address, host and port; port 0 is a free one. The page's button
// calls stop. The errors are those of [net.Listen].
func Listen(address string, stop func()) (*Server, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := newServer(host, l.Addr().(*net.TCPAddr), stop)
	go s.server.Serve(l) // until it is closed
	return s, nil
}

func newServer(host string, bound *net.TCPAddr, stop func()) *Server {
	var secret [16]byte
	rand.Read(secret[:]) // never fails
	s := &Server{stop: stop, secret: hex.EncodeToString(secret[:]), host: host, bound: bound,
		patience: patience, farewell: farewell, tellEvery: tellEvery, said: []string{}, lookers: map[chan struct{}]bool{}, gone: make(chan struct{})}
	s.server = http.Server{Handler: s.guarded(s.routes()), ReadHeaderTimeout: patience, WriteTimeout: patience, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	return s
}

// URL is where the page is. Its secret lets in.
func (s *Server) URL() string {
	bound := *s.bound
	if bound.IP.IsUnspecified() {
		bound.IP = reachable()
	}
	return "http://" + bound.String() + "/" + s.secret + "/"
}

// reachable is an address of this machine that others can reach, if it has one.
func reachable() net.IP {
	addresses, _ := net.InterfaceAddrs()
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			return n.IP
		}
	}
	return net.IPv4(127, 0, 0, 1)
}

// Add shows another painting, by its name and what it is painted from.
func (s *Server) Add(name string, sources ...Source) *Painting {
	if s == nil {
		return nil
	}
	p := &Painting{server: s, name: name, sources: sources, state: waiting}
	s.change(func() { s.paintings = append(s.paintings, p) })
	return p
}

// Say adds a line to those that the page shows.
func (s *Server) Say(line string) {
	if s == nil {
		return
	}
	s.change(func() {
		s.said = append(slices.Clone(s.said), line)
		s.said = s.said[max(0, len(s.said)-saidLines):]
	})
}

// Doing says how far all paintings together are.
func (s *Server) Doing(text string) {
	if s != nil {
		s.change(func() { s.doing = text })
	}
}

// HasResult reports whether any painting is done.
func (s *Server) HasResult() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, p := range s.paintings {
		if p.state == done {
			return true
		}
	}
	return false
}

// Close tells the browsers that this is the end, and waits a moment for them to show it.
func (s *Server) Close() error {
	s.change(func() {
		for _, p := range s.paintings {
			if p.state == painting {
				p.state, p.last.Left = stopped, ""
			}
		}
		if s.ended = true; len(s.lookers) == 0 {
			close(s.gone)
		}
	})
	select {
	case <-s.gone:
	case <-time.After(s.farewell):
	}
	// Whoever asked for the end gets the answer.
	ctx, cancel := context.WithTimeout(context.Background(), lastAnswers)
	defer cancel()
	_ = s.server.Shutdown(ctx) // who is not done by then is cut off
	return s.server.Close()
}

// change changes what is shown and lets those who look know.
func (s *Server) change(what func()) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	what()
	for looker := range s.lookers {
		select {
		case looker <- struct{}{}:
		default: // knows already
		}
	}
}

// look counts who looks until leave is called; changed is nil if there are too many, or
// nothing more to see.
func (s *Server) look() (changed chan struct{}, leave func()) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.ended || len(s.lookers) == maxLookers {
		return nil, nil
	}
	changed = make(chan struct{}, 1)
	s.lookers[changed] = true
	return changed, func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		if delete(s.lookers, changed); s.ended && len(s.lookers) == 0 {
			close(s.gone)
		}
	}
}

// news is what the page is told.
type news struct {
	Doing     string     `json:"doing"`
	Said      []string   `json:"said"`
	Ended     bool       `json:"ended"`
	Paintings []progress `json:"paintings"`
}

// news are the newest, as JSON.
func (s *Server) news() ([]byte, error) {
	s.mutex.Lock()
	n := news{Doing: s.doing, Said: s.said, Ended: s.ended, Paintings: make([]progress, len(s.paintings))}
	for i, p := range s.paintings {
		n.Paintings[i] = p.progress()
	}
	s.mutex.Unlock()
	return json.Marshal(n)
}
