package repository

import (
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module  = "zellige"
	binding = "github.com/yalue/onnxruntime_go"
)

// imports lists for every folder which of our packages it may import. A folder
// that is not listed follows its parent. Tests are held to it as well, but they
// may import their own package, models, to run the real graph, match/matchtest,
// which stands in for it, and internal/shorttest.
var imports = map[string][]string{
	".":                   {"losses", "match", "models", "optimize", "picture", "runtime", "internal/once", "internal/parallel"},
	"bench":               {".", "picture", "runtime", "internal/chart", "internal/parameter"},
	"cmd":                 {".", "losses", "measure", "models", "optimize", "picture", "runtime", "forecast", "internal"},
	"forecast":            {".", "match", "optimize", "picture", "runtime"},
	"internal":            {},
	"internal/experiment": {".", "internal/file", "internal/parameter", "internal/record", "internal/spelling", "internal/story", "losses", "measure", "optimize", "picture", "runtime"},
	"internal/parameter":  {".", "losses", "optimize"},
	"internal/record":     {".", "internal/file", "internal/parameter", "losses", "measure", "optimize", "picture", "runtime"},
	"internal/report":     {".", "internal/browsertest", "internal/chart", "internal/experiment", "internal/parallel", "internal/parameter", "internal/record", "internal/story", "measure", "picture", "runtime"},
	"internal/repository": {"picture"},
	"internal/story":      {"internal/file"},
	"internal/view":       {"picture", "internal/browsertest"},
	"losses":              {"internal/parallel"},
	"match":               {"internal/once", "internal/parallel", "runtime"},
	"measure":             {"match", "picture", "runtime"},
	"models":              {},
	"optimize":            {"internal/parallel"},
	"picture":             {"internal/file", "internal/parallel", "internal/spelling"},
	"runtime":             {"internal/parallel", "runtime/fused"},
	"runtime/fused":       {},
	"scripts":             {"picture"},
}

func TestPackagesImportOnlyWhatTheDesignLetsThem(t *testing.T) {
	for _, i := range allImports(t) {
		target, ours := folderOf(i.imported)
		if !ours || target == i.folder {
			continue
		}
		allowed, listed := allowedFor(i.folder)
		if strings.HasSuffix(i.file, "_test.go") {
			allowed = append(slices.Clone(allowed), "models", "match/matchtest", "internal/shorttest")
		}
		if !listed {
			t.Errorf("%s: say in this test what folder %s may import", i.file, i.folder)
		} else if !slices.ContainsFunc(allowed, func(a string) bool { return within(target, a) }) {
			t.Errorf("%s imports %s; folder %s may import of ours only %q", i.file, i.imported, i.folder, allowed)
		}
	}
}

func TestOnlyRuntimeImportsTheBinding(t *testing.T) {
	found := false
	for _, i := range allImports(t) {
		if i.imported != binding {
			continue
		}
		found = true
		if i.folder != "runtime" {
			t.Errorf("%s imports %s; only runtime may", i.file, binding)
		}
	}
	if !found {
		t.Errorf("nothing imports %s; has it another name now?", binding)
	}
}

// Our runtime is always runtime and Go's always goruntime, so that no reader
// has to look up which of them is meant.
func TestTheTwoRuntimesHaveOneNameEach(t *testing.T) {
	names := map[string]string{"runtime": "goruntime", module + "/runtime": ""}
	for _, i := range allImports(t) {
		if name, ok := names[i.imported]; ok && i.name != name {
			t.Errorf("%s imports %q under the name %q; want %q", i.file, i.imported, i.name, name)
		}
	}
}

// fileImport is one import in one of our files.
type fileImport struct {
	file     string // relative to the root
	folder   string // of the file, "." is the root
	name     string // given to the import, "" if none
	imported string // the import's path
}

// allImports parses every Go file, so that it also sees those that this
// platform does not build.
func allImports(t *testing.T) []fileImport {
	t.Helper()
	var all []fileImport
	for _, file := range repositoryFiles(t) {
		if path.Ext(file) != ".go" {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			name := ""
			if spec.Name != nil {
				name = spec.Name.Name
			}
			all = append(all, fileImport{file, path.Dir(file), name, imported})
		}
	}
	return all
}

// folderOf returns the folder of one of our packages.
func folderOf(imported string) (folder string, ours bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// allowedFor returns the entry of imports for a folder or its closest parent.
func allowedFor(folder string) (allowed []string, listed bool) {
	for {
		if allowed, listed := imports[folder]; listed {
			return allowed, true
		}
		parent := path.Dir(folder)
		if parent == "." {
			return nil, false
		}
		folder = parent
	}
}

// within reports whether folder is parent or lies in it; only "." lies in ".".
func within(folder, parent string) bool {
	return folder == parent || strings.HasPrefix(folder, parent+"/")
}
