package runtime

import "slices"

// window is what is read along one axis.
type window struct{ side, reach, stride, before, after int64 }

// room is how far the first window is from the end; negative if there is no whole one.
func (w window) room() int64 { return w.side + w.before + w.after - w.reach }

// whole is how many whole windows there are; fewer than none if there is no room for one.
func (w window) whole() int64 {
	if w.room() < 0 {
		return -1
	}
	return w.room()/w.stride + 1
}

// begun is how many windows there are that begin on the map or in front of it.
func (w window) begun() int64 {
	last := w.room() / w.stride
	if w.room() > 0 {
		last = (w.room() + w.stride - 1) / w.stride
	}
	if last*w.stride >= w.side+w.before {
		last--
	}
	return last + 1
}

// convSizes: a kernel [outputs][inputs / groups][rows][columns].
func convSizes(a *applied) []known {
	kernel := a.in[1].sides
	a.fits(len(kernel) == 4)
	return a.windows(kernel[0], kernel[2:], window.whole)
}

// convTransposeSizes: a kernel [inputs][outputs / groups][rows][columns].
func convTransposeSizes(a *applied) []known {
	kernel, group := a.in[1].sides, a.number("group", 1)
	a.fits(len(kernel) == 4 && 1 <= group && group <= mostWindow)
	return a.windows(kernel[1]*group, kernel[2:], func(w window) int64 {
		return (w.side-1)*w.stride + w.reach - w.before - w.after
	})
}

func poolSizes(a *applied) []known {
	x, kernel, size := a.in[0].sides, a.ints["kernel_shape"], window.whole
	a.fits(len(x) == 4 && len(kernel) == 2)
	if a.number("ceil_mode", 0) != 0 {
		size = window.begun
	}
	return a.windows(x[1], kernel, size)
}

// mostWindow is how large a kernel, stride, dilation or padding may be.
const mostWindow = 1 << 16

// windows is what an operator makes that reads windows of kernel places: so many channels,
// with the sides that size tells.
func (a *applied) windows(channels int64, kernel []int64, size func(window) int64) []known {
	x, strides, dilations, pads := a.in[0].sides, a.list("strides", 1, 1), a.list("dilations", 1, 1), a.list("pads", 0, 0, 0, 0)
	a.fits(len(x) == 4 && len(strides) == 2 && len(dilations) == 2 && len(pads) == 4)
	numbers := slices.Concat(kernel, strides, dilations)
	a.fits(slices.Min(numbers) > 0 && slices.Min(pads) >= 0 && slices.Max(append(numbers, pads...)) <= mostWindow)
	y := []int64{x[0], channels}
	for i, side := range x[2:] {
		y = append(y, size(window{side, (kernel[i]-1)*dilations[i] + 1, strides[i], pads[i], pads[i+2]}))
	}
	return []known{{sides: y}}
}
