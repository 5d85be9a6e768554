package experiment

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zellige/internal/record"
)

// runShard runs a part of a file and returns what is told.
func runShard(t *testing.T, path, out string, s Shard) *events {
	t.Helper()
	seen := &events{}
	if err := plan(t, path, out, Request{Shard: s}).Run(context.Background(), fakeModel{}, Runner{Tell: seen.add}); err != nil {
		t.Fatal(err)
	}
	return seen
}

// TestAFileThatChangesBetweenTasks: the second task of an array reads another file. It says so,
// paints nothing that is there, and one more start paints what both parts left out.
func TestAFileThatChangesBetweenTasks(t *testing.T) {
	path, whole, out := folder(t, smallFile), t.TempDir(), t.TempDir()
	const warning = "the experiment file has changed since a task began here"
	if seen := runShard(t, path, out, Shard{1, 2}); strings.Contains(seen.warnings(), warning) || seen.count(Finished) != 2 {
		t.Errorf("the first task finished %d: %s", seen.count(Finished), seen.warnings())
	}
	writeText(t, path, strings.Replace(smallFile, "runs:\n", "runs:\n  - {name: first, tv_weight: 3}\n", 1))
	seen := runShard(t, path, out, Shard{2, 2})
	if strings.Count(seen.warnings(), warning) != 1 || seen.count(Started) != 0 {
		t.Errorf("the second task started %d: %s", seen.count(Started), seen.warnings())
	}
	for _, s := range []Shard{{1, 2}, {2, 2}} {
		if seen := runShard(t, path, out, s); strings.Contains(seen.warnings(), warning) {
			t.Errorf("%v once more: %s", s, seen.warnings())
		}
	}
	runAll(t, path, whole)
	compareAll(t, out, whole, "first")
}

// TestClocksDoNotCount: files that are minutes older or younger than they can be change nothing.
func TestClocksDoNotCount(t *testing.T) {
	for _, off := range []time.Duration{-10 * time.Minute, 10 * time.Minute} {
		path, whole, out := folder(t, smallFile), t.TempDir(), t.TempDir()
		runAll(t, path, whole)
		interruptAt(t, plan(t, path, out, Request{Only: []string{"reference"}}), 20)
		runAllOf(t, path, out, "tv")
		err := filepath.WalkDir(out, func(name string, _ os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Chtimes(name, time.Time{}, time.Now().Add(off))
		})
		if err != nil {
			t.Fatal(err)
		}
		seen := runAll(t, path, out)
		if seen.count(Started) != 1 || seen.list[0].Iteration < 20 {
			t.Errorf("clocks off by %v: %d runs started, the first at %d", off, seen.count(Started), seen.list[0].Iteration)
		}
		compareAll(t, out, whole)
	}
}

func runAllOf(t *testing.T, path, out, pattern string) {
	t.Helper()
	if err := plan(t, path, out, Request{Only: []string{pattern}}).Run(context.Background(), fakeModel{}, Runner{}); err != nil {
		t.Fatal(err)
	}
}

// TestKilledAtTheManifest: the process dies between the picture and its manifest. The run goes on
// from its state, and half a manifest is swept away.
func TestKilledAtTheManifest(t *testing.T) {
	path, whole, out := folder(t, smallFile), t.TempDir(), t.TempDir()
	runAll(t, path, whole)
	c, output := process(t, path, out, childDies+"="+filepath.Join(out, "reference", record.PictureFile))
	if err := c.Wait(); err == nil || strings.Contains(output.String(), "finished") {
		t.Fatalf("it was not killed: %v, %s", err, output)
	}
	if _, err := os.Stat(filepath.Join(out, "reference", record.ManifestFile)); err == nil {
		t.Fatal("there is a manifest")
	}
	writeText(t, filepath.Join(out, "reference", ".zellige-1.tmp"), `{"name": "refer`)
	seen := runAll(t, path, out)
	if first := seen.list[0]; first.Kind != Started || first.Iteration == 0 || seen.count(Started) != 3 {
		t.Errorf("then %d runs started, the first at %d: %s", seen.count(Started), first.Iteration, seen.warnings())
	}
	compareAll(t, out, whole)
}

// TestLostLocks: a file system loses locks, so that two processes paint the same runs at the same
// time. Neither fails, and each run is whole in the end, with a log of one piece.
func TestLostLocks(t *testing.T) {
	path, whole := folder(t, smallFile+otherSchedules), t.TempDir()
	runAll(t, path, whole)
	twice := 0
	for range 4 {
		out := t.TempDir()
		ended := make(chan bool)
		go loseLocks(out, ended)
		first, firstOutput := process(t, path, out)
		second, secondOutput := process(t, path, out)
		for _, c := range []*exec.Cmd{first, second} {
			if err := c.Wait(); err != nil {
				t.Error(err, firstOutput, secondOutput)
			}
		}
		close(ended)
		twice += strings.Count(firstOutput.String()+secondOutput.String(), "finished ") - 6
		if seen := runAll(t, path, out); seen.count(Started) > 0 {
			t.Errorf("%d runs were left to paint", seen.count(Started))
		}
		compareAll(t, out, whole, "fine", "lbfgs", "coherent")
	}
	t.Logf("%d runs were painted twice", twice)
}

// loseLocks removes the locks in a folder again and again, so that whoever comes next gets one too.
func loseLocks(folder string, ended <-chan bool) {
	for {
		select {
		case <-ended:
			return
		case <-time.After(time.Millisecond):
		}
		for _, pattern := range []string{"*/.lock", "*/*/.lock"} {
			locks, _ := filepath.Glob(filepath.Join(folder, pattern))
			for _, l := range locks {
				_ = os.Remove(l)
			}
		}
	}
}

// TestFolderThatIsTakenAway: without what was done before, a new folder in its place would not be
// whole, though nothing failed.
func TestFolderThatIsTakenAway(t *testing.T) {
	path, out := folder(t, smallFile), filepath.Join(t.TempDir(), "out")
	finished := 0
	err := plan(t, path, out, Request{}).Run(context.Background(), fakeModel{}, Runner{Tell: func(e Event) {
		if e.Kind != Finished {
			return
		}
		if finished++; finished == 1 {
			if err := os.Rename(out, out+"-moved"); err != nil {
				t.Error(err)
			}
		}
	}})
	if err == nil || !strings.Contains(err.Error(), "does not exist any more") || finished != 1 {
		t.Errorf("%v after %d runs", err, finished)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("there is another folder in its place")
	}
}
