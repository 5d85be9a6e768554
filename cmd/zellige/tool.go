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

// recipeTexts is what the picture of a command carries if its format carries text.
func (n *network) recipeTexts(task *record.Task, in *record.Inputs) ([]picture.Text, error) {
	tool, err := n.tool()
	if err != nil {
		return nil, err
	}
	return []picture.Text{record.NewRecipe(task, tool, in.Sums).Text()}, nil
}
