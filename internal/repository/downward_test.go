package repository

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// downward are the files of the root in the order in which a picture's way is read:
// each calls only those below it.
var downward = []string{
	"zellige.go",    // what can be asked
	"presets.go",    // and with which options
	"layers.go",     // of which network
	"plan.go",       // what will be done
	"paint.go",      // doing it, stage by stage:
	"targets.go",    // what the picture is compared with,
	"matching.go",   // found position by position,
	"loop.go",       // the iterations,
	"divergence.go", // what may go wrong with them,
	"result.go",     // what they show,
	"finish.go",     // and how the pixels become the picture,
	"marks.go",      // with its marks,
	"scene.go",      // of pictures at the stage's size
	"depth.go",      // and whether the layers have room
	"pictures.go", "scale.go", "options.go", "size.go",
}

func TestRootCallsOnlyDownward(t *testing.T) {
	files := token.NewFileSet()
	var parsed []*ast.File
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if !slices.Contains(downward, name) {
			t.Errorf("%s: say in this test where it stands", name)
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	place := func(p token.Pos) int { return slices.Index(downward, files.Position(p).Filename) }
	calls := 0
	for use, function := range functionsUsed(files, parsed) {
		if from, to := place(use.Pos()), place(function.Pos()); from != to {
			calls++
			if from > to {
				t.Errorf("%s calls %s, which is above it in %s", files.Position(use.Pos()), function.Name(), downward[to])
			}
		}
	}
	if calls < 50 {
		t.Errorf("only %d calls between files were found", calls)
	}
}

// functionsUsed are the functions and methods of a package, without those of
// interfaces, by where they are used. What is imported needs not be known for it.
func functionsUsed(files *token.FileSet, parsed []*ast.File) map[*ast.Ident]*types.Func {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: nothing{}, Error: func(error) {}}
	own, _ := config.Check(module, files, parsed, info)
	used := map[*ast.Ident]*types.Func{}
	for use, object := range info.Uses {
		f, ok := object.(*types.Func)
		if !ok || f.Pkg() != own {
			continue
		}
		if r := f.Signature().Recv(); r == nil || !types.IsInterface(r.Type()) {
			used[use] = f
		}
	}
	return used
}

// nothing is an importer of no package.
type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errors.New("not imported") }
