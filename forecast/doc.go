// Package forecast foresees the memory and the time that a [zellige.Plan] takes. It
// adds up what the plan says and knows nothing else of the options.
//
// What a process holds for a pixel and what an operation takes are fitted constants,
// with the measurements in the tests; scripts/check_forecast.py measures them again.
//
// # Memory
//
// [MemoryOf] is what a plan takes at most. [Fit] makes a plan's pieces so small that it
// keeps a limit, [Check] refuses a plan that does not, [Fits] asks no more than that.
//
// # Time
//
// Work is time at [Speed] 1, that of the core that the constants were measured on. [Work] is
// that of a plan, [RunWork] that of a plan whose result is measured, too. Before anything is
// painted, work at the speed that [MeasureSpeed] finds is a forecast. While painting goes on,
// a [Workload] knows better: how much work is done, how long the last of it took, and so how
// long the rest takes. It may be that of one plan or of many.
package forecast
