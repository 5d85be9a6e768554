// Package browsertest finds the browser that tests look at pages in.
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// required makes tests fail instead of skip where no browser is installed; make
// test-browser sets it.
const required = "ZELLIGE_REQUIRE_BROWSER"

// Chromium is the path of an installed Chromium.
func Chromium(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv(required) != "" {
		t.Fatalf("none of %v is installed", names)
	}
	t.Skipf("none of %v is installed; make test-browser needs one", names)
	return ""
}

// Command opens a URL without a window, with a profile of its own and nothing of what
// browsers do besides. It ends with ctx at the latest.
func Command(ctx context.Context, t *testing.T, url string, flags ...string) *exec.Cmd {
	t.Helper()
	profile, err := os.MkdirTemp("", "chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // its last processes may still write there
	c := exec.CommandContext(ctx, Chromium(t), slices.Concat([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + profile, "--window-size=1600,1000",
	}, flags, []string{url})...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 5 * time.Second
	return c
}
