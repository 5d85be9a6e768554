//go:build cgo

package runtime

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Network is the exported graph, opened in ONNX Runtime.
type Network struct {
	graph   *Graph
	info    *Info
	threads int
	path    string
	version string

	mutex  sync.Mutex
	steps  map[*Step]bool
	closed bool
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
	path, err := FindLibrary(c.Library)
	if err != nil {
		return nil, err
	}
	version, err := acquire(path)
	if err != nil {
		return nil, err
	}
	return &Network{graph: graph, info: info, threads: c.threads(), path: path,
		version: version, steps: map[*Step]bool{}}, nil
}

// Info is what the graph says of itself.
func (n *Network) Info() *Info { return n.info }

// Library returns the path and the version of the ONNX Runtime library.
func (n *Network) Library() (path, version string) { return n.path, n.version }

// Threads is the number of threads that one evaluation uses.
func (n *Network) Threads() int { return n.threads }

// Close closes every step that was prepared and, with the last network of the
// process, unloads the library. No evaluation may be under way.
func (n *Network) Close() error {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	if n.closed {
		return nil
	}
	n.closed = true
	var errs []error
	for s := range n.steps {
		errs = append(errs, s.session.close())
	}
	n.steps = nil
	return errors.Join(append(errs, release())...)
}

// Extract computes features (layers, as [C][h*w]) and Gram matrices of an image.
// The error says which layer the image is too small for.
func (n *Network) Extract(ctx context.Context, image Image, features []int, grams []GramTerm) (Extraction, error) {
	var e Extraction
	h, w := image.Height, image.Width
	in := []slot{imageSlot(image)}
	var out []slot
	for _, l := range features {
		if err := n.info.CheckLayer(l, h, w); err != nil {
			return e, err
		}
		c := n.info.Layers[l].Channels
		fh, fw := n.info.FeatureSize(l, h, w)
		e.Features = append(e.Features, make([]float32, c*fh*fw))
		out = append(out, tensor(feature(l), e.Features[len(e.Features)-1], 1, c, fh, fw))
	}
	for _, t := range grams {
		if err := n.info.CheckLayer(t.Layer, h, w); err != nil {
			return e, err
		}
		c := n.info.Layers[t.Layer].Channels
		e.Grams = append(e.Grams, make([]float32, c*c))
		in = append(in, scalar(styleScale(t.Layer), t.Scale))
		out = append(out, tensor(gram(t.Layer), e.Grams[len(e.Grams)-1], c, c))
	}
	if len(out) == 0 {
		return e, nil
	}
	return e, n.once(ctx, in, out)
}

// once cuts, runs and closes.
func (n *Network) once(ctx context.Context, in, out []slot) (err error) {
	s, err := n.newSession(in, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return s.run(ctx)
}

func (s *session) run(ctx context.Context) error {
	if err := s.cancel.run(ctx, s.ort.RunWithOptions); err != nil {
		return fmt.Errorf("evaluate the network: %w", err)
	}
	return nil
}

// imageSlot feeds the image as [1][3][H][W].
func imageSlot(i Image) slot { return tensor("image", i.Pixels, 1, 3, i.Height, i.Width) }
