package zellige

import (
	"fmt"
	"sort"

	"zellige/runtime"
)

// LimitMemory makes Piece so small that painting takes no more than limit bytes,
// with a twentieth in reserve, if it is not already, and painting Lean if it must be;
// see [Options.Memory], also for errors. If no piece is small enough, it is Lean with
// the smallest, and the error is an *[OptionError] of max-memory that says the least
// limit and the largest size that fits.
func (o *Options) LimitMemory(info *runtime.Info, p Pictures, limit int64) error {
	whole := *o
	least, err := o.fit(info, p, limit)
	if err != nil || least <= limit {
		return err
	}
	return whole.tooLarge(p, limit, least, func(smaller Options) (int64, error) { return smaller.fit(info, p, limit) })
}

// CheckMemory returns the error of [Options.LimitMemory] if painting takes more than
// limit bytes, with a twentieth in reserve, as the options are.
func (o Options) CheckMemory(info *runtime.Info, p Pictures, limit int64) error {
	return o.checkMemory(p, limit, func(o Options) (int64, error) { return o.reserved(info, p) })
}

// checkMemory checks what memory says that is needed, with the reserve.
func (o Options) checkMemory(p Pictures, limit int64, memory func(Options) (int64, error)) error {
	needed, err := memory(o)
	if err != nil || needed <= limit {
		return err
	}
	return o.tooLarge(p, limit, needed, memory)
}

// tooLarge is the error for a picture that needs more than limit bytes; memory says
// what other options need.
func (o *Options) tooLarge(p Pictures, limit, needed int64, memory func(Options) (int64, error)) error {
	size, err := o.WorkingSize(p)
	if err != nil {
		return err
	}
	advice := "make the picture smaller"
	if largest := o.largest(limit, memory); p.Content != nil && largest >= MinSize {
		advice = fmt.Sprintf("the largest image size that fits is %d", largest)
	}
	return &OptionError{Field: "max-memory", Reason: fmt.Sprintf("is %s, but a picture of %dx%d pixels needs at least %s; %s",
		mebibytes(limit), size.X, size.Y, mebibytes(needed), advice)}
}

// largest is the largest size below ImageSize that fits, or less than MinSize.
func (o *Options) largest(limit int64, memory func(Options) (int64, error)) int {
	return MinSize - 1 + sort.Search(o.ImageSize-MinSize, func(more int) bool {
		smaller := *o
		smaller.ImageSize = MinSize + more
		needed, err := memory(smaller)
		return err == nil && needed > limit
	})
}

// fit chooses the largest pieces that fit, not lean if it can be, or else the smallest
// there are, and returns the memory that the smallest need.
func (o *Options) fit(info *runtime.Info, p Pictures, limit int64) (least int64, err error) {
	if needed, err := o.reserved(info, p); err != nil || needed <= limit {
		return needed, err
	}
	if least, err = o.fitPieces(info, p, limit); err != nil || least <= limit || o.Lean {
		return least, err
	}
	o.Lean = true
	return o.fitPieces(info, p, limit)
}

// reserved is the memory that is needed, with the reserve.
func (o *Options) reserved(info *runtime.Info, p Pictures) (int64, error) {
	m, err := o.Memory(info, p)
	return withReserve(m.Total), err
}

// withReserve adds a twentieth.
func withReserve(bytes int64) int64 { return bytes + bytes/20 }

// fitPieces is fit without a choice but of pieces.
func (o *Options) fitPieces(info *runtime.Info, p Pictures, limit int64) (least int64, err error) {
	memory := func(piece int) (int64, error) {
		pieces := *o
		pieces.Piece = piece
		return pieces.reserved(info, p)
	}
	size, err := o.WorkingSize(p)
	if err != nil {
		return 0, err
	}
	pixels := size.X * size.Y
	// Pieces that are too small are an error.
	smallest := 1 + sort.Search(pixels, func(less int) bool {
		_, err := memory(less + 1)
		return err == nil
	})
	if least, err = memory(smallest); err != nil {
		return 0, err
	}
	o.Piece = smallest
	if least <= limit {
		o.Piece += sort.Search(pixels-smallest, func(more int) bool {
			needed, err := memory(smallest + more + 1)
			return err != nil || needed > limit
		})
	}
	return least, nil
}

// mebibytes rounds up, so that what is said suffices.
func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", (n+1<<20-1)>>20) }
