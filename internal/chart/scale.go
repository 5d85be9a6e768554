package chart

import (
	"math"
	"slices"
	"strconv"
)

// scale maps values in [low, high] to places between from and to.
type scale struct {
	low, high float64
	log, zero bool
	from, to  float64
}

// zeroGap is the part of an axis before its break.
const zeroGap = 0.2

// scale holds all values, which the axis shows, and is not empty.
func (a Axis) scale(values []float64) scale {
	hasZero := a.Log && slices.Contains(values, 0)
	values = slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return a.Log && v == 0 })
	if len(values) == 0 {
		return scale{low: 1, high: 10, log: a.Log, zero: hasZero}
	}
	s := scale{low: slices.Min(values), high: slices.Max(values), log: a.Log, zero: hasZero}
	if a.FromZero && !a.Log {
		s.low, s.high = min(s.low, 0), max(s.high, 0)
	}
	if s.low == s.high && a.Log {
		s.low, s.high = s.low/2, s.high*2
	} else if s.low == s.high {
		s.low, s.high = s.low-1, s.high+1
	}
	return s
}

// outward moves the ends of a linear scale to round numbers.
func (s scale) outward() scale {
	if !s.log {
		interval := s.interval()
		s.low, s.high = math.Floor(s.low/interval)*interval, math.Ceil(s.high/interval)*interval
	}
	return s
}

// at rounds to a tenth of a unit.
func (s scale) at(v float64) float64 {
	low, high, from := s.low, s.high, s.from
	if s.zero {
		from += zeroGap * (s.to - s.from)
	}
	switch {
	case s.zero && v == 0:
		return s.from
	case s.log:
		low, high, v = math.Log(low), math.Log(high), math.Log(v)
	}
	return math.Round(10*(from+(v-low)/(high-low)*(s.to-from))) / 10
}

// marks are the axis's ticks, at their places.
func (a Axis) marks(s scale) []tick {
	var ticks []tick
	if s.zero {
		ticks = append(ticks, tick{s.from, "0"})
	}
	for _, v := range s.ticks() {
		ticks = append(ticks, tick{s.at(v), shortNumber(v)})
	}
	return ticks
}

// ticks are round numbers: on a logarithmic scale powers of ten, and 2 and 5 times
// them if there are few.
func (s scale) ticks() []float64 {
	if s.log {
		if ticks := s.powers(); len(ticks) > 1 {
			return ticks
		}
	}
	interval := s.interval()
	var ticks []float64
	for i := math.Ceil(s.low / interval); i*interval <= s.high+interval/1e6; i++ {
		ticks = append(ticks, i*interval)
	}
	return ticks
}

func (s scale) powers() []float64 {
	factors := []float64{1}
	if s.high/s.low < 300 {
		factors = []float64{1, 2, 5}
	}
	var ticks []float64
	for e := math.Floor(math.Log10(s.low)); e <= math.Ceil(math.Log10(s.high)); e++ {
		for _, f := range factors {
			if v := f * math.Pow(10, e); v >= s.low && v <= s.high {
				ticks = append(ticks, v)
			}
		}
	}
	return ticks
}

// interval is the distance of about five ticks: 1, 2 or 5 times a power of ten.
func (s scale) interval() float64 {
	least := s.high/5 - s.low/5
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, f := range []float64{1, 2, 5} {
		if f*power >= least {
			return f * power
		}
	}
	return 10 * power
}

// shortNumber is 10k for 10000.
func shortNumber(v float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if math.Abs(v) >= unit.size {
			return strconv.FormatFloat(v/unit.size, 'g', 3, 64) + unit.name
		}
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
