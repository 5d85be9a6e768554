package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zellige/internal/record"
)

// largeFolder has a lab report and copies of it, in all more runs than are shown in full.
func largeFolder(t *testing.T) string {
	t.Helper()
	folder := labFolder(t, labFile)
	runs := os.DirFS(filepath.Join(folder, "ablations"))
	for i := range mostInFull / 4 {
		if err := os.CopyFS(filepath.Join(folder, fmt.Sprintf("copy-%d", i)), runs); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func htmlOf(t *testing.T, r *Report, base string) string {
	t.Helper()
	var page bytes.Buffer
	if err := r.WriteHTML(&page, base); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

// Manifests that are read again make the page that those make that are kept.
func TestManifestsThatAreReadAgain(t *testing.T) {
	folder := largeFolder(t)
	want := htmlOf(t, readReport(t, folder), folder)
	r := readReport(t, folder)
	for _, run := range r.Runs {
		run.drop()
	}
	if got := htmlOf(t, r, folder); got != want || !r.isLarge() {
		t.Errorf("the page has %d bytes, of manifests that are kept %d", len(got), len(want))
	}
}

// A run that is gone or was painted anew while the report is made ends it.
func TestManifestsThatChange(t *testing.T) {
	folder := largeFolder(t)
	r := readReport(t, folder)
	last := r.Runs[len(r.Runs)-1]
	m := *last.manifest().Manifest
	last.drop()
	m.Finished = m.Finished.Add(time.Minute)
	if err := m.Write(last.path(record.ManifestFile)); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteHTML(&bytes.Buffer{}, folder); err == nil || !strings.HasPrefix(err.Error(), last.ID+" was painted again") {
		t.Errorf("painted again: %v", err)
	}
	r.ended, r.again.run = nil, nil
	if err := os.Remove(last.path(record.ManifestFile)); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteHTML(&bytes.Buffer{}, folder); err == nil || !strings.Contains(err.Error(), record.ManifestFile) {
		t.Errorf("removed: %v", err)
	}
}
