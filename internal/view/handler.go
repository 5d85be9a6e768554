package view

import (
	"crypto/subtle"
	_ "embed"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

//go:embed page.html
var page []byte

// routes are what lies behind the secret.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { send(w, "text/html; charset=utf-8", page, nil) })
	mux.HandleFunc("GET /news", s.serveNews)
	mux.HandleFunc("GET /picture/{painting}", s.serve("image/jpeg", (*Painting).picture))
	mux.HandleFunc("GET /curve/{painting}", s.serve("application/json", (*Painting).course))
	mux.HandleFunc("GET /source/{painting}/{source}", func(w http.ResponseWriter, r *http.Request) {
		if p, n := s.painting(r), number(r, "source"); p != nil && n < len(p.sources) {
			data, err := p.source(n)
			send(w, "image/jpeg", data, err)
			return
		}
		http.NotFound(w, r)
	})
	mux.HandleFunc("POST /stop", func(w http.ResponseWriter, _ *http.Request) {
		s.stop()
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

// serve answers with something of the painting that a request names.
func (s *Server) serve(kind string, of func(*Painting) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := s.painting(r)
		if p == nil {
			http.NotFound(w, r)
			return
		}
		data, err := of(p)
		send(w, kind, data, err)
	}
}

// guarded refuses who does not know the secret, who came by another name than the
// server's (a foreign page whose host name was made to lead here), and what foreign
// pages ask for.
func (s *Server) guarded(behind http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret, rest, isFolder := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		origin := r.Header.Get("Origin")
		if subtle.ConstantTimeCompare([]byte(secret), []byte(s.secret)) != 1 || !s.isNamed(r.Host) || origin != "" && origin != "http://"+r.Host {
			http.Error(w, "The live view is at the address that zellige printed.", http.StatusForbidden)
			return
		}
		if !isFolder {
			http.Redirect(w, r, "/"+secret+"/", http.StatusTemporaryRedirect)
			return
		}
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self' data:; connect-src 'self'; "+
			"style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		r.URL.Path, r.URL.RawPath = "/"+rest, ""
		behind.ServeHTTP(w, r)
	})
}

// isNamed reports whether a Host header names this server: by an address of its own, as
// localhost, or as the host that was asked for.
func (s *Server) isNamed(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	local := s.bound.IP.IsLoopback()
	if ip := net.ParseIP(name); ip != nil {
		return s.bound.IP.IsUnspecified() || s.bound.IP.Equal(ip) || local && ip.IsLoopback()
	}
	return strings.EqualFold(name, s.host) || strings.EqualFold(name, "localhost") && (local || s.bound.IP.IsUnspecified())
}

// painting is the one that a request names, nil if there is none.
func (s *Server) painting(r *http.Request) *Painting {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if n := number(r, "painting"); n < len(s.paintings) {
		return s.paintings[n]
	}
	return nil
}

// number is a part of the path; what is no number is larger than any.
func number(r *http.Request, part string) int {
	n, err := strconv.ParseUint(r.PathValue(part), 10, 31)
	if err != nil {
		return 1 << 31
	}
	return int(n)
}

// course is the curve of the losses, as JSON.
func (p *Painting) course() ([]byte, error) {
	p.server.mutex.Lock()
	c := p.curve.copied()
	p.server.mutex.Unlock()
	return json.Marshal(c)
}

// send answers a request. A picture that is not there yet is no error, but nothing.
func send(w http.ResponseWriter, kind string, data []byte, err error) {
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case len(data) == 0:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", kind)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience)) // opening may have taken long
		_, _ = w.Write(data)                                                         // its reader may have gone
	}
}

// serveNews sends server-sent events: the state of all paintings, now and after each
// change, but not too often. A slow reader misses the states in between; one that does not
// read at all is disconnected.
func (s *Server) serveNews(w http.ResponseWriter, r *http.Request) {
	changed, leave := s.look()
	if changed == nil {
		http.Error(w, "there are too many who look", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	for control := http.NewResponseController(w); ; {
		began := time.Now()
		data, err := s.news()
		pause := max(s.tellEvery, previewShare*time.Since(began)) // of thousands of paintings
		if err == nil {
			err = control.SetWriteDeadline(time.Now().Add(s.patience))
		}
		if err == nil {
			_, err = fmt.Fprintf(w, "data: %s\n\n", data)
		}
		if err != nil || control.Flush() != nil || !sleep(r, pause) {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		case <-time.After(aliveEvery):
		}
	}
}

// sleep reports whether somebody is there yet after a time.
func sleep(r *http.Request, d time.Duration) bool {
	select {
	case <-r.Context().Done():
		return false
	case <-time.After(d):
		return true
	}
}
