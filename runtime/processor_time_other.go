//go:build !unix

package runtime

import "time"

// processorTime is not known here: threads spin.
func processorTime() time.Duration { return 0 }
