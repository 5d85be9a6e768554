package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"zellige/internal/file"
	"zellige/measure"
)

// The files in a run's folder.
const (
	PictureFile  = "picture.png"
	LogFile      = "log.jsonl"
	ManifestFile = "manifest.json"
	FramesFolder = "frames"
	DivergedFile = "diverged.png" // of a run that failed: the last picture whose losses were finite
)

// manifestFormat is the version of the manifest's layout.
const manifestFormat = 1

// maxManifestBytes bounds what is read.
const maxManifestBytes = 16 << 20

// Manifest says how a picture was painted and what came out.
type Manifest struct {
	Format     int               `json:"format"`
	Name       string            `json:"name"`
	Title      string            `json:"title,omitempty"`
	Recipe     Recipe            `json:"recipe"`
	Picture    Output            `json:"picture"`
	Paths      map[string]string `json:"paths"` // absolute, of the pictures by role and of the library
	Threads    int               `json:"threads"`
	Iterations int               `json:"iterations"`
	Losses     FirstAndLast      `json:"losses"`
	Seconds    float64           `json:"seconds"` // of the iterations, over all interruptions
	Resumed    int               `json:"resumed"` // how often the run went on after an interruption
	Frames     int               `json:"frames,omitempty"`
	Finished   time.Time         `json:"finished"`
	// Measures are of the picture as it was written; nil if it is older than they are.
	Measures *measure.Values `json:"measures,omitempty"`

	path string
}

// Output is the painted picture.
type Output struct {
	File   string `json:"file"` // beside the manifest
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

// FirstAndLast are the losses of the first and of the last evaluation, the last
// one before the last step moved the pixels.
type FirstAndLast struct {
	First LossSums `json:"first"`
	Last  LossSums `json:"last"`
}

// Folder is where the manifest was read from, with its picture and log.
func (m *Manifest) Folder() string { return filepath.Dir(m.path) }

// ReadManifest reads the manifest at path, or in the folder path.
func ReadManifest(path string) (*Manifest, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, ManifestFile)
	}
	data, err := file.Read(path, maxManifestBytes)
	if err != nil {
		return nil, fmt.Errorf("manifest %q: %w", path, err)
	}
	m, err := parseManifest(data)
	if err != nil {
		return nil, fmt.Errorf("manifest %q: %w", path, err)
	}
	m.path = path
	return m, nil
}

func parseManifest(data []byte) (*Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("it is damaged: %w", err)
	}
	switch {
	case m.Format > manifestFormat:
		return nil, fmt.Errorf("its format is %d, this version reads up to %d; use a newer zellige", m.Format, manifestFormat)
	case m.Format < 1 || m.Picture.SHA256 == "" || m.Picture.File != filepath.Base(m.Picture.File):
		return nil, errors.New("it is damaged: it does not name its picture")
	}
	return &m, m.Recipe.check()
}

// Write writes the manifest to path in the present format. The file is complete or
// not there.
func (m *Manifest) Write(path string) error {
	m.Format = manifestFormat
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("manifest %q: %w", path, err)
	}
	m.path = path
	return file.WriteBytes(path, append(data, '\n'))
}

// Manifests reads all manifests below a folder, by path. Damaged ones are left out and
// told in the error. An error of visit, which gets them, ends the search.
func Manifests(folder string, visit func(*Manifest) error) error {
	var damaged []error
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || d.Name() != ManifestFile {
			return nil
		}
		m, err := ReadManifest(path)
		if err != nil {
			damaged = append(damaged, err)
			return nil
		}
		return visit(m)
	})
	return errors.Join(append(damaged, err)...)
}
