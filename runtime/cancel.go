//go:build cgo

package runtime

import (
	"context"

	ort "github.com/yalue/onnxruntime_go"
)

// canceller ends a run of ONNX Runtime in its middle when a context is done. It
// is one goroutine for the life of a session, so that a run costs no allocation.
type canceller struct {
	options *ort.RunOptions
	watch   chan context.Context
	finish  chan struct{}
	fired   chan bool
}

func newCanceller(options *ort.RunOptions) *canceller {
	c := &canceller{options, make(chan context.Context), make(chan struct{}), make(chan bool)}
	go c.loop()
	return c
}

func (c *canceller) loop() {
	for ctx := range c.watch {
		select {
		case <-ctx.Done():
			_ = c.options.Terminate() // fails only for destroyed options
			<-c.finish
			c.fired <- true
		case <-c.finish:
			c.fired <- false
		}
	}
}

// run calls evaluate, which must use the options, and ends it when ctx is done: the
// error is then the context's. ONNX Runtime notices between two operators.
func (c *canceller) run(ctx context.Context, evaluate func(*ort.RunOptions) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.watch <- ctx
	err := evaluate(c.options)
	c.finish <- struct{}{}
	if !<-c.fired {
		return err
	}
	// The flag is sticky: every later run would end at once.
	_ = c.options.UnsetTerminate()
	return ctx.Err()
}

// close ends the goroutine. No run may be under way.
func (c *canceller) close() { close(c.watch) }
