package picture

// gifMaxWidth is the length of the longest code, in bits.
const gifMaxWidth = 12

// unpackGIF undoes LZW (GIF89a, appendix F) of pixels of so many bits, 1 to 11, and
// returns n pixels; fewer only where the end is marked.
func unpackGIF(packed []byte, bits, n int) ([]byte, error) {
	clearCode := 1 << bits
	known := make([]span, clearCode+2, 1<<gifMaxWidth) // what a code beyond these two stands for
	var out []byte
	var last span // what the code before stood for
	width, at := bits+1, 0
	for len(out) < n {
		code, ok := gifCode(packed, at, width)
		at += width
		begin := len(out)
		switch {
		case !ok:
			return nil, errEndsEarly
		case code == clearCode+1:
			return out, nil
		case code == clearCode:
			known, last, width = known[:clearCode+2], span{}, bits+1
			continue
		case code < clearCode:
			out = append(out, byte(code))
		case code < len(known):
			out = append(out, out[known[code].begin:known[code].end]...)
		case code == len(known) && last.end > 0:
			out = append(out, out[last.begin:last.end]...)
			out = append(out, out[begin])
		default:
			return nil, errDamaged
		}
		if last.end > 0 && len(known) < cap(known) {
			known = append(known, span{last.begin, last.end + 1}) // the string before, and the pixel behind it
		}
		if len(known) == 1<<width && width < gifMaxWidth {
			width++
		}
		last = span{begin, len(out)}
	}
	return out[:n], nil
}

// span is the part [begin, end) of what is unpacked.
type span struct{ begin, end int }

// gifCode reads a code that begins at a bit, the lowest first.
func gifCode(packed []byte, at, width int) (code int, ok bool) {
	if at+width > 8*len(packed) {
		return 0, false
	}
	for i := range 3 {
		if j := at/8 + i; j < len(packed) {
			code |= int(packed[j]) << (8 * i)
		}
	}
	return code >> (at % 8) & (1<<width - 1), true
}
