package main

import (
	"cmp"
	"fmt"
	goruntime "runtime"
	"sync"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/file"
	"zellige/internal/machine"
	"zellige/internal/parameter"
	"zellige/internal/record"
	"zellige/models"
	"zellige/picture"
	"zellige/runtime"
)

const networkCategory = "Network:"

// networkFlags say what the network is and what it runs on.
type networkFlags struct {
	model, operators, library string
	threads                   int
	found                     *network // once it was read
}

func (v *networkFlags) flags() []cli.Flag {
	return []cli.Flag{
		modelFlag(&v.model),
		&cli.StringFlag{Category: networkCategory, Name: operatorsFlag, Value: standardOperators, Destination: &v.operators,
			Usage: "`KIND` of operators in the SqueezeNet inside the program: standard, ONNX's own, or fused, zellige's own, which are faster"},
		&cli.StringFlag{Category: networkCategory, Name: "onnxruntime", Destination: &v.library,
			Usage: "ONNX Runtime library `FILE`, or its folder; otherwise " + runtime.LibraryVariable + " names it, or it is searched for"},
		&cli.IntFlag{Category: networkCategory, Name: "threads", Value: 0, Destination: &v.threads,
			Usage: "`NUMBER` of threads; 0 for one for each processor, which is also the most"},
	}
}

const (
	operatorsFlag     = "operators"
	standardOperators = "standard"
)

// built is the SqueezeNet inside the program, by its operators.
var built = map[string][]byte{standardOperators: models.SqueezeNet, "fused": models.FusedSqueezeNet}

func modelFlag(file *string) cli.Flag {
	return &cli.StringFlag{Category: networkCategory, Name: "model", Destination: file,
		Usage: "run the exported network `FILE` instead of the SqueezeNet inside the program"}
}

// network is a graph that was read and keeps the contract, not yet opened.
type network struct {
	config         zellige.Config
	info           *runtime.Info
	libraryVersion string                      // once it was opened
	hashed         func() (record.Tool, error) // all but that, once
}

// read reads the network's graph, once. It does not need the ONNX Runtime library.
func (v *networkFlags) read() (*network, error) {
	if v.found != nil {
		return v.found, nil
	}
	config, err := v.config()
	if err != nil {
		return nil, err
	}
	operators := cmp.Or(v.operators, standardOperators)
	embedded, ok := built[operators]
	switch {
	case !ok:
		return nil, &parameter.Error{Name: operatorsFlag, Reason: fmt.Sprintf("is %q, must be standard or fused", v.operators)}
	case v.model != "" && operators != standardOperators:
		return nil, &parameter.Error{Name: operatorsFlag, Reason: fmt.Sprintf("is %s, but --model %q has operators of its own", v.operators, v.model)}
	}
	n := &network{config: config}
	n.hashed = sync.OnceValues(n.hash)
	if n.config.Model, n.info, err = readModel(v.model, embedded); err == nil {
		v.found = n
	}
	return n, err
}

// readAs is read, but takes the operators of the graph that a recipe names, unless flags say which.
func (v *networkFlags) readAs(c *cli.Context, graph string) (*network, error) {
	for operators, model := range built {
		if v.model == "" && !c.IsSet(operatorsFlag) && record.Hash(model) == graph {
			v.operators = operators
		}
	}
	return v.read()
}

// readFor is read, but also checks options for the network.
func (v *networkFlags) readFor(o *zellige.Options) (*network, error) {
	n, err := v.read()
	if err != nil {
		return nil, err
	}
	return n, o.Check(len(n.info.Layers))
}

// config is all but the model. More threads than processors, or than a quota of their
// time is worth, would give the same picture, many times slower.
func (v *networkFlags) config() (zellige.Config, error) {
	if v.threads < 0 {
		return zellige.Config{}, &parameter.Error{Name: "threads", Reason: fmt.Sprintf("is %d, must be 0 or more", v.threads)}
	}
	threads := machine.Processors(machine.System)
	if v.threads > 0 {
		threads = min(v.threads, threads)
	}
	return zellige.Config{Library: v.library, Threads: threads}, nil
}

// readModel reads a graph and what it says of itself; "" is the embedded one.
func readModel(path string, embedded []byte) (model []byte, info *runtime.Info, err error) {
	if path == "" {
		path, model = "squeezenet1_1", embedded
	} else if model, err = file.ReadRegular(path, runtime.LargestModel); err != nil {
		return nil, nil, fmt.Errorf("read model %q: %w", path, err)
	}
	graph, err := runtime.ParseGraph(model)
	if err == nil {
		info, err = graph.Info()
	}
	if err != nil {
		return nil, nil, &hintedError{fmt.Errorf("model %q: %w", path, err),
			"leave --model out for the SqueezeNet inside the program, or export another network with scripts/export_network.py"}
	}
	return model, info, nil
}

// open loads the library and keeps the whole process to the threads asked for.
func (n *network) open() (zellige.Network, error) { return n.openFor(1) }

// openFor is open, with threads that a number of jobs share.
func (n *network) openFor(jobs int) (zellige.Network, error) {
	config := n.config
	goruntime.GOMAXPROCS(max(config.Threads, jobs))
	config.Threads = max(1, config.Threads/jobs)
	opened, err := zellige.Open(config)
	if err == nil {
		_, n.libraryVersion = opened.Library()
	}
	return opened, err
}

// tool describes what pictures are painted with, for their recipes.
func (n *network) tool() (record.Tool, error) {
	tool, err := n.hashed()
	tool.LibraryVersion = n.libraryVersion
	return tool, err
}

// hash finds and hashes the library, but does not open it.
func (n *network) hash() (record.Tool, error) {
	path, err := runtime.FindLibrary(n.config.Library)
	if err != nil {
		return record.Tool{}, err
	}
	hash, err := record.HashFile(path)
	return record.Tool{Version: programVersion(), Graph: record.Hash(n.config.Model), Library: hash, LibraryPath: path}, err
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
