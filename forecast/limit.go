package forecast

import (
	"errors"
	"fmt"
	"sort"

	"zellige"
)

// TooLargeError says that a plan takes more memory than it may.
type TooLargeError struct {
	Limit, Needed int64 // in bytes
	Width, Height int   // that are worked at
	Largest       int   // image size that fits; 0 if none does, or the picture has no content
}

func (e *TooLargeError) Error() string { return "the memory limit " + e.Reason() }

// Reason goes behind the name of the limit.
func (e *TooLargeError) Reason() string {
	advice := "make the picture smaller"
	if e.Largest > 0 {
		advice = fmt.Sprintf("the largest image size that fits is %d", e.Largest)
	}
	return fmt.Sprintf("is %s, but a picture of %dx%d pixels needs at least %s; %s",
		mebibytes(e.Limit), e.Width, e.Height, mebibytes(e.Needed), advice)
}

// Fit returns the plan with pieces so small that it takes no more than limit bytes,
// with a twentieth in reserve, if it does not already; lean if it must be. If no
// piece is small enough, the error is a *[TooLargeError], and the plan is lean with
// the smallest pieces there are.
func Fit(p *zellige.Plan, limit int64) (*zellige.Plan, error) {
	fitted, least, err := fit(p, limit)
	if err == nil && least > limit {
		err = tooLarge(p, limit, least, func(smaller *zellige.Plan) (int64, error) {
			_, needed, err := fit(smaller, limit)
			return needed, err
		})
	}
	return fitted, err
}

// Fits reports whether the plan as it is takes no more than limit bytes, with a twentieth in
// reserve.
func Fits(p *zellige.Plan, limit int64) bool { return reserved(p) <= limit }

// Check returns a *[TooLargeError] if the plan does not fit, which says what would.
func Check(p *zellige.Plan, limit int64) error {
	if Fits(p, limit) {
		return nil
	}
	return tooLarge(p, limit, reserved(p), func(smaller *zellige.Plan) (int64, error) { return reserved(smaller), nil })
}

// tooLarge is the error for a plan that needs more than limit bytes; memory says what
// another plan needs.
func tooLarge(p *zellige.Plan, limit, needed int64, memory func(*zellige.Plan) (int64, error)) error {
	e := &TooLargeError{Limit: limit, Needed: needed, Width: p.Working.X, Height: p.Working.Y}
	if p.Pictures.Content == nil && p.Image == nil {
		return e
	}
	e.Largest = zellige.MinSize - 1 + sort.Search(p.Options.ImageSize-zellige.MinSize, func(more int) bool {
		smaller, err := p.With(func(o *zellige.Options) { o.ImageSize = zellige.MinSize + more })
		if err != nil {
			return false
		}
		needed, err := memory(smaller)
		return err == nil && needed > limit
	})
	// The network may be too deep for that size.
	largest, err := p.With(func(o *zellige.Options) { o.ImageSize = max(e.Largest, zellige.MinSize) })
	if err == nil {
		needed, err = memory(largest)
	}
	if err != nil || needed > limit {
		e.Largest = 0
	}
	return e
}

// fit chooses the largest pieces that fit, not lean if it can be, or else the
// smallest there are; least is the memory that the smallest need.
func fit(p *zellige.Plan, limit int64) (fitted *zellige.Plan, least int64, err error) {
	if needed := reserved(p); needed <= limit {
		return p, needed, nil
	}
	fitted, least, err = fitPieces(p, limit)
	if err != nil || least <= limit || p.Options.Lean {
		return fitted, least, err
	}
	lean, err := p.With(func(o *zellige.Options) { o.Lean, o.Piece = true, p.Working.X*p.Working.Y })
	if err != nil {
		return nil, 0, err
	}
	return fitPieces(lean, limit)
}

// fitPieces is fit for a plan that stays lean or not, as it is.
func fitPieces(p *zellige.Plan, limit int64) (fitted *zellige.Plan, least int64, err error) {
	with := func(piece int) (*zellige.Plan, error) {
		return p.With(func(o *zellige.Options) { o.Lean, o.Piece = p.Options.Lean, piece })
	}
	pixels := p.Working.X * p.Working.Y
	smallest := 1 + sort.Search(pixels, func(less int) bool {
		_, err := with(less + 1)
		return err == nil
	})
	if fitted, err = with(smallest); err != nil {
		return nil, 0, err
	}
	if least = reserved(fitted); least > limit {
		return fitted, least, nil
	}
	more := sort.Search(pixels-smallest, func(more int) bool {
		larger, err := with(smallest + more + 1)
		return err != nil || !Fits(larger, limit)
	})
	fitted, err = with(smallest + more)
	return fitted, least, err
}

// reserved is the memory that a plan needs, and a twentieth.
func reserved(p *zellige.Plan) int64 {
	needed := MemoryOf(p).Total
	return needed + needed/20
}

// IsTooLarge returns the *[TooLargeError] in err; nil if absent.
func IsTooLarge(err error) *TooLargeError {
	var e *TooLargeError
	errors.As(err, &e)
	return e
}

// mebibytes rounds up, so that what is said suffices.
func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", (n+1<<20-1)>>20) }
