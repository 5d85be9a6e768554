package main

import (
	"fmt"
	"os"
	goruntime "runtime"

	"github.com/urfave/cli/v2"

	"zellige"
	"zellige/internal/file"
	"zellige/models"
	"zellige/runtime"
)

const networkCategory = "Network:"

// networkFlags say what the network is and what it runs on.
func networkFlags() []cli.Flag {
	return []cli.Flag{
		modelFlag(),
		&cli.StringFlag{Category: networkCategory, Name: "onnxruntime",
			Usage: "ONNX Runtime library `FILE`, or its folder; otherwise " + runtime.LibraryVariable + " names it, or it is searched for"},
		&cli.IntFlag{Category: networkCategory, Name: "threads", Value: 0,
			Usage: "`NUMBER` of threads; 0 for one for each processor, which is also the most"},
	}
}

func modelFlag() cli.Flag {
	return &cli.StringFlag{Category: networkCategory, Name: "model",
		Usage: "run the exported network `FILE` instead of the SqueezeNet inside the program"}
}

// network is a graph that was read and keeps the contract, not yet opened.
type network struct {
	config         zellige.Config
	info           *runtime.Info
	libraryVersion string // once it was opened
}

// readNetwork reads the network's flags and its graph. It does not need the
// ONNX Runtime library.
func readNetwork(c *cli.Context) (*network, error) {
	config, err := networkConfig(c)
	if err != nil {
		return nil, err
	}
	n := &network{config: config}
	n.config.Model, n.info, err = readModel(c.String("model"))
	return n, err
}

// networkConfig reads the network's flags but for the model. More threads than
// processors would give the same picture, many times slower.
func networkConfig(c *cli.Context) (zellige.Config, error) {
	threads := c.Int("threads")
	if threads < 0 {
		return zellige.Config{}, &zellige.OptionError{Field: "threads", Reason: fmt.Sprintf("is %d, must be 0 or more", threads)}
	}
	return zellige.Config{Library: c.String("onnxruntime"), Threads: min(threads, goruntime.NumCPU())}, nil
}

// readModel reads a graph and what it says of itself; "" is the embedded one.
func readModel(path string) (model []byte, info *runtime.Info, err error) {
	if path == "" {
		path, model = "squeezenet1_1", models.SqueezeNet
	} else if model, err = os.ReadFile(path); err != nil {
		return nil, nil, fmt.Errorf("read model %q: %w", path, file.Reason(err))
	}
	graph, err := runtime.ParseGraph(model)
	if err == nil {
		info, err = graph.Info()
	}
	if err != nil {
		return nil, nil, &hintedError{fmt.Errorf("model %q: %w", path, err),
			"leave --model out for the SqueezeNet inside the program, or export another network with scripts/export_squeezenet.py"}
	}
	return model, info, nil
}

// open loads the library and keeps the whole process to the threads asked for.
func (n *network) open() (zellige.Network, error) {
	if n.config.Threads > 0 {
		goruntime.GOMAXPROCS(n.config.Threads)
	}
	return n.openWith(n.config)
}

func (n *network) openWith(config zellige.Config) (zellige.Network, error) {
	opened, err := zellige.Open(config)
	if err == nil {
		_, n.libraryVersion = opened.Library()
	}
	return opened, err
}
