package optimize

// Schedule says what changes during the iterations, which are counted from 0.
type Schedule struct {
	Rate        float64 // Adam's learning rate from the start
	Restart     int     // iteration before whose step a fresh Adam begins; negative for never
	RestartRate float64 // learning rate from there on
	Bound       float32 // the pixels are kept in -Bound..Bound, in normalised units
	BoundUntil  int     // iterations from this one on are not bounded
}

// Lab is the schedule of the reference notebook: Adam with learning rate 3, a
// fresh Adam with rate 0.1 at iteration 180, and pixels kept in -1.5..1.5 up to
// and with iteration 189. The iterations are absolute: a run that is shorter
// than 180 never slows down.
func Lab() Schedule {
	return Schedule{Rate: 3, Restart: 180, RestartRate: 0.1, Bound: 1.5, BoundUntil: 190}
}
