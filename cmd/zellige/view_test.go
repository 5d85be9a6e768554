//go:build unix

package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// viewed is a command that shows its painting.
type viewed struct {
	*exec.Cmd
	url    string
	stderr *bufio.Reader
}

func startViewed(t *testing.T, dir string, args ...string) *viewed {
	t.Helper()
	v := &viewed{Cmd: exec.Command("zellige", args...)}
	v.Dir = dir
	pipe, err := v.StderrPipe()
	if err == nil {
		err = v.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Process.Kill() })
	v.stderr = bufio.NewReader(pipe)
	line, _ := v.stderr.ReadString('\n')
	if v.url = regexp.MustCompile(`^zellige: live view: (http://\S+/)\n$`).ReplaceAllString(line, "$1"); v.url == line {
		t.Fatalf("it began with %q", line)
	}
	return v
}

// waitFor reads standard error until a line holds a text.
func (v *viewed) waitFor(t *testing.T, text string) {
	t.Helper()
	for {
		line, err := v.stderr.ReadString('\n')
		if strings.Contains(line, text) {
			return
		}
		if err != nil {
			t.Fatalf("%q did not come: %v", text, err)
		}
	}
}

// ends waits for the command and returns its exit code and the rest of what it said.
func (v *viewed) ends(t *testing.T) (code int, said string) {
	t.Helper()
	timer := time.AfterFunc(time.Minute, func() { _ = v.Process.Kill() })
	defer timer.Stop()
	rest, _ := io.ReadAll(v.stderr)
	_ = v.Wait() // its code says more
	return v.ProcessState.ExitCode(), string(rest)
}

func post(t *testing.T, url string) {
	t.Helper()
	r, err := http.Post(url, "", nil)
	if err != nil || r.StatusCode != http.StatusNoContent {
		t.Fatal(r, err)
	}
}

func TestView(t *testing.T) {
	dir := paintingFolder(t)
	transfer := []string{"transfer", "content.png", "style.png", "--preset", "lab", "--image-size", "16", "--style-size", "16", "--overwrite", "-o"}

	t.Run("stopped on the page", func(t *testing.T) {
		v := startViewed(t, dir, append(transfer, "stopped.png", "--iterations", "1000000", "--view")...)
		v.waitFor(t, "iteration 2/")
		post(t, v.url+"stop")
		if code, said := v.ends(t); code != exitInterrupted || !strings.Contains(said, "wrote stopped.png") || strings.Contains(said, "stays until") {
			t.Errorf("exit code %d: %s", code, said)
		}
		if _, err := os.Stat(filepath.Join(dir, "stopped.png")); err != nil {
			t.Error(err)
		}
	})
	t.Run("stays with the result until Ctrl-C", func(t *testing.T) {
		v := startViewed(t, dir, append(transfer, "done.png", "--iterations", "3", "--view")...)
		v.waitFor(t, "the live view stays until Ctrl-C")
		for _, path := range []string{"picture/0", "source/0/0", "source/0/1", "curve/0"} {
			if r, err := http.Get(v.url + path); err != nil || r.StatusCode != http.StatusOK {
				t.Errorf("%s: %v %v", path, r, err)
			}
		}
		if err := v.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		if code, said := v.ends(t); code != exitDone || said != "" {
			t.Errorf("exit code %d: %s", code, said)
		}
	})
	t.Run("closed on the page, at an address in use meanwhile", func(t *testing.T) {
		v := startViewed(t, dir, append(transfer, "closed.png", "--iterations", "3", "--view")...)
		v.waitFor(t, "the live view stays until Ctrl-C")
		address := strings.Split(v.url, "/")[2]
		other := exec.Command("zellige", append(transfer, "other.png", "--view="+address)...)
		other.Dir = dir
		if said, _ := other.CombinedOutput(); other.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(said), "in use") {
			t.Errorf("%v: %s", other.ProcessState, said)
		}
		post(t, v.url+"stop")
		if code, said := v.ends(t); code != exitDone {
			t.Errorf("exit code %d: %s", code, said)
		}
	})
}

func TestViewFlag(t *testing.T) {
	for text, want := range map[string]viewFlag{
		"true":                 {true, false, "127.0.0.1:0"},
		"until-done":           {true, true, "127.0.0.1:0"},
		":8000":                {true, false, "127.0.0.1:8000"},
		"8000":                 {true, false, "127.0.0.1:8000"},
		"192.0.2.1":            {true, false, "192.0.2.1:0"},
		"::1":                  {true, false, "[::1]:0"},
		"[::1]:80,until-done":  {true, true, "[::1]:80"},
		"until-done,host:8000": {true, true, "host:8000"},
	} {
		var got viewFlag
		if err := got.Set(text); err != nil || got != want {
			t.Errorf("%q: %+v %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"host:65536", "host:-1", "70000", "host:"} {
		if err := new(viewFlag).Set(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
