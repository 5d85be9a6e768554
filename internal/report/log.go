package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"zellige/internal/record"
)

const (
	maxSteps     = 800 // that are kept of a log
	maxLineBytes = 1 << 20
)

// readLog reads a log and keeps at most maxSteps of its lines, evenly spaced, and
// the last one.
func readLog(path string) ([]record.LogLine, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read from
	steps, err := parseLog(f)
	if err != nil {
		return nil, fmt.Errorf("log %q: %w", path, err)
	}
	return steps, nil
}

func parseLog(r io.Reader) ([]record.LogLine, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLineBytes)
	var steps []record.LogLine
	var last record.LogLine
	stride := 1
	for n := 0; lines.Scan(); n++ {
		last = record.LogLine{}
		if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
			return nil, fmt.Errorf("line %d is damaged: %w", n+1, err)
		}
		if n%stride != 0 {
			continue
		}
		if steps = append(steps, last); len(steps) == maxSteps {
			steps, stride = everySecond(steps), 2*stride
		}
	}
	if n := len(steps); n > 0 && steps[n-1].Iteration != last.Iteration {
		steps = append(steps, last)
	}
	return steps, lines.Err()
}

func everySecond(steps []record.LogLine) []record.LogLine {
	half := steps[:0]
	for i := 0; i < len(steps); i += 2 {
		half = append(half, steps[i])
	}
	return half
}
