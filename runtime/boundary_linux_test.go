//go:build cgo

package runtime

import (
	"slices"
	"syscall"
	"testing"
	"unsafe"
)

// ONNX Runtime reads and writes through plain pointers, where no sanitizer looks. Here
// everything that an evaluator is given lies against a page that may not be touched: one
// value too far ends the test with a fault.
func TestStepStaysInsideItsSlices(t *testing.T) {
	eachGraph(t, func(t *testing.T, open func(threads int) *Network) {
		n := open(2)
		image, target := noise(1, 37, 29), noise(2, 37, 29) // 29 floats are no whole vectors
		all := everything()
		all.match = all.content
		want, wantGradient := prepare(t, n, all, image, target).evaluate(t)
		for name, place := range map[string]func(testing.TB, []float32) []float32{"start": atStart, "end": atEnd} {
			t.Run(name, func(t *testing.T) {
				o := all.objective(t, n, image.Height, image.Width, target)
				for i := range o.Content {
					o.Content[i].Target = place(t, o.Content[i].Target)
				}
				for i := range o.Match {
					o.Match[i].Target = place(t, o.Match[i].Target)
				}
				for i := range o.Style {
					o.Style[i].Target = place(t, o.Style[i].Target)
				}
				s := prepared{pixels: place(t, image.Pixels), gradient: place(t, make([]float32, len(image.Pixels)))}
				s.evaluator = prepareWith(t, n, o, s.pixels, s.gradient)
				losses, gradient := s.evaluate(t)
				if !slices.Equal(losses, want) || !slices.Equal(gradient, wantGradient) {
					t.Error("another result than in Go's own memory")
				}
			})
		}
	})
}

// atStart copies values to right behind a page that may not be touched.
func atStart(t testing.TB, values []float32) []float32 {
	return copyTo(guarded(t, 4*len(values)), values)
}

// atEnd copies values to right before a page that may not be touched.
func atEnd(t testing.TB, values []float32) []float32 {
	pages := guarded(t, 4*len(values))
	return copyTo(pages[len(pages)-4*len(values):], values)
}

// guarded is memory of whole pages, between two pages that may not be touched.
func guarded(t testing.TB, size int) []byte {
	t.Helper()
	page := syscall.Getpagesize()
	all, err := syscall.Mmap(-1, 0, roundUp(size, page)+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(all); err != nil {
			t.Error(err)
		}
	})
	for _, guard := range [][]byte{all[:page], all[len(all)-page:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return all[page : len(all)-page]
}

func copyTo(memory []byte, values []float32) []float32 {
	s := unsafe.Slice((*float32)(unsafe.Pointer(&memory[0])), len(values))
	copy(s, values)
	return s
}
