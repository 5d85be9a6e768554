package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"zellige"
	"zellige/internal/parameter"
	"zellige/optimize"
	"zellige/picture"
)

// The engine changes whenever the same recipe comes to mean other pixels, so that
// earlier pictures count as out of date. TestEngine notices.
const (
	engine      = 2
	paintEngine = 10 // of recipes with a matching loss, coherent marks or brushwork
)

func engineOf(o *zellige.Options) int {
	if o.Coherence > 0 || o.Brushwork > 0 || o.Objective.Matches() {
		return paintEngine
	}
	return engine
}

// RecipeKey is the key of the text chunk in which a PNG file carries its recipe.
const RecipeKey = "Recipe"

// Recipe is everything that decides the bytes of a picture. It holds no absolute
// path, no time and no number of threads.
type Recipe struct {
	Engine  int    `json:"engine"`
	Command string `json:"command"`
	Preset  string `json:"preset"`
	// Parameters are all values by key, as [parameter.Parameter] gives them.
	Parameters map[string]json.RawMessage `json:"parameters"`
	Schedule   Schedule                   `json:"schedule,omitzero"`
	Range      string                     `json:"range"` // "clip" or "stretch"
	Init       zellige.Init               `json:"init"`
	Relative   bool                       `json:"relative,omitempty"`    // [losses.Objective.Relative]
	Pictures   map[string]HashedFile      `json:"pictures"`              // by role
	Blend      []float64                  `json:"style_blend,omitempty"` // weights of the styles, if they are not equal
	EXIF       bool                       `json:"exif,omitempty"`        // that of the content is in the file
	Graph      string                     `json:"graph_sha256"`
	Library    string                     `json:"library_sha256"`
	MadeBy     Environment                `json:"made_by"`
	// Continued says what had changed each time an interrupted run went on nevertheless:
	// nothing promises the bytes of such a picture.
	Continued []string `json:"continued,omitempty"`
	// Interrupted is how many iterations were done if the picture was saved before its end.
	Interrupted int `json:"interrupted,omitempty"`
}

// Schedule is what a recipe says of the schedule beside the parameters: nothing
// unless the preset is lab.
type Schedule struct {
	Restart     int     `json:"restart,omitempty"`
	RestartRate float64 `json:"restart_rate,omitempty"`
	BoundUntil  int     `json:"bound_until,omitempty"`
}

// HashedFile is an input picture in a recipe.
type HashedFile struct {
	File   string `json:"file"` // as it was named, only its base name if that was absolute
	SHA256 string `json:"sha256"`
}

// NewRecipe describes a picture to be painted from the pictures with the given
// SHA-256 sums, by path.
func NewRecipe(task *Task, t Tool, sums map[string]string) Recipe {
	r := Recipe{
		Engine:     engineOf(&task.Options),
		Command:    task.Command,
		Preset:     task.Preset,
		Parameters: parameters(task.Command, &task.Options),
		Schedule:   newSchedule(task.Options.Schedule),
		Range:      rangeName(task.Options.Range),
		Init:       task.Options.Init,
		Relative:   task.Options.Objective.Relative,
		Pictures:   map[string]HashedFile{},
		Blend:      task.shares(),
		EXIF:       task.KeepsEXIF,
		Graph:      t.Graph,
		Library:    t.Library,
		MadeBy:     t.Environment(),
	}
	for _, s := range task.Sources {
		r.Pictures[s.Role] = HashedFile{portable(s.File), sums[s.Path]}
	}
	return r
}

// marking are the parameters that recipes leave out where they are 0, so that those of before them keep their bytes.
var marking = []string{"coherence", "brushwork"}

// Has reports whether a parameter has a part in the picture, also if the recipe leaves it out.
func (r Recipe) Has(key string) bool {
	unused, _ := UnusedBy(r.Command)
	return r.Parameters[key] != nil || slices.Contains(marking, key) && !slices.Contains(unused, key)
}

