// Command draw makes the style pictures that no free collection has: zellige, waves and fire.
//
//	go run ./experiments/draw --out DIR [--only NAME] [--width 768] [--format jpg|png]
//
// The pictures are seeded: the same flags write the same bytes on any number of cores.
package main

import (
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
)

// jpegQuality keeps the textures and stays under half a megabyte at 768 pixels.
const jpegQuality = 92

// A drawing is one picture: its name is the file's, its painter fills a canvas of the given width.
type drawing struct {
	name string
	draw func(width int) *canvas
}

var drawings = []drawing{
	{"zellige", drawZellige},
	{"waves", drawWaves},
	{"fire", drawFire},
}

func main() {
	out := flag.String("out", "", "folder for the pictures (must exist)")
	only := flag.String("only", "", "draw this one alone: zellige, waves or fire")
	width := flag.Int("width", referenceWidth, "width in pixels, 32 to 4096")
	format := flag.String("format", "jpg", "jpg or png")
	flag.Parse()
	if err := run(*out, *only, *format, *width); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func run(out, only, format string, width int) error {
	if out == "" {
		return fmt.Errorf("no output folder: give one with --out")
	}
	if width < 32 || width > 4096 {
		return fmt.Errorf("--width %d: must be 32 to 4096", width)
	}
	if format != "jpg" && format != "png" {
		return fmt.Errorf("--format %q: must be jpg or png", format)
	}
	chosen, err := choose(only)
	if err != nil {
		return err
	}
	for _, d := range chosen {
		path := filepath.Join(out, d.name+"."+format)
		if err := save(path, d.draw(width).image()); err != nil {
			return err
		}
		fmt.Println(path)
	}
	return nil
}

// choose returns the drawing called only, or all of them when only is empty.
func choose(only string) ([]drawing, error) {
	if only == "" {
		return drawings, nil
	}
	var names []string
	for _, d := range drawings {
		if d.name == only {
			return []drawing{d}, nil
		}
		names = append(names, d.name)
	}
	return nil, fmt.Errorf("--only %q: must be one of %s", only, strings.Join(names, ", "))
}

// save encodes img by the extension of path.
func save(path string, img image.Image) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	if filepath.Ext(path) == ".png" {
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		return encoder.Encode(f, img)
	}
	return jpeg.Encode(f, img, &jpeg.Options{Quality: jpegQuality})
}
