package record

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zellige"
)

var testTool = Tool{Version: "test", Graph: Hash([]byte("graph")), Library: Hash([]byte("library"))}

// smallTask has pictures that need not be there.
func smallTask() *Task {
	o, _ := zellige.Preset("lab")
	return &Task{Command: Transfer, Preset: "lab", Options: o,
		Sources: Sources{{Content, "lion.png", "lion.png"}, {Style, "waves.png", "waves.png"}}}
}

// existingPictures is a folder with files of their names.
func existingPictures(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, s := range smallTask().Sources {
		if err := os.WriteFile(filepath.Join(folder, s.File), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestEarlierRecipes: a parameter that a recipe does not know yet has its preset's
// value, so that a run that was done stays done.
func TestEarlierRecipes(t *testing.T) {
	task := smallTask()
	now := NewRecipe(task, testTool, nil)
	then := NewRecipe(task, testTool, nil)
	for _, key := range []string{"size", "strength", "scales", "recolor", "keep_colors", "depth"} {
		delete(then.Parameters, key)
	}
	then.Pictures[Content] = HashedFile{"lion.png", Hash(nil)}
	now.Pictures[Content] = then.Pictures[Content]
	read, err := ParseRecipe(then.JSON())
	if err != nil || len(Differences(read, now)) > 0 {
		t.Errorf("%v, %v", err, Differences(read, now))
	}
}

// TestRecipesBeforeMarks: a recipe of a matching loss that knows no coherent marks and no brushwork
// asks for none, though its preset has them now.
func TestRecipesBeforeMarks(t *testing.T) {
	task := smallTask()
	task.Preset, task.Options = "paint", zellige.DefaultOptions()
	now := NewRecipe(task, testTool, map[string]string{"lion.png": Hash(nil), "waves.png": Hash(nil)})
	task.Options.Coherence, task.Options.Brushwork = 0, 0
	then := NewRecipe(task, testTool, map[string]string{"lion.png": Hash(nil), "waves.png": Hash(nil)})
	for _, key := range marking {
		if _, ok := then.Parameters[key]; ok || then.Engine != paintEngine || now.Engine != paintEngine {
			t.Errorf("engine %d with %s, and %d without", now.Engine, now.Parameters[key], then.Engine)
		}
	}
	for _, r := range []struct {
		recipe Recipe
		want   float64
	}{{now, 1}, {then, 0}} {
		read, err := ParseRecipe(r.recipe.JSON())
		if err != nil {
			t.Fatal(err)
		}
		o, err := read.Options()
		if err != nil || o.Coherence != r.want || o.Brushwork != r.want || len(Differences(read, r.recipe)) > 0 {
			t.Errorf("coherence %g, brushwork %g, %v, %v; want %g", o.Coherence, o.Brushwork, err, Differences(read, r.recipe), r.want)
		}
	}
}

func TestDamagedRecipes(t *testing.T) {
	task := smallTask()
	sums := map[string]string{}
	for _, s := range task.Sources {
		sums[s.Path] = Hash(nil)
	}
	for name, damage := range map[string]func(*Recipe){
		"command":         func(r *Recipe) { r.Command = "bake" },
		"content":         func(r *Recipe) { delete(r.Pictures, Content) },
		"texture's style": func(r *Recipe) { r.Command = Synthesize; delete(r.Pictures, Style) },
	} {
		r := NewRecipe(task, testTool, sums)
		damage(&r)
		if _, err := ParseRecipe(r.JSON()); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := NewRecipe(task, testTool, sums)
	r.Blend = []float64{1, 2, 3}
	o := Original{Recipe: r, Path: filepath.Join(existingPictures(t), "painted.png")}
	if _, err := o.task(nil); err == nil || !strings.Contains(err.Error(), "has 3 weights for 1 styles") {
		t.Errorf("weights: %v", err)
	}
}

// TestEqualWeightsAreNone, however they are written, so that the recipes agree.
func TestEqualWeightsAreNone(t *testing.T) {
	for _, blend := range [][]float64{nil, {1}, {7, 7}} {
		if got := (&Task{Blend: blend}).shares(); got != nil {
			t.Errorf("%v: %v", blend, got)
		}
	}
	if got := (&Task{Blend: []float64{0, 1}}).shares(); !slices.Equal(got, []float64{0, 1}) {
		t.Errorf("0,1: %v", got)
	}
}
