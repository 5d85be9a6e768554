package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/file"
	"zellige/internal/record"
	"zellige/picture"
)

// check refuses what would fail after the work or destroy an input, and names the
// results.
func (b *batch) check(c *cli.Context, contents []string) error {
	if err := b.checkSingle(); err != nil {
		return err
	}
	ending, err := endingOf(b.result.format, features(&b.task.Options)...)
	if err != nil {
		return err
	}
	b.recipes = ending == ".png" && !b.result.strip
	if err := b.nameFolder(c.IsSet("output")); err != nil {
		return err
	}
	if err := b.addItems(contents, ending); err != nil {
		return err
	}
	if err := checkStandardInput(c.App.Reader, b.sources()); err != nil {
		return err
	}
	return b.checkNextStart()
}

// checkSingle refuses flags that name one file for all contents.
func (b *batch) checkSingle() error {
	flag := ""
	switch {
	case b.result.log != "":
		flag = "log"
	case b.result.timelapse != "":
		flag = "timelapse"
	case b.task.Options.Init == zellige.InitImage:
		flag = "init"
	default:
		return nil
	}
	return &usageError{fmt.Sprintf("--%s names one file, but there are several contents", flag), "leave it out, or paint one content into one file"}
}

// nameFolder names the folder of the results after the styles if nobody gave it a name.
func (b *batch) nameFolder(isNamed bool) error {
	b.folder = resultName(b.task)
	if isNamed {
		b.folder = b.result.output
	}
	_, err := os.Stat(b.folder)
	switch {
	case b.folder == standardStream:
		return &usageError{"standard output holds one picture, but there are several contents", "name a folder"}
	case err == nil && !isFolder(b.folder):
		return &usageError{fmt.Sprintf("the results of several contents would go into the folder %q, but that is a file", b.folder), "--output FOLDER names another"}
	case isNamed && (b.folder == "" || err != nil && isPictureName(b.folder)):
		return &usageError{fmt.Sprintf("--output %q is not a folder, which the results of several contents need", b.folder), ""}
	}
	return nil
}

// addItems names the results of all contents but the styles themselves, which a pattern
// may well match. No name may come twice, whatever the file system thinks of capitals.
func (b *batch) addItems(contents []string, ending string) error {
	first := map[string]*item{}
	for _, content := range contents {
		if b.isStyle(content) {
			b.say("%q is the style, so it is not painted", content)
			continue
		}
		it := &item{task: withContent(b.task, content), content: content}
		it.output = filepath.Join(b.folder, resultName(it.task)+ending)
		if other := first[strings.ToLower(it.output)]; other != nil && filepath.Clean(other.content) == filepath.Clean(content) {
			return &usageError{fmt.Sprintf("the content %q is named twice", content), ""}
		} else if other != nil {
			return &usageError{fmt.Sprintf("%q and %q would both become %q", other.content, content, it.output), "rename one of them, or paint it by itself"}
		}
		first[strings.ToLower(it.output)] = it
		b.items = append(b.items, it)
	}
	if len(b.items) == 0 {
		return &usageError{"there is no content but the style", ""}
	}
	return nil
}

func (b *batch) isStyle(content string) bool {
	return slices.ContainsFunc(b.task.Sources, func(s record.Source) bool {
		return zellige.RoleKind(s.Role) == record.Style && content != standardStream && file.Same(s.Path, content)
	})
}

// sources are all pictures of the batch.
func (b *batch) sources() record.Sources {
	all := slices.Clone(b.task.Sources)
	for _, it := range b.items {
		all = append(all, it.task.Sources[0])
	}
	return all
}

// checkNextStart refuses results that the same command would take for contents when it
// is given again.
func (b *batch) checkNextStart() error {
	for _, name := range b.names {
		folder, pattern := name, "*"
		if !isFolder(name) {
			folder, pattern = filepath.Split(name)
		}
		for _, it := range b.items {
			if ok, _ := filepath.Match(pattern, filepath.Base(it.output)); ok && file.Same(filepath.Clean(folder), b.folder) {
				return &usageError{fmt.Sprintf("the result %q would be among the contents when you start again", it.output), "--output FOLDER names another folder"}
			}
		}
	}
	return nil
}

// look makes the folder and finds out which results are not there. What is there and
// not current is replaced only if the user says so.
func (b *batch) look() (left []*item, err error) {
	if err := os.MkdirAll(b.folder, 0o777); err != nil {
		return nil, fmt.Errorf("make the folder %q: %w", b.folder, file.Reason(err))
	}
	var outdated []string
	inputs := inputFiles(b.paintingFlags.network.model, b.sources())
	for _, it := range b.items {
		done, why, err := b.isDone(it)
		if err != nil {
			return nil, err
		}
		if done {
			b.done++
			continue
		}
		if why != "" {
			outdated = append(outdated, fmt.Sprintf("%q (%s)", it.output, why))
		}
		if err := checkResult(it.output, inputs); err != nil {
			return nil, err
		}
		left = append(left, it)
	}
	if len(outdated) > 0 && !b.result.overwrite {
		return nil, &usageError{fmt.Sprintf("%d of %d results are there already, but not as they would be: %s", len(outdated), len(b.items), firstFew(outdated)),
			"--overwrite replaces them, --output FOLDER names another folder"}
	}
	if b.done > 0 && !b.recipes {
		b.say("%d of %d are there already and stay; their files do not say how they were painted", b.done, len(b.items))
	}
	return left, nil
}

// isDone reports whether a result is there, and current as far as its format tells; or
// why it is not current.
func (b *batch) isDone(it *item) (done bool, why string, err error) {
	if _, err := os.Lstat(it.output); errors.Is(err, fs.ErrNotExist) {
		return false, "", nil
	}
	if !b.recipes {
		return !b.result.overwrite, "", nil
	}
	tool, err := b.network.tool()
	if err != nil {
		return false, "", err
	}
	content, err := record.HashFile(it.content)
	if err != nil {
		return false, "", nil // reading it tells
	}
	sums := map[string]string{it.content: content}
	for path, f := range b.shared {
		sums[path] = f.Sum
	}
	why = record.NewRecipe(it.task, tool, sums).Outdated(it.output)
	return why == "", why, nil
}

func checkResult(output string, inputs []namedFile) error {
	if err := checkApart([]namedFile{fileOf("output", output)}, inputs); err != nil {
		return err
	}
	if err := picture.CheckOutput(output); err != nil {
		return &usageError{err.Error(), ""}
	}
	return nil
}
