//go:build cgo

package runtime

import (
	"errors"
	"sync"

	"zellige/runtime/fused"
)

var errNoFused = errors.New("the graph uses fused operators, which are for Linux and macOS; take one of standard operators")

// Network is the exported graph, opened in ONNX Runtime.
type Network struct {
	graph   *Graph
	info    *Info
	threads int
	path    string
	version string

	mutex      sync.Mutex // guards what follows
	evaluators map[*evaluator]bool
	closed     bool
	kept       *extractor     // nil if there is none
	busy       sync.WaitGroup // calls of Extract and Prepare, for which Close waits
}

// Open loads the ONNX Runtime library and reads the graph. The caller must Close
// the network. Errors: *[NotFoundError] and *[UnusableError] for the library, a
// plain one for a model that does not keep the contract.
func Open(c Config) (*Network, error) {
	graph, err := ParseGraph(c.Model)
	if err != nil {
		return nil, err
	}
	info, err := graph.Info()
	if err != nil {
		return nil, err
	}
	if graph.fused() && !fused.Here {
		return nil, errNoFused
	}
	path, err := FindLibrary(c.Library)
	if err != nil {
		return nil, err
	}
	version, err := acquire(path)
	if err != nil {
		return nil, err
	}
	return &Network{graph: graph, info: info, threads: c.threads(), path: path,
		version: version, evaluators: map[*evaluator]bool{}}, nil
}

// Info is what the graph says of itself.
func (n *Network) Info() *Info { return n.info }

// Library returns the path and the version of the ONNX Runtime library.
func (n *Network) Library() (path, version string) { return n.path, n.version }

// Threads is the number of threads that one evaluation uses.
func (n *Network) Threads() int { return n.threads }

// errClosed is what every call but Close returns after Close.
var errClosed = errors.New("the network or the evaluator is closed")

// enter begins a call that needs the library; n.busy.Done ends it.
func (n *Network) enter() error {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if n.closed {
		return errClosed
	}
	n.busy.Add(1)
	return nil
}

// Close closes every evaluator that was prepared and, with the last network of the
// process, unloads the library. It waits for evaluations that are under way and
// is idempotent; other calls return an error afterwards.
func (n *Network) Close() error {
	if !n.leave() {
		return nil
	}
	n.busy.Wait()
	errs := []error{n.keep(nil)}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	for e := range n.evaluators {
		errs = append(errs, e.evaluation.close())
	}
	return errors.Join(append(errs, release())...)
}

// leave notes that the network is closed and reports whether it was open.
func (n *Network) leave() bool {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	open := !n.closed
	n.closed = true
	return open
}
