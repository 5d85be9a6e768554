// Decode writes what package picture makes of files as PNG, for
// scripts/compare_with_pillow.py. It reads paths from standard input, one a line,
// writes FOLDER/0.png, FOLDER/1.png and so on, and prints a line of JSON for each.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"zellige/picture"
)

type outcome struct {
	Path, Error, Warning, Profile string
	Seconds                       float64
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for i := 0; lines.Scan(); i++ {
		start := time.Now()
		o := decode(lines.Text(), filepath.Join(os.Args[1], fmt.Sprintf("%d.png", i)))
		o.Seconds = time.Since(start).Seconds()
		if err := json.NewEncoder(os.Stdout).Encode(o); err != nil {
			panic(err)
		}
	}
}

func decode(path, to string) outcome {
	file, err := picture.ReadFile(path)
	if err != nil {
		return outcome{Path: path, Error: err.Error()}
	}
	f, err := os.Create(to)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(f, file.Image); err != nil {
		panic(err)
	}
	return outcome{Path: path, Warning: file.Warning, Profile: file.Profile}
}
