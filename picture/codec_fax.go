package picture

import "math/bits"

// faxKind is one of the ways in which TIFF packs black and white pictures
// (TIFF 6.0, sections 10 and 11).
type faxKind int

const (
	faxHuffman faxKind = iota // rows of runs, each beginning with a new byte
	faxRows                   // Group 3: rows of runs behind marks
	faxMixed                  // Group 3: behind each mark a bit tells how the row is packed
	faxGroup4                 // every row as changes to the one above
)

func (p *tiffPage) faxKind() faxKind {
	switch {
	case p.compression == tiffHuffman:
		return faxHuffman
	case p.compression == tiffGroup4:
		return faxGroup4
	case p.number(tagT4Options, 0)&1 != 0:
		return faxMixed
	}
	return faxRows
}

// unpackFax unpacks at most h rows of w pixels (ITU-T T.4 and T.6) to one bit a
// pixel, white 0 and black 1. Of a damaged row of Group 3 the part before the damage
// is read; of other kinds, that row and all below it are missing.
func unpackFax(packed []byte, kind faxKind, w, h int) (rows []byte, damaged bool) {
	f := fax{faxTables: faxCodes(), kind: kind, width: w, packed: packed}
	rowBytes := (w + 7) / 8
	var out []byte
	for range h {
		if !f.row() {
			damaged = true
			if !f.nextMark() {
				break
			}
		}
		row := make([]byte, rowBytes)
		for i := 0; i+1 < len(f.changes); i += 2 {
			blacken(row, f.changes[i], f.changes[i+1])
		}
		if len(f.changes)%2 == 1 {
			blacken(row, f.changes[len(f.changes)-1], w)
		}
		out = append(out, row...)
	}
	return out, damaged
}

// blacken sets the bits [from, to).
func blacken(row []byte, from, to int) {
	for ; from < to && from%8 != 0; from++ {
		row[from/8] |= 0x80 >> (from % 8)
	}
	for ; from+8 <= to; from += 8 {
		row[from/8] = 0xff
	}
	for ; from < to; from++ {
		row[from/8] |= 0x80 >> (from % 8)
	}
}

// fax reads rows. A row is the places at which its colour changes, beginning
// with white: even ones turn black, odd ones white.
type fax struct {
	faxTables
	kind    faxKind
	width   int
	packed  []byte
	at      int // in bits
	above   []int
	passed  int // of the changes above, those that lie left
	changes []int
}

func (f *fax) row() bool {
	f.above, f.changes, f.passed = f.changes, f.above[:0], 0
	switch f.kind {
	case faxHuffman:
		f.at = (f.at + 7) &^ 7
		return f.runs()
	case faxRows:
		f.skipMarks()
		return f.runs()
	case faxMixed:
		if f.skipMarks() && f.take(1) == 0 {
			return f.differences()
		}
		return f.runs()
	}
	return f.differences()
}

// peek returns the next n bits, at most 13; beyond the end there are zeros.
func (f *fax) peek(n int) int {
	v := 0
	for i := range 3 {
		v <<= 8
		if at := f.at/8 + i; at < len(f.packed) {
			v |= int(f.packed[at])
		}
	}
	return v >> (24 - f.at%8 - n) & (1<<n - 1)
}

func (f *fax) take(n int) int {
	v := f.peek(n)
	f.at += n
	return v
}

// skipMarks skips an end of line: eleven zeros or more, and a one. It reports
// whether there was one. At six in a row the picture ends, which a row then shows.
func (f *fax) skipMarks() bool {
	if f.peek(11) != 0 {
		return false
	}
	for f.at < 8*len(f.packed) && f.peek(1) == 0 {
		if f.at%8 == 0 && f.packed[f.at/8] == 0 {
			f.at += 8
			continue
		}
		f.at += min(bits.LeadingZeros8(f.packed[f.at/8]<<(f.at%8)), 8-f.at%8)
	}
	f.at++
	return true
}

// nextMark goes from a damaged place to the next end of line, which only Group 3 has,
// and makes the rest of the row white. There is none where the picture ends.
func (f *fax) nextMark() bool {
	isEnd := len(f.changes) == 0 && f.peek(11) == 0
	if isEnd || f.kind != faxRows && f.kind != faxMixed {
		return false
	}
	f.changes = f.changes[:len(f.changes)&^1]
	for ; f.at < 8*len(f.packed); f.at++ {
		if f.peek(11) == 0 {
			return true
		}
	}
	return false
}

// code reads a code, or reports that there is none.
func (f *fax) code(table faxTable) (value int, ok bool) {
	c := table[f.peek(faxBits)]
	f.at += int(c.length)
	return int(c.value), c.length > 0 && f.at <= 8*len(f.packed)
}

// run reads the length of a run, which several codes may add up to.
func (f *fax) run(black bool) (length int, ok bool) {
	table := f.white
	if black {
		table = f.black
	}
	for length <= f.width {
		n, ok := f.code(table)
		if !ok {
			break
		}
		length += n
		if n < 64 {
			return length, true
		}
	}
	return length, false
}

// runs reads a row of runs, white and black in turn.
func (f *fax) runs() bool {
	for at, black := 0, false; at < f.width; black = !black {
		n, ok := f.run(black)
		at = min(at+n, f.width+1)
		if ok = ok && at <= f.width; ok || black {
			f.change(min(at, f.width))
		}
		if !ok {
			return false
		}
	}
	return true
}

// differences reads a row as changes to the row above (T.4, 4.2).
func (f *fax) differences() bool {
	at, black := 0, false
	for at < f.width {
		mode, ok := f.code(f.modes)
		if !ok {
			return false
		}
		change := f.changeAbove(at, black)
		switch mode {
		case modePass:
			at, f.passed = f.above2(change+1), change+2
			continue
		case modeHorizontal:
			first, ok1 := f.run(black)
			second, ok2 := f.run(!black)
			if !ok1 || !ok2 || at+first+second > f.width {
				return false
			}
			f.change(at + first)
			at += first + second
			f.change(at)
			continue
		}
		to := f.above2(change) + mode
		if to < at || to > f.width {
			return false
		}
		f.change(to)
		at, black = to, !black
	}
	return true
}

// changeAbove is the index of the first change above that lies right of at, or at
// the very beginning, and turns away from the colour.
func (f *fax) changeAbove(at int, black bool) int {
	atStart := at == 0 && len(f.changes) == 0
	for f.passed < len(f.above) && f.above[f.passed] <= at && !atStart {
		f.passed++
	}
	if (f.passed%2 == 1) != black {
		return f.passed + 1
	}
	return f.passed
}

// change notes that the colour changes at a place, also if it changes back there: some
// writers begin a row with runs of no pixels, which the row below can name (libtiff, too,
// counts them).
func (f *fax) change(at int) { f.changes = append(f.changes, at) }

// above2 is where a change above lies; beyond the last is the end of the row.
func (f *fax) above2(i int) int {
	if i < len(f.above) {
		return f.above[i]
	}
	return f.width
}
