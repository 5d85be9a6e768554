package experiment

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zellige"
	"zellige/internal/parameter"
	"zellige/internal/record"
	"zellige/picture"
)

// build turns the drafts into runs and checks what depends on several keys. What
// only follows from problems that were told already is not told.
func (r *reader) build() {
	r.misread, *r.problems = *r.problems, nil
	if !r.isMisread(keyCommand) && !r.isMisread(keyPreset) && !r.isMisread("defaults") {
		count := 0
		for _, d := range r.drafts {
			count += len(d.variants)
		}
		r.runs = make([]Run, 0, count)
		for i := range r.drafts {
			r.buildRuns(&r.drafts[i])
		}
		r.problems.addNameProblems(r.runs)
		r.checkClaims()
	}
	found := slices.DeleteFunc(*r.problems, func(p Problem) bool { return p.Key != "name" && r.isMisread(p.Key) })
	*r.problems = append(r.misread, found...)
}

// isMisread reports whether there was a problem already that may cause one with key.
func (r *reader) isMisread(key string) bool {
	return slices.ContainsFunc(r.misread, func(p Problem) bool { return sameSubject(p.Key, key) })
}

// beginning is what the options of a draft's runs begin with: a command and a preset, "" if
// none is given.
type beginning struct{ command, preset string }

// buildRuns builds the runs of a draft, which may be 100,000: what they share is worked out once.
func (r *reader) buildRuns(d *draft) {
	if d.name == "" {
		return
	}
	shared := merge(r.defaults, d.own)
	begun := map[beginning]zellige.Options{}
	for i := range d.variants {
		r.runs = append(r.runs, r.buildRun(d, &d.variants[i], shared, begun))
	}
}

// sameSubject reports whether a problem with one key may cause one with the other.
func sameSubject(a, b string) bool {
	lists := []string{"style_layers", "style_weights"}
	return a == b || slices.Contains(lists, a) && slices.Contains(lists, b)
}

// buildRun turns a variant of a draft into a run: its command and preset, then, each over the
// one before, the defaults, the draft's own settings and the variant's, then its pictures.
func (r *reader) buildRun(d *draft, v *variant, shared settings, begun map[beginning]zellige.Options) Run {
	all := merge(shared, v.settings)
	run := Run{Name: d.name, Title: d.title, Line: d.line, likeness: likeness{d.number, v.class}, Task: record.Task{Command: record.Transfer}}
	if v.name != "" {
		run.Name += "/" + v.name
	}
	if c, ok := all[keyCommand]; ok {
		run.Command = c.text
	}
	run.Preset = presetOf(run.Command, all)
	r.checkCommandKeys(run.Command, d.own, v.settings)
	from := beginning{run.Command, all[keyPreset].text}
	o, ok := begun[from]
	if !ok {
		o = r.begin(&run, from)
		r.change(&run, &o, r.defaults)
		r.change(&run, &o, d.own)
		begun[from] = o
	}
	r.change(&run, &o, v.settings)
	run.Options = r.finish(&run, o, all)
	run.Sources = r.sources(&run, all)
	r.blend(&run, all)
	return run
}

// presetOf is the preset that a run begins with.
func presetOf(command string, all settings) string {
	if p, ok := all[keyPreset]; ok {
		return p.text
	}
	return parameter.PresetOf(command)
}

// checkCommandKeys refuses keys of a run that its command has no use for. The
// defaults may have them, for the other runs.
func (r *reader) checkCommandKeys(command string, own ...settings) {
	unused, hint := record.UnusedBy(command)
	for _, key := range unused {
		for _, settings := range own {
			if s, ok := settings[key]; ok {
				r.problems.add(s.line, key, "is not used by %s; %s", command, hint)
			}
		}
	}
}

// begin are the options of a run's command and preset.
func (r *reader) begin(run *Run, from beginning) zellige.Options {
	if from.command == record.Invert && from.preset == "" {
		return zellige.InversionOptions()
	}
	o, err := zellige.Preset(run.Preset)
	if err != nil {
		r.problems.add(run.Line, keyPreset, "%s", reason(err))
	}
	o.ChooseLayers(r.setting.Network)
	return o
}

// change sets the quality and then the parameters of s. Their types were checked when they
// were read.
func (r *reader) change(run *Run, o *zellige.Options, s settings) {
	r.applyQuality(run, o, s)
	before := o.Objective.Style
	for key, value := range s {
		if p, ok := parameter.Find(key); ok {
			_ = p.Set(o, value.text)
		}
	}
	if layer, ok := s[keyLayer]; ok {
		_ = parameter.Must("content-layer").Set(o, layer.text)
	}
	_, hasLayers := s["style_layers"]
	_, hasWeights := s["style_weights"]
	if hasLayers && !hasWeights {
		style := &o.Objective.Style
		style.Weights = weightsOf(style.Layers, before.Layers, before.Weights)
	}
}

