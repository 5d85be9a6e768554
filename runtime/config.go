package runtime

import (
	"errors"
	goruntime "runtime"
)

// ErrNoCgo says that this program was built without cgo and so without ONNX
// Runtime.
var ErrNoCgo = errors.New("this zellige was built without cgo and cannot run ONNX Runtime; build it with CGO_ENABLED=1 and a C compiler")

// Config says what Open opens.
type Config struct {
	Model   []byte // an ONNX file that keeps the contract; not changed afterwards
	Library string // file or folder of the ONNX Runtime library, "" to search for it
	Threads int    // of one evaluation; 0 for all processors that this process may use
}

func (c Config) threads() int {
	if c.Threads > 0 {
		return c.Threads
	}
	return goruntime.GOMAXPROCS(0)
}
