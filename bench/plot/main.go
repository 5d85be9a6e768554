// Plot draws bench/scaling.py's CSV file as SVG: the time of a step per pixel over
// the size of the picture.
package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"

	"zellige/internal/chart"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: plot CSV SVG")
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
	c := chart.Chart{
		About: "Time of a step per pixel over the size of the picture",
		X:     chart.Axis{Label: "shorter side of the picture, pixels", Log: true},
		Y:     chart.Axis{Label: "one step, nanoseconds per pixel", FromZero: true},
		Lines: []chart.Line{{Color: 1, Dots: true, Points: points}},
	}
	return os.WriteFile(picture, c.File(), 0o666)
}

// read returns two columns of a CSV file with a header.
func read(path, x, y string) ([]chart.Point, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() // only read from
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
	points := make([]chart.Point, len(rows)-1)
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
