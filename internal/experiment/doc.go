// Package experiment runs experiments that are described in files.
//
// A file names runs: pictures, parameters, and sweeps over parameters
// (docs/experiments.md shows the format). [Load] reads it, [Experiment.Plan]
// compares each run with what is in the output folder already, and [Plan.Run]
// does what is left:
//
//	e, err := experiment.Load("lab-report.yaml", experiment.Setting{Network: network.Info()})
//	...
//	plan, err := e.Plan("out", experiment.Request{Tool: tool})
//	...
//	err = plan.Run(ctx, network, experiment.Runner{Jobs: 1})
//
// Each run has a folder. What is finished:
//
//	picture.png    carries its [record.Recipe] in a text chunk
//	log.jsonl      the losses of each iteration, one JSON object a line
//	manifest.json  a [record.Manifest]: the recipe, losses, seconds, hashes
//	frames/        every Nth picture, if asked for
//
// and while it runs, or after it was interrupted:
//
//	state.bin      all that is needed to go on
//	state.jsonl    the log up to there
//	frames.part/   the frames up to there
//	.lock          held by the process that works here; it dies with the process
//
// An earlier picture, log and manifest stay whole until the new ones are.
//
// A run whose losses diverge leaves diverged.png, the last picture before.
package experiment
