package repository

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"zellige/picture"
)

// Packages come by the settings of the machine that builds, which may have a
// mirror or no network at all; and a path of one machine is wrong on all others.
func TestNoFileNamesARegistryOrAPathOfOneMachine(t *testing.T) {
	// Each is written in two parts, so that this file does not hold it.
	forbidden := []string{
		"pypi" + ".org", "pythonhosted" + ".org", "proxy.golang" + ".org", "sum.golang" + ".org", "npmjs" + ".com",
		"/root" + "/", "/work" + "/", "/Users" + "/",
	}
	for _, file := range repositoryFiles(t) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range forbidden {
			if bytes.Contains(content, []byte(f)) {
				t.Errorf("%s holds %q", file, f)
			}
		}
	}
}

const (
	picturesFolder     = "testdata/pictures"
	maxPicturesInBytes = 6 << 20
)

func TestEveryPictureHasASourceAndIsWhatItSays(t *testing.T) {
	listed := listedPictures(t)
	var total int64
	for _, entry := range readDir(t, picturesFolder) {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
		if _, ok := listed[entry.Name()]; !ok && entry.Name() != "SOURCES.md" {
			t.Errorf("%s/%s is not in SOURCES.md: where does it come from, and who may use it?", picturesFolder, entry.Name())
		}
	}
	if total > maxPicturesInBytes {
		t.Errorf("the pictures take %d bytes, more than %d", total, maxPicturesInBytes)
	}
	for name, size := range listed {
		img, err := picture.Read(filepath.Join(picturesFolder, name))
		if err != nil {
			t.Errorf("SOURCES.md lists %s: %v", name, err)
		} else if got := fmt.Sprintf("%dx%d", img.Bounds().Dx(), img.Bounds().Dy()); got != size {
			t.Errorf("%s is %s, SOURCES.md says %s", name, got, size)
		}
	}
}

// listedPictures returns the pictures in the tables of SOURCES.md, with their sizes.
func listedPictures(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(picturesFolder, "SOURCES.md"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	row := regexp.MustCompile(`(?m)^\| (\S+\.(?:jpg|png)) \| (\d+x\d+) \|`)
	for _, match := range row.FindAllStringSubmatch(string(text), -1) {
		listed[match[1]] = match[2]
	}
	if rows := strings.Count(string(text), "\n| ") - 2*strings.Count(string(text), "\n| ---"); rows != len(listed) {
		t.Fatalf("SOURCES.md has %d rows of pictures, and %d name a picture and its size", rows, len(listed))
	}
	return listed
}

func readDir(t *testing.T, folder string) []os.DirEntry {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}
