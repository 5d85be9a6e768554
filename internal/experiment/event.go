package experiment

import (
	"zellige"
	"zellige/internal/record"
)

// EventKind says what happened.
type EventKind int

// What happens to runs.
const (
	Started   EventKind = iota // from the beginning, or from Event.Iteration on
	Stepped                    // an iteration was evaluated
	Warned                     // see Event.Text
	Postponed                  // another process is at it; it is looked at again in the end
	Waiting                    // another process is at it still
	Left                       // another process is at it, and keeps it
	Finished                   // painted here
	Skipped                    // another process finished it
	Stopped                    // interrupted; it can go on from Event.Iteration
	Failed                     // see Event.Err
)

// Event tells what happens while a plan runs.
type Event struct {
	Kind      EventKind
	Run       *Planned
	Iteration int          // of Started, Stepped and Stopped
	Step      zellige.Step // of Stepped
	Text      string
	Err       error
	Manifest  *record.Manifest // of Finished
}