// parameters are the values that the command uses.
func parameters(command string, o *zellige.Options) map[string]json.RawMessage {
	values := map[string]json.RawMessage{}
	unused, _ := UnusedBy(command)
	if !o.Objective.Matches() { // so that recipes of before the matching loss keep their bytes
		unused = append(unused, "match_weight", "match_layers", "final_layers", "rotations")
	}
	for _, p := range parameter.All() {
		if slices.Contains(unused, p.Key()) || slices.Contains(marking, p.Key()) && p.Text(o) == "0" {
			continue
		}
		value, err := json.Marshal(p.Value(o))
		if err != nil { // a number that JSON has no way to write
			value, _ = json.Marshal(p.Text(o))
		}
		values[p.Key()] = value
	}
	return values
}

func newSchedule(s optimize.Schedule) Schedule {
	return Schedule{s.Restart, s.RestartRate, s.BoundUntil}
}

func rangeName(r picture.Range) string {
	if r == picture.Stretch {
		return "stretch"
	}
	return "clip"
}

// portable is a path that means the same in another folder or on another system.
func portable(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	if filepath.IsAbs(file) || strings.HasPrefix(file, "/") || strings.Contains(file, ":") {
		return file[strings.LastIndexAny(file, "/:")+1:]
	}
	return filepath.ToSlash(filepath.Clean(file))
}

// JSON is the recipe on one line, always with the same bytes.
func (r Recipe) JSON() []byte {
	data, err := json.Marshal(r)
	if err != nil {
		panic("recipe that is no JSON: " + err.Error()) // RawMessages were checked when read
	}
	return data
}

// Text is what a picture file carries.
func (r Recipe) Text() picture.Text { return picture.Text{Key: RecipeKey, Value: string(r.JSON())} }

// Intent is what the picture depends on by intent: the recipe without the machine
// and the version of the program, which should not matter.
func (r Recipe) Intent() Recipe {
	r.MadeBy, r.Continued = Environment{}, nil
	return r
}

// Asked is what was asked for: the recipe without what paints it.
func (r Recipe) Asked() Recipe {
	r = r.Intent()
	r.Engine, r.Graph, r.Library = 0, "", ""
	return r
}

// styles is the number of its styles.
func (r Recipe) styles() (n int) {
	for r.Pictures[zellige.Role(Style, n)].SHA256 != "" {
		n++
	}
	return n
}

// UnmarshalJSON reads a recipe, also one of an earlier version: a parameter that
// was not there yet has the value that its preset gives it.
func (r *Recipe) UnmarshalJSON(data []byte) error {
	type plain Recipe
	if err := json.Unmarshal(data, (*plain)(r)); err != nil {
		return err
	}
	o, err := zellige.Preset(r.Preset)
	if err != nil || r.Parameters == nil {
		return nil // Options and check tell
	}
	for key, value := range parameters(r.Command, &o) {
		if _, ok := r.Parameters[key]; !ok && !slices.Contains(marking, key) {
			r.Parameters[key] = value
		}
	}
	return nil
}

// ParseRecipe reads what Recipe.JSON wrote.
func ParseRecipe(data []byte) (Recipe, error) {
	var r Recipe
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("the recipe is damaged: %w", err)
	}
	return r, r.check()
}

func (r Recipe) check() error {
	needed := Content
	if r.Command == Synthesize {
		needed = Style
	}
	if r.Engine < 1 || !slices.Contains(Commands(), r.Command) || r.Pictures[needed].SHA256 == "" {
		return fmt.Errorf("the recipe is damaged: it lacks the command or the %s picture", needed)
	}
	return nil
}

// Options are the options that the recipe asks for, as far as this version knows
// them: the schedule is that of its own preset.
func (r Recipe) Options() (o zellige.Options, err error) {
	if o, err = zellige.Preset(r.Preset); err != nil {
		return o, err
	}
	o.Coherence, o.Brushwork = 0, 0 // unless the recipe has them
	for key, value := range r.Parameters {
		p, ok := parameter.Find(key)
		if !ok {
			return o, fmt.Errorf("the recipe has the parameter %s, which this version does not know", key)
		}
		if err := p.Set(&o, parameterText(value)); err != nil {
			return o, err
		}
	}
	o.Init, o.Objective.Relative = r.Init, r.Relative
	if r.Command == Invert {
		o = o.Inversion()
	}
	return o, nil
}

// parameterText is a parameter's JSON value as [parameter.Parameter] reads it.
func parameterText(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(bytes.Trim(value, "[]"))
}
