package experiment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zellige/internal/record"
)

// The variables that make this test program a process that runs a file, with a slow
// fake model, and prints which runs it finished.
const (
	childFile  = "EXPERIMENT_TEST_FILE"
	childOut   = "EXPERIMENT_TEST_OUT"
	childLimit = "EXPERIMENT_TEST_LIMIT" // bytes that a file may have
	childDies  = "EXPERIMENT_TEST_DIES"  // by force as soon as this file is there and the picture is measured
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		if err := child(path, os.Getenv(childOut)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(path, out string) error {
	if err := limitFiles(os.Getenv(childLimit)); err != nil {
		return err
	}
	e, err := Load(path, testSetting)
	if err != nil {
		return err
	}
	p, err := e.Plan(out, Request{Tool: testTool})
	if err != nil {
		return err
	}
	return p.Run(context.Background(), fakeModel{delay: time.Millisecond, dies: os.Getenv(childDies)}, Runner{SaveEvery: 5 * time.Millisecond, Tell: func(e Event) {
		switch {
		case e.Kind == Started && e.Iteration > 0:
			fmt.Println("resumed", e.Run.Name)
		case e.Kind == Finished:
			fmt.Println("finished", e.Run.Name)
		case e.Kind == Warned:
			fmt.Println("warning", e.Run.Name, e.Text)
		}
	}})
}

// process starts the file in a process of its own.
func process(t *testing.T, path, out string, env ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program)
	c.Env = append(os.Environ(), childFile+"="+path, childOut+"="+out)
	c.Env = append(c.Env, env...)
	output := &bytes.Buffer{}
	c.Stdout, c.Stderr = output, output
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c, output
}

// TestKilledRunsEndInTheSameBytes kills a process again and again, whatever it is
// doing, until one gets to the end.
func TestKilledRunsEndInTheSameBytes(t *testing.T) {
	path, whole, out := folder(t, smallFile+otherSchedules), t.TempDir(), t.TempDir()
	began := time.Now()
	runAll(t, path, whole)
	took := time.Since(began) // on a busy machine a process comes as far in a longer time
	const kills = 30
	said := ""
	for i := 0; i < kills || i < 10*kills && !strings.Contains(said, "resumed"); i++ {
		c, output := process(t, path, out)
		time.Sleep(20*time.Millisecond + rand.N(took/4))
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err == nil { // it was done before; begin again
			runAll(t, path, out) // tidies up
			compareAll(t, out, whole, "fine", "lbfgs", "coherent")
			out = t.TempDir()
		}
		said += output.String()
	}
	c, output := process(t, path, out)
	if err := c.Wait(); err != nil {
		t.Fatal(err, output)
	}
	said += output.String()
	if seen := runAll(t, path, out); len(seen.list) != 0 {
		t.Errorf("the end was not the end: %v", seen.list)
	}
	if strings.Contains(said, "the saved state") || !strings.Contains(said, "resumed") {
		t.Errorf("a state was not usable, or none was used: %s", said)
	}
	compareAll(t, out, whole, "fine", "lbfgs", "coherent")
}

// otherSchedules are runs for smallFile that keep another state between iterations.
const otherSchedules = `  - {name: fine, preset: gram, style_layers: [1], style_weights: [1], scales: 2, average: 0.9}
  - {name: lbfgs, optimizer: lbfgs, pyramid_levels: 2, scales: 2}
  - {name: coherent, preset: gram, style_layers: [1], style_weights: [1], scales: 2, coherence: 1}
`

// compareAll compares all runs of smallFile and the others named, and looks for what
// must not be left.
func compareAll(t *testing.T, got, want string, others ...string) {
	t.Helper()
	for _, name := range append([]string{"reference", "tv/tv_weight=0", "tv/tv_weight=5"}, others...) {
		comparePictures(t, name, filepath.Join(got, name), filepath.Join(want, name))
		if left := leftovers(filepath.Join(got, name)); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	}
}

// TestProcessesShareAFolder: ten processes, each run is done once, and one that a killed process
// left is finished by another.
func TestProcessesShareAFolder(t *testing.T) {
	path, whole, out := folder(t, smallFile), t.TempDir(), t.TempDir()
	runAll(t, path, whole)
	doomed, _ := process(t, path, out)
	type running struct {
		cmd    *exec.Cmd
		output *bytes.Buffer
	}
	var others []running
	for range 9 {
		c, output := process(t, path, out)
		others = append(others, running{c, output})
	}
	time.Sleep(60 * time.Millisecond)
	if err := doomed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = doomed.Wait() // it was killed, or was done
	all := ""
	for _, o := range others {
		if err := o.cmd.Wait(); err != nil {
			t.Error(err, o.output)
		}
		all += o.output.String()
	}
	for _, name := range []string{"reference", "tv/tv_weight=0", "tv/tv_weight=5"} {
		if n := strings.Count(all, "finished "+name); n > 1 {
			t.Errorf("%s was finished %d times", name, n)
		}
	}
	compareAll(t, out, whole)
}

// TestFullDisk: files cannot grow beyond some size, so that at first the state and
// later the picture does not fit. What was there stays.
func TestFullDisk(t *testing.T) {
	path, whole, out := folder(t, smallFile), t.TempDir(), t.TempDir()
	runAll(t, path, whole)
	runAll(t, path, out)
	before := read(t, out, "reference", record.PictureFile)
	writeText(t, path, strings.Replace(smallFile, "style_weights: [2, 3]", "style_weights: [2, 3], content_weight: 0.1", 1))
	for _, limit := range []string{"100", "500", "900", "2000", "5000"} {
		c, output := process(t, path, out, childLimit+"="+limit)
		if err := c.Wait(); err == nil || !strings.Contains(output.String(), fullDisk) {
			t.Errorf("%s bytes: %v, %s", limit, err, output)
		}
		if !bytes.Equal(before, read(t, out, "reference", record.PictureFile)) {
			t.Errorf("%s bytes: the earlier picture is lost", limit)
		}
		if m, err := record.ReadManifest(filepath.Join(out, "reference")); err != nil || m.Picture.SHA256 != record.Hash(before) {
			t.Errorf("%s bytes: the earlier manifest is lost: %v", limit, err)
		}
	}
	runAll(t, path, whole)
	runAll(t, path, out)
	compareAll(t, out, whole)
}

// TestDeviceWithoutRoom: the first run's picture goes to a device that is always full. The
// others are not begun, and all go on when there is room.
func TestDeviceWithoutRoom(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip(err) // Linux has it
	}
	path, whole, out := folder(t, smallFile), t.TempDir(), t.TempDir()
	runAll(t, path, whole)
	link := filepath.Join(out, "reference", record.PictureFile)
	if err := errors.Join(os.Mkdir(filepath.Dir(link), 0o777), os.Symlink(full, link)); err != nil {
		t.Fatal(err)
	}
	err := plan(t, path, out, Request{}).Run(t.Context(), fakeModel{}, Runner{})
	if !IsFull(err) || strings.Count(err.Error(), "no space left on device") != 1 || !strings.Contains(err.Error(), "reference") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(out, "tv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("another run was begun: %v", err)
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	runAll(t, path, out)
	compareAll(t, out, whole)
}
