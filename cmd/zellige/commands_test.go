package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"zellige/internal/record"
	"zellige/measure"
	"zellige/picture"
)

// scriptCommands are what the scripts can say beside testscript's own commands.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"fails":      fails,
	"holds":      holds,
	"waitfor":    waitFor,
	"interrupt":  interrupt,
	"exitcode":   exitCodeIs,
	"earlieror":  earlierOr,
	"losslog":    lossLogIs,
	"samelosses": sameLosses,
	"pictureis":  pictureIs,

	"samemeasures": sameMeasures,
}

// fails CODE PROGRAM ARGS: the program exits with CODE, prints one error on
// standard error, at most behind what it began, and nothing on standard output.
func fails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fails code program [args...]")
	}
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); !errors.As(err, &exit) {
		ts.Fatalf("it did not fail: %v", err)
	}
	if got := strconv.Itoa(exit.ExitCode()); got != args[0] {
		ts.Fatalf("exit code is %s, want %s", got, args[0])
	}
	if stdout := ts.ReadFile("stdout"); stdout != "" {
		ts.Fatalf("standard output is not empty: %s", stdout)
	}
	stderr := ts.ReadFile("stderr")
	if begun, rest, _ := strings.Cut(stderr, "\n"); strings.HasPrefix(begun, "zellige: painting ") {
		stderr = rest
	}
	if !strings.HasPrefix(stderr, "zellige: error: ") || strings.Count(stderr, "zellige: error: ") != 1 {
		ts.Fatalf("standard error does not hold one error: %s", stderr)
	}
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "zellige: ") {
			ts.Fatalf("standard error holds what is neither error nor hint: %s", line)
		}
	}
}

// holds FOLDER NAMES: the folder holds just these files.
func holds(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: holds folder [names...]")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if want := slices.Sorted(slices.Values(args[1:])); !slices.Equal(names, want) {
		ts.Fatalf("%s holds %q, want %q", args[0], names, want)
	}
}

// waitfor LINES FILE: waits until the file is there and has so many lines.
func waitFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: waitfor lines file")
	}
	lines, err := strconv.Atoi(args[0])
	ts.Check(err)
	path := ts.MkAbs(args[1])
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(path)
		if err == nil && strings.Count(string(text), "\n") >= lines {
			return
		}
	}
	ts.Fatalf("%s did not get %d lines", args[1], lines)
}

// pictureis FILE DEPTH opaque|transparent exif|plain: the file holds such a picture.
func pictureIs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: pictureis file depth opaque|transparent exif|plain")
	}
	file, err := picture.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	got := []string{strconv.Itoa(file.Depth), "opaque", "plain"}
	if file.Alpha != nil {
		got[1] = "transparent"
	}
	if file.EXIF != nil {
		got[2] = "exif"
	}
	if !slices.Equal(got, args[1:]) {
		ts.Fatalf("%s is %q, want %q", args[0], got, args[1:])
	}
}

// samemeasures MEASURED MANIFEST: the manifest holds what zellige measure printed.
func sameMeasures(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: samemeasures measured manifest")
	}
	var measured measure.Values
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &measured))
	m, err := record.ReadManifest(ts.MkAbs(args[1]))
	ts.Check(err)
	if m.Measures == nil || !reflect.DeepEqual(*m.Measures, measured) {
		ts.Fatalf("measured %+v, the manifest has %+v", measured, m.Measures)
	}
}

type interruptedKey struct{}

// interruptedProcess is the background process that interrupt was used on.
type interruptedProcess struct{ cmd *exec.Cmd }

// interrupt: sends the signal of Ctrl-C to the background process.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	background := ts.BackgroundCmds()
	if neg || len(args) != 0 || len(background) != 1 {
		ts.Fatalf("usage: interrupt, with one process in the background")
	}
	ts.Value(interruptedKey{}).(*interruptedProcess).cmd = background[0]
	if err := background[0].Process.Signal(os.Interrupt); !errors.Is(err, os.ErrProcessDone) { // a second one may come too late
		ts.Check(err)
	}
}

// earlieror EARLIER FILE WxH: the file holds the bytes of the earlier one or a whole
// picture of this size.
func earlierOr(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: earlieror earlier file WxH")
	}
	if ts.ReadFile(args[0]) == ts.ReadFile(args[1]) {
		return
	}
	file, err := picture.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	size := file.Image.Bounds().Size()
	if got := fmt.Sprintf("%dx%d", size.X, size.Y); got != args[2] || file.Warning != "" {
		ts.Fatalf("%s is %s (%s), want %s", args[1], got, file.Warning, args[2])
	}
}

// exitcode CODE: the interrupted process, which was waited for, exited with CODE.
func exitCodeIs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: exitcode code")
	}
	state := ts.Value(interruptedKey{}).(*interruptedProcess).cmd.ProcessState
	if got := strconv.Itoa(state.ExitCode()); got != args[0] {
		ts.Fatalf("it ended with %v, want exit code %s", state, args[0])
	}
}

// losslog FILE LINES LAYERS: the file is a whole log of so many iterations ("+"
// for at least one) of an objective with these style layers ("-" for none).
func lossLogIs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: losslog file lines layers")
	}
	text := ts.ReadFile(args[0])
	if !strings.HasSuffix(text, "}\n") {
		ts.Fatalf("the last line of %s is not whole", filepath.Base(args[0]))
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if want := args[1]; want != "+" && want != strconv.Itoa(len(lines)) {
		ts.Fatalf("%d lines, want %s", len(lines), want)
	}
	seconds := 0.0
	for i, line := range lines {
		l := parseLogLine(ts, line)
		if l.Iteration != i || l.Seconds < seconds {
			ts.Fatalf("line %d is out of order: %s", i+1, line)
		}
		seconds = l.Seconds
		if got := l.layers(); got != args[2] {
			ts.Fatalf("line %d has style layers %s, want %s", i+1, got, args[2])
		}
		if math.Abs(l.Total-l.sum()) > 1e-9*l.Total {
			ts.Fatalf("line %d: total is %g, the sum of the losses %g", i+1, l.Total, l.sum())
		}
	}
}

type parsedLogLine struct {
	Iteration                   int
	Total, Content, TV, Seconds float64
	Style                       map[string]float64
}

func parseLogLine(ts *testscript.TestScript, line string) (l parsedLogLine) {
	d := json.NewDecoder(strings.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil || d.More() {
		ts.Fatalf("not a line of a log: %v: %s", err, line)
	}
	return l
}

func (l parsedLogLine) layers() string {
	if len(l.Style) == 0 {
		return "-"
	}
	var layers []string
	for layer := range l.Style {
		layers = append(layers, layer)
	}
	slices.Sort(layers)
	return strings.Join(layers, ",")
}

func (l parsedLogLine) sum() float64 {
	total := l.Content + l.TV
	for _, x := range l.Style {
		total += x
	}
	return total
}

// samelosses FILE FILE: the first lines of the files hold the same losses, but for
// the iteration and the seconds.
func sameLosses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: samelosses file file")
	}
	var lines [2]parsedLogLine
	for i, file := range args {
		first, _, _ := strings.Cut(ts.ReadFile(file), "\n")
		lines[i] = parseLogLine(ts, first)
		lines[i].Seconds = 0
	}
	if !reflect.DeepEqual(lines[0], lines[1]) {
		ts.Fatalf("%s has %+v, %s has %+v", args[0], lines[0], args[1], lines[1])
	}
}
