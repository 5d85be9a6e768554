package main

import (
	"zellige/internal/record"
	"zellige/picture"
	"zellige/runtime"
)

// tool describes what pictures are painted with, for their recipes. The library is
// found and hashed, once, but not opened.
func (n *network) tool() (record.Tool, error) {
	if n.hashed == nil {
		path, err := runtime.FindLibrary(n.config.Library)
		if err != nil {
			return record.Tool{}, err
		}
		hash, err := record.HashFile(path)
		if err != nil {
			return record.Tool{}, err
		}
		n.hashed = &record.Tool{Version: programVersion(), Graph: record.Hash(n.config.Model), Library: hash, LibraryPath: path}
	}
	tool := *n.hashed
	tool.LibraryVersion = n.libraryVersion
	return tool, nil
}

// recipeTexts is what the picture of a command carries if its format carries text, given
// after how many iterations it was interrupted; 0 if it is whole.
func (n *network) recipeTexts(task *record.Task, in *record.Inputs, interrupted int) ([]picture.Text, error) {
	tool, err := n.tool()
	if err != nil {
		return nil, err
	}
	recipe := record.NewRecipe(task, tool, in.Sums)
	recipe.Interrupted = interrupted
	return []picture.Text{recipe.Text()}, nil
}
