package zellige_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	goruntime "runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"zellige"
	"zellige/internal/shorttest"
	"zellige/picture"
)

// longVariable is how many transfers TestLong does; make attack asks for 300.
const longVariable = "ZELLIGE_LONG"

func smallPictures(t *testing.T) (zellige.Pictures, zellige.Options) {
	t.Helper()
	o, err := zellige.Preset("lab")
	if err != nil {
		t.Fatal(err)
	}
	o.ImageSize, o.StyleSize, o.Iterations = 32, 32, 20
	return zellige.Pictures{Content: readPicture(t, "lion.png"), Style: readPicture(t, "great-wave.png")}, o
}

func readPicture(t *testing.T, name string) image.Image {
	t.Helper()
	img, err := picture.Read("testdata/pictures/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func pixels(t *testing.T, n zellige.Network, p zellige.Pictures, o zellige.Options) []byte {
	t.Helper()
	r, err := zellige.Transfer(context.Background(), n, p, o)
	if err != nil {
		t.Error(err)
		return nil
	}
	return pix(t, r.Image)
}

func pix(t *testing.T, img image.Image) []byte {
	t.Helper()
	nrgba, ok := img.(*image.NRGBA)
	if !ok {
		t.Fatalf("the result is a %T", img)
	}
	return nrgba.Pix
}

// TestTransfersAtOnce: each gives the bytes that it gives alone, whatever its size
// and whoever is cancelled beside it.
func TestTransfersAtOnce(t *testing.T) {
	n := zellige.OpenNetwork(t)
	p, o := smallPictures(t)
	other := o
	other.ImageSize, other.Seed, other.Init = 40, 7, zellige.InitNoise
	wants := [][]byte{pixels(t, n, p, o), pixels(t, n, p, other)}
	for range 5 {
		var group sync.WaitGroup
		for i, options := range []zellige.Options{o, other} {
			group.Go(func() {
				if !bytes.Equal(pixels(t, n, p, options), wants[i]) {
					t.Errorf("transfer %d gives other bytes beside another one", i)
				}
			})
		}
		group.Go(func() { cancelHalfway(t, n, p, o) })
		group.Wait()
	}
}

func cancelHalfway(t *testing.T, n zellige.Network, p zellige.Pictures, o zellige.Options) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o.Progress = func(s zellige.Step) {
		if s.Iteration == s.Iterations/2 {
			cancel()
		}
	}
	r, err := zellige.Transfer(ctx, n, p, o)
	if !errors.Is(err, context.Canceled) || r.Iterations >= o.Iterations {
		t.Errorf("cancelled: %v", err)
	}
}

// TestLong paints again and again in one process: nothing may pile up.
func TestLong(t *testing.T) {
	shorttest.Skip(t)
	count := 40
	if text := os.Getenv(longVariable); text != "" {
		var err error
		if count, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TMPDIR", t.TempDir())
	n := zellige.OpenNetwork(t)
	p, o := smallPictures(t)
	var early usage
	for i := 1; i <= count; i++ {
		pixels(t, n, p, o)
		cancelHalfway(t, n, p, o)
		if i == 10 {
			early = measure(t)
		}
		if i%(count/4) == 0 {
			t.Logf("after %d: %v", i, measure(t))
		}
	}
	late := measure(t)
	t.Logf("after 10: %v", early)
	if late.goroutines > early.goroutines || late.files > early.files || late.temporary > 0 {
		t.Errorf("something piles up: %v, then %v", early, late)
	}
	const noise = 12 // MiB
	if late.memory > early.memory+noise {
		t.Errorf("memory grows: %v, then %v", early, late)
	}
}

// usage is what this process uses.
type usage struct {
	memory     int // MiB resident after a collection, 0 where the system does not tell
	goroutines int
	files      int // open
	temporary  int // left in the folder of temporary files
}

func (u usage) String() string {
	return fmt.Sprintf("%d MiB, %d goroutines, %d open files, %d temporary files", u.memory, u.goroutines, u.files, u.temporary)
}

func measure(t *testing.T) usage {
	t.Helper()
	debug.FreeOSMemory()
	time.Sleep(10 * time.Millisecond) // goroutines on their way out
	u := usage{goroutines: goruntime.NumGoroutine()}
	files, _ := os.ReadDir("/proc/self/fd")
	temporary, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	u.files, u.temporary = len(files), len(temporary)
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		var kibibytes int
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kibibytes); n == 1 {
			u.memory = kibibytes >> 10
		}
	}
	return u
}