// applyQuality sets what a quality stands for. It is of all presets but lab.
func (r *reader) applyQuality(run *Run, o *zellige.Options, s settings) {
	quality, ok := s[keyQuality]
	if !ok || run.Command == record.Invert {
		return
	}
	if err := parameter.CheckQuality(run.Preset); err != nil {
		r.problems.add(quality.line, keyQuality, "%s", reason(err))
		return
	}
	_ = o.SetQuality(quality.text) // checked when it was read
}

// finish makes the options those of the run's command, and checks them.
func (r *reader) finish(run *Run, o zellige.Options, all settings) zellige.Options {
	if init, ok := all[keyInit]; ok {
		o.Init = parameter.ParseInit(init.text)
	}
	switch run.Command {
	case record.Invert:
		o = o.Inversion()
	case record.Synthesize:
		var err error
		if o, err = o.Texture(); err != nil {
			r.addOptionProblem(run, all, err)
			return o
		}
	}
	if err := o.Check(len(r.setting.Network.Layers)); err != nil {
		r.addOptionProblem(run, all, err)
	}
	return o
}

// weightsOf returns the weights of chosen layers: a layer that had a weight keeps
// it. If one had none, the weights stay as they were.
func weightsOf(chosen, layers []int, weights []float64) []float64 {
	if len(layers) != len(weights) {
		return weights
	}
	var kept []float64
	for _, l := range chosen {
		i := slices.Index(layers, l)
		if i < 0 {
			return weights
		}
		kept = append(kept, weights[i])
	}
	return kept
}

// addOptionProblem finds the line that an option came from.
func (r *reader) addOptionProblem(run *Run, all settings, err error) {
	option := parameter.ErrorIn(err)
	if option == nil {
		r.problems.add(run.Line, "", "%v", err)
		return
	}
	key := option.Key()
	if s, ok := all[keyLayer]; ok && key == "content_layer" {
		r.problems.add(s.line, keyLayer, "%s", option.Reason)
		return
	}
	s, ok := all[key]
	if !ok {
		s.line = run.Line
		if layers, ok := all["style_layers"]; ok && key == "style_weights" {
			s.line = layers.line
		}
	}
	r.problems.add(s.line, key, "%s", option.Reason)
}

// sources finds the pictures of a run.
func (r *reader) sources(run *Run, all settings) record.Sources {
	var sources record.Sources
	for _, key := range pictureKeys(run) {
		s, ok := all[key]
		if !ok && (key == keyMask || len(r.misread) > 0) { // perhaps it was misspelled
			continue
		}
		if !ok {
			r.problems.add(run.Line, key, "is missing: the run %q needs a %s picture; put it there or under defaults", run.Name, key)
			continue
		}
		for i, file := range s.list {
			if file != "" {
				sources = append(sources, record.Source{Role: zellige.Role(key, i), File: file, Path: r.find(key, file, s.line)})
			}
		}
	}
	return sources
}

// pictureKeys are the keys of the pictures that a run may need.
func pictureKeys(run *Run) []string {
	if run.Command == record.Synthesize {
		return []string{keyStyle, keyMask}
	}
	keys := []string{keyContent}
	if run.Command == record.Transfer {
		keys = append(keys, keyStyle, keyMask)
	}
	if run.Options.Init == zellige.InitImage {
		keys = append(keys, keyInit)
	}
	return keys
}

// blend reads the weights of a run's styles.
func (r *reader) blend(run *Run, all settings) {
	if run.Command == record.Invert {
		return
	}
	if s, ok := all[keyBlend]; ok {
		run.Blend, _ = parameter.ParseBlend(s.text) // checked when it was read
	}
	styles, masks := all[keyStyle], all[keyMask]
	if err := record.CheckStyles(len(styles.list), len(masks.list), run.Blend); err != nil && len(styles.list) > 0 {
		r.addOptionProblem(run, all, err)
	}
}

// find returns where a picture is: in the folder of the user's own pictures if it
// is there, else in the experiment's.
func (r *reader) find(key, file string, line int) string {
	if path, ok := r.found[file]; ok {
		return path
	}
	path := record.Within(r.pictures, file)
	if own := r.findOwn(file); own != "" {
		path = own
	} else if !isFile(path) {
		r.problems.add(line, key, "the picture %q does not exist%s", path, r.lookedHint())
		return path
	}
	r.found[file] = path
	return path
}

// findOwn looks for a picture among the user's own: under its path, its name, or its
// name with another ending.
func (r *reader) findOwn(text string) string {
	images := r.setting.Images
	if images == "" {
		return ""
	}
	text = filepath.FromSlash(text)
	base := filepath.Base(text)
	for _, own := range []string{filepath.Join(images, text), filepath.Join(images, base)} {
		if isFile(own) {
			return own
		}
	}
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	for _, ending := range picture.Endings() {
		if own := filepath.Join(images, stem+ending); isFile(own) {
			return own
		}
	}
	return ""
}

func (r *reader) lookedHint() string {
	if r.setting.Images != "" {
		return ", nor one of that name in " + r.setting.Images
	}
	if r.pictures != r.folder {
		return "; it is looked for in the folder that pictures names"
	}
	return "; it is looked for relative to the file, unless pictures names a folder"
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
