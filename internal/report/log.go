package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"zellige/internal/record"
)

// LogLine is one line of a run's log: the losses before a step moved the pixels.
type LogLine struct {
	Iteration int
	record.Losses
	Seconds float64 // since the first iteration
}

const (
	maxSteps     = 800 // that are kept of a log
	maxLineBytes = 1 << 20
)

// readLog reads a log and keeps at most maxSteps of its lines, evenly spaced, and
// the last one.
func readLog(path string) ([]LogLine, error) {
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

func parseLog(r io.Reader) ([]LogLine, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLineBytes)
	var steps []LogLine
	var last LogLine
	stride := 1
	for n := 0; lines.Scan(); n++ {
		last = LogLine{}
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

func everySecond(steps []LogLine) []LogLine {
	half := steps[:0]
	for i := 0; i < len(steps); i += 2 {
		half = append(half, steps[i])
	}
	return half
}
