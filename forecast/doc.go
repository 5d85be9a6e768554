// Package forecast foresees the memory and the time that a [zellige.Plan] takes. It
// adds up what the plan says and knows nothing else of the options.
//
// What a process holds for a pixel and what an operation takes are fitted constants,
// with the measurements in the tests; scripts/check_forecast.py measures them again.
package forecast
