package picture

import (
	"cmp"
	"encoding/binary"
	goruntime "runtime"
	"sync"
)

// eachRow converts rows 0 to n-1 on all processors, each with a converter of its
// own. A panic, which a damaged profile can bring about in the library, becomes
// an error.
func eachRow(n int, newConverter func() func(y int)) error {
	workers := min(goruntime.GOMAXPROCS(0), n)
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			defer recoverDamage(&errs[w])
			convert := newConverter()
			for y := w * n / workers; y < (w+1)*n/workers; y++ {
				convert(y)
			}
		})
	}
	wait.Wait()
	return cmp.Or(errs...)
}

// memo remembers the conversion of colours. A photograph of 12 megapixels has a
// few hundred thousand colours, and a profile's powers take half a microsecond.
type memo struct {
	convert func(pixel [4]byte) [3]byte
	slots   []memoSlot // each pixel has one slot, which it shares with others
}

type memoSlot struct {
	pixel [4]byte
	rgb   [3]byte
}

const memoBits = 17

func newMemo(convert func(pixel [4]byte) [3]byte) *memo {
	m := &memo{convert, make([]memoSlot, 1<<memoBits)}
	m.slots[0].rgb = convert([4]byte{}) // all other slots hold a pixel that is never looked up there
	return m
}

func (m *memo) of(pixel [4]byte) [3]byte {
	const golden = 2654435761 // Knuth's multiplicative hash: 2^32 over the golden ratio
	slot := &m.slots[binary.LittleEndian.Uint32(pixel[:])*golden>>(32-memoBits)]
	if slot.pixel != pixel {
		*slot = memoSlot{pixel, m.convert(pixel)}
	}
	return slot.rgb
}
