// Command blind lays the pictures of two groups of runs side by side without saying
// which is which, so that they can be judged by eye alone:
//
//	go run ./experiments/blind FOLDER GROUP GROUP SHEET KEY
//
// FOLDER is one that zellige run has filled. The runs of a group are those under
// its name; what comes after it pairs them. SHEET is a picture with a row for
// each pair: what it was painted from, then the two results in random order. KEY
// is a text file that says which is where; look at it when you have chosen.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zellige/picture"
)

// The measures of the sheet, in pixels.
const (
	gap         = 12
	rowHeight   = 330
	resultWidth = 512
	sourceWidth = 230 // of content and style, one above the other
	sheetWidth  = 2*gap + sourceWidth + 2*(gap+resultWidth)
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "blind:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 5 {
		return errors.New("usage: blind FOLDER GROUP GROUP SHEET KEY")
	}
	folder, groups := args[0], [2]string{args[1], args[2]}
	names, err := pairs(folder, groups)
	if err != nil {
		return err
	}
	sheet := image.NewNRGBA(image.Rect(0, 0, sheetWidth, gap+len(names)*(rowHeight+gap)))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	var key strings.Builder
	for i, name := range names {
		if rand.IntN(2) == 1 {
			groups[0], groups[1] = groups[1], groups[0]
		}
		fmt.Fprintf(&key, "%d %s: left %s, right %s\n", i+1, name, groups[0], groups[1])
		if err := drawRow(sheet, gap+i*(rowHeight+gap), folder, groups, name); err != nil {
			return err
		}
	}
	return errors.Join(picture.Write(args[3], sheet), os.WriteFile(args[4], []byte(key.String()), 0o666))
}

// pairs are the names that both groups have a run of.
func pairs(folder string, groups [2]string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(folder, groups[0]))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(folder, groups[1], e.Name(), "picture.png")); err == nil {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s and %s have no runs of the same name in %s", groups[0], groups[1], folder)
	}
	slices.Sort(names)
	return names, nil
}

func drawRow(sheet draw.Image, top int, folder string, groups [2]string, name string) error {
	content, style, err := sources(filepath.Join(folder, groups[0], name))
	if err != nil {
		return err
	}
	const half = (rowHeight - gap) / 2
	err = errors.Join(
		drawFile(sheet, content, image.Rect(gap, top, gap+sourceWidth, top+half)),
		drawFile(sheet, style, image.Rect(gap, top+half+gap, gap+sourceWidth, top+rowHeight)))
	for side, group := range groups {
		x := 2*gap + sourceWidth + side*(gap+resultWidth)
		path := filepath.Join(folder, group, name, "picture.png")
		err = errors.Join(err, drawFile(sheet, path, image.Rect(x, top, x+resultWidth, top+rowHeight)))
	}
	return err
}

// sources are the paths of the pictures that a run was painted from.
func sources(run string) (content, style string, err error) {
	data, err := os.ReadFile(filepath.Join(run, "manifest.json"))
	if err != nil {
		return "", "", err
	}
	var manifest struct{ Paths map[string]string }
	if err := json.Unmarshal(data, &manifest); err != nil {
		return "", "", fmt.Errorf("%s: %w", run, err)
	}
	return manifest.Paths["content"], manifest.Paths["style"], nil
}

// drawFile fits a picture into a place, in its middle.
func drawFile(sheet draw.Image, path string, place image.Rectangle) error {
	img, err := picture.Read(path)
	if err != nil {
		return err
	}
	b := img.Bounds()
	scale := min(float64(place.Dx())/float64(b.Dx()), float64(place.Dy())/float64(b.Dy()))
	w, h := int(float64(b.Dx())*scale), int(float64(b.Dy())*scale)
	at := place.Min.Add(image.Pt((place.Dx()-w)/2, (place.Dy()-h)/2))
	draw.Draw(sheet, image.Rect(at.X, at.Y, at.X+w, at.Y+h), picture.Resize(img, w, h), image.Point{}, draw.Src)
	return nil
}
