package report

import (
	"bytes"
	"encoding/json"
	"io"
	"os"

	"zellige/experiment"
	"zellige/picture"
)

// MeasuresFile is where a run's measures are kept, beside its manifest.
const MeasuresFile = "measures.json"

// measuresVersion changes whenever a measure comes to mean something else.
const measuresVersion = 1

// Measures are what can be said of a painted picture without looking at it. All
// are of the file as it was written.
type Measures struct {
	Version int    `json:"version"`
	Picture string `json:"picture_sha256"` // that was measured
	// StyleDistance is |G - A| / |C - A| by layer, with the Gram matrices G of the
	// picture, A of the style and C of the content (Frobenius norms): 1 is as far
	// from the style as the content picture, 0 is there.
	StyleDistance map[int]experiment.Number `json:"style_distance,omitempty"`
	// ContentDistance is the mean squared distance of features, normalised to unit
	// length at each place, between picture and content, by layer: 0 to 2.
	ContentDistance map[int]experiment.Number `json:"content_distance,omitempty"`
	// SSIM is the structural similarity of the luma of picture and content
	// (Wang et al. 2004): 1 for equal pictures.
	SSIM *experiment.Number `json:"ssim,omitempty"`
	// ColorDistance is the Wasserstein distance of the channels' histograms to
	// those of the picture of each role, in levels of 0 to 255.
	ColorDistance map[string]experiment.Number `json:"color_distance,omitempty"`
	// TV is the total variation, with weight 1, on the normalised image.
	TV experiment.Number `json:"tv"`
}

// judges are layers that no objective of the lab report uses.
var judges = []int{9, 12}

// contentLayers are those whose mean is the content distance.
var contentLayers = []int{4, 7, 9, 12}

// meanContentDistance is the mean over contentLayers; false if one was not measured.
func (m *Measures) meanContentDistance() (float64, bool) {
	sum := 0.0
	for _, l := range contentLayers {
		d, ok := m.ContentDistance[l]
		if !ok {
			return 0, false
		}
		sum += float64(d)
	}
	return sum / float64(len(contentLayers)), true
}

// readMeasures returns what was measured of a run's picture earlier, nil if nothing
// was or if it was another picture.
func readMeasures(run *Run) *Measures {
	data, err := os.ReadFile(run.path(MeasuresFile))
	if err != nil {
		return nil
	}
	var m Measures
	if json.Unmarshal(data, &m) != nil || m.Version != measuresVersion || m.Picture != run.Picture.SHA256 {
		return nil
	}
	return &m
}

// write keeps the measures beside the manifest, so that the next report is quick.
func (m *Measures) write(path string) error {
	return picture.WriteFileAtomic(path, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(m.json()))
		return err
	})
}

func (m *Measures) json() []byte {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic("measures that are no JSON: " + err.Error()) // Number writes what JSON lacks as null
	}
	return append(data, '\n')
}
