//go:build cgo

package runtime

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	goruntime "runtime"
	"time"
	"unsafe"

	ort "github.com/yalue/onnxruntime_go"

	"zellige/runtime/fused"
)

// opened is a cut graph that is open in ONNX Runtime, as one of its kinds of session.
type opened[S interface {
	comparable
	Destroy() error
}] struct {
	ort     S // nil after close
	load    func(model []byte, o *ort.SessionOptions) (S, error)
	cut     *Graph // that it runs
	options *ort.RunOptions
	cancel  *canceller
	threads int
	spin    bool                // the threads, while they wait for each other in a run
	own     *fused.Registration // nil if it uses none
}

// open makes all that close destroys.
func (o *opened[S]) open(cut *Graph, threads int, load func([]byte, *ort.SessionOptions) (S, error)) (err error) {
	if o.options, err = ort.NewRunOptions(); err != nil {
		return fmt.Errorf("make run options: %w", err)
	}
	o.cut, o.threads, o.load, o.cancel = cut, threads, load, newCanceller(o.options)
	return o.reload()
}

// reload opens the graph, perhaps anew, on threads that spin if they are alone.
func (o *opened[S]) reload() (err error) {
	if err := o.unload(); err != nil {
		return err
	}
	o.spin = o.maySpin() && others.alone()
	options, err := sessionOptions(o.threads, o.spin)
	if err != nil {
		return fmt.Errorf("make session options: %w", err)
	}
	defer func() { err = errors.Join(err, options.Destroy()) }() // needed only to make the session
	if o.cut.fused() {
		if o.own, err = fused.Add(libraryPath(), handle(options)); err != nil {
			return fmt.Errorf("add fused operators: %w", err)
		}
	}
	if o.ort, err = o.load(o.cut.Encode(), options); err != nil {
		return fmt.Errorf("ONNX Runtime does not open the graph: %w", err)
	}
	return nil
}

// sessionOptions were measured at sizes 192 to 1024. Threads spin while they wait
// for each other inside a run, which makes a step at 192 pixels 18 % faster and one
// at 512 4 %, and stop when it ends: the loop wants the processors then. Where other
// programs want them too, spinning costs more than it wins ([crowd]), and more threads
// than processors must not. A memory pattern, one block planned for all tensors, is no
// faster and takes half as much memory again.
func sessionOptions(threads int, spin bool) (*ort.SessionOptions, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	spinning := "0"
	if spin {
		spinning = "1"
	}
	err = errors.Join(
		o.SetIntraOpNumThreads(threads),
		o.SetInterOpNumThreads(1),
		o.AddSessionConfigEntry("session.intra_op.allow_spinning", spinning),
		o.AddSessionConfigEntry("session.force_spinning_stop", "1"),
		o.SetMemPattern(false),
		o.SetGraphOptimizationLevel(ort.GraphOptimizationLevelEnableAll),
		o.SetLogSeverityLevel(ort.LoggingLevelFatal),
	)
	if err != nil {
		return nil, errors.Join(err, o.Destroy())
	}
	return o, nil
}

// run calls evaluate, which must run the session with the options. If the threads then
// begin or end to spin, the graph is opened anew; the results are the same.
func (o *opened[S]) run(ctx context.Context, evaluate func(*ort.RunOptions) error) error {
	had, began := processorTime(), time.Now()
	if err := o.cancel.run(ctx, evaluate); err != nil {
		return err
	}
	if !o.maySpin() {
		return nil
	}
	if taken := time.Since(began); o.spin {
		others.noteSpinning(o.threads, taken, processorTime()-had)
	} else {
		others.noteSleeping(taken)
	}
	if o.spin != others.alone() {
		return o.reload()
	}
	return nil
}

// maySpin reports whether there is something to wait for, and a processor for each thread.
func (o *opened[S]) maySpin() bool { return o.threads > 1 && o.threads <= goruntime.NumCPU() }

// close is idempotent and takes what open made only in part.
func (o *opened[S]) close() error {
	err := o.unload()
	if o.options != nil {
		o.cancel.close()
		err = errors.Join(err, o.options.Destroy())
	}
	*o = opened[S]{}
	return err
}

// unload ends the session if there is one.
func (o *opened[S]) unload() error {
	var none S
	var err error
	if o.ort != none {
		err = o.ort.Destroy()
	}
	if o.own != nil {
		o.own.Drop()
	}
	o.ort, o.own = none, nil
	return err
}

// handle is what ONNX Runtime's C interface knows the options by, which the binding keeps
// to itself.
func handle(o *ort.SessionOptions) unsafe.Pointer {
	return reflect.ValueOf(o).Elem().Field(0).UnsafePointer()
}
