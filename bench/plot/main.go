// Plot draws bench/scaling.py's CSV file: the time of a step per pixel over the
// size of the picture.
package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: plot CSV PICTURE")
		os.Exit(2)
	}
	if err := draw(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "plot:", err)
		os.Exit(1)
	}
}

func draw(table, picture string) error {
	points, err := read(table, "size", "nanoseconds_per_pixel")
	if err != nil {
		return fmt.Errorf("read %s: %w", table, err)
	}
	line, dots, err := plotter.NewLinePoints(points)
	if err != nil {
		return err
	}
	p := plot.New()
	p.Title.Text = "One step, time per pixel"
	p.X.Label.Text, p.Y.Label.Text = "shorter side of the picture, pixels", "nanoseconds per pixel"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, octaves(points)
	p.Y.Min = 0
	p.Add(plotter.NewGrid(), line, dots)
	return p.Save(16*vg.Centimeter, 9*vg.Centimeter, picture)
}

// read returns two columns of a CSV file with a header.
func read(path, x, y string) (plotter.XYs, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 {
		return nil, fmt.Errorf("it has no rows")
	}
	i, j := slices.Index(rows[0], x), slices.Index(rows[0], y)
	if i < 0 || j < 0 {
		return nil, fmt.Errorf("it has no columns %s and %s", x, y)
	}
	points := make(plotter.XYs, len(rows)-1)
	for n, row := range rows[1:] {
		if points[n].X, err = strconv.ParseFloat(row[i], 64); err != nil {
			return nil, err
		}
		if points[n].Y, err = strconv.ParseFloat(row[j], 64); err != nil {
			return nil, err
		}
	}
	return points, nil
}

// octaves marks each power of two in the range of the points, which are sorted.
func octaves(points plotter.XYs) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for size := 1.0; size <= points[len(points)-1].X; size *= 2 {
		if size >= points[0].X {
			ticks = append(ticks, plot.Tick{Value: size, Label: strconv.Itoa(int(size))})
		}
	}
	return ticks
}
