package experiment

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"zellige"
	"zellige/internal/file"
	"zellige/internal/record"
	"zellige/measure"
	"zellige/picture"
)

// finish puts picture, log, frames and at last the manifest in their places. Until
// then the state stays, so that a process that dies here leaves a run that goes on.
func (j *job) finish(ctx context.Context, r *zellige.Result, p *zellige.Pictures) (*record.Manifest, error) {
	if err := j.log.finish(j.path(record.LogFile)); err != nil {
		return nil, err
	}
	if err := picture.Write(j.path(record.PictureFile), r.Image, j.run.Recipe.Text()); err != nil {
		return nil, err
	}
	if err := j.finishFrames(r); err != nil {
		return nil, err
	}
	m, err := j.manifest(r)
	if err != nil {
		return nil, err
	}
	if m.Measures, err = j.measure(ctx, r.Image, p); err != nil {
		return nil, err
	}
	if err := m.Write(j.path(record.ManifestFile)); err != nil {
		return nil, err
	}
	return m, removeState(j.run.Folder)
}

// measure leaves out what a picture is too small for, or the network too shallow.
func (j *job) measure(ctx context.Context, img image.Image, p *zellige.Pictures) (*measure.Values, error) {
	values, err := measure.All(ctx, j.workers.model, img, p.Content, onlyStyle(p.Styles))
	if refused := (*zellige.PictureError)(nil); err != nil && !errors.As(err, &refused) {
		return nil, fmt.Errorf("measure the picture: %w", err)
	}
	return &values, nil
}

// onlyStyle is the one that has a weight, nil if several have: how near a picture is
// to a blend is not measured.
func onlyStyle(styles []zellige.Style) (only image.Image) {
	for _, s := range styles {
		if s.Weight > 0 && only != nil {
			return nil
		}
		if s.Weight > 0 {
			only = s.Image
		}
	}
	return only
}

func (j *job) manifest(r *zellige.Result) (*record.Manifest, error) {
	output, err := describeOutput(j.path(record.PictureFile))
	if err != nil {
		return nil, err
	}
	output.Width, output.Height = r.Image.Bounds().Dx(), r.Image.Bounds().Dy()
	m := &record.Manifest{
		Name:       j.run.Name,
		Title:      j.run.Title,
		Recipe:     j.run.Recipe,
		Picture:    output,
		Paths:      map[string]string{"onnxruntime": absolute(j.workers.plan.Tool.LibraryPath)},
		Threads:    j.workers.plan.Tool.Threads,
		Iterations: r.Iterations,
		Losses:     record.FirstAndLast{First: *j.first, Last: record.NewLossSums(r.Last)},
		Seconds:    j.seconds() + r.Elapsed.Seconds(),
		Resumed:    j.resumed(),
		Frames:     j.frames,
		Finished:   time.Now().UTC().Truncate(time.Second),
	}
	for _, s := range j.run.Sources {
		m.Paths[s.Role] = absolute(s.Path)
	}
	return m, nil
}

func describeOutput(path string) (record.Output, error) {
	sum, err := record.HashFile(path)
	if err != nil {
		return record.Output{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return record.Output{}, err
	}
	return record.Output{File: filepath.Base(path), SHA256: sum, Bytes: info.Size()}, nil
}

func absolute(path string) string {
	if a, err := filepath.Abs(path); err == nil && path != "" {
		return a
	}
	return path
}

// framePath is where the picture after a number of iterations is kept. All names
// of a run have the same length.
func (j *job) framePath(iteration int) string {
	digits := max(4, len(strconv.Itoa(j.run.Options.Iterations)))
	return filepath.Join(j.path(stateFrames), fmt.Sprintf("%0*d.png", digits, iteration))
}

func (j *job) writeFrame(iteration int, img image.Image) error {
	if err := makeFolder(j.path(stateFrames)); err != nil {
		return err
	}
	return picture.Write(j.framePath(iteration), img)
}

// hasFrames reports whether every n-th picture before an iteration is there.
func (j *job) hasFrames(n, before int) bool {
	for t := n; n > 0 && t < before; t += n {
		if !isFile(j.framePath(t)) {
			return false
		}
	}
	return true
}

// finishFrames puts the frames in the place of earlier ones.
func (j *job) finishFrames(r *zellige.Result) error {
	if j.frames == 0 {
		return nil
	}
	if r.Iterations%j.frames == 0 {
		if err := j.writeFrame(r.Iterations, r.Image); err != nil {
			return err
		}
	}
	if err := makeFolder(j.path(stateFrames)); err != nil {
		return err
	}
	if !j.hasFrames(j.frames, r.Iterations) {
		return fmt.Errorf("the frames in %q are gone: %w; run again", j.path(stateFrames), os.ErrNotExist)
	}
	if err := os.RemoveAll(j.path(record.FramesFolder)); err != nil {
		return fmt.Errorf("replace frames: %w", err)
	}
	return os.Rename(j.path(stateFrames), j.path(record.FramesFolder))
}

func makeFolder(path string) error {
	err := os.MkdirAll(path, 0o777)
	if err != nil && !errors.Is(err, os.ErrExist) { // which a stale cache may not have known
		return fmt.Errorf("make folder %q: %w", path, file.Reason(err))
	}
	return nil
}
