package main

import (
	"github.com/urfave/cli/v2"

	"zellige/experiment"
	"zellige/runtime"
)

// tool describes what pictures are painted with, for their recipes. The library is
// found and hashed, but not opened.
func (n *network) tool(c *cli.Context) (experiment.Tool, error) {
	path, err := runtime.FindLibrary(c.String("onnxruntime"))
	if err != nil {
		return experiment.Tool{}, err
	}
	hash, err := experiment.HashFile(path)
	return experiment.Tool{
		Version:     programVersion(),
		Graph:       experiment.Hash(n.config.Model),
		Library:     hash,
		LibraryPath: path,
	}, err
}
