package main

// brief is what the short help of a command shows: the flags that are needed often, all
// if none are named, and examples.
type brief struct{ common, examples []string }

var briefs = map[string]brief{
	"transfer": {
		common: []string{"content", "style", "output", "overwrite", "strength", "quality", "size", "style-scale", "keep-colors", "preset", "timelapse", "view"},
		examples: []string{
			"zellige transfer photo.jpg painting.jpg",
			"zellige transfer photo.jpg painting.jpg --strength 0.5 --keep-colors luma",
			"zellige transfer photos/ painting.jpg --output painted/",
		},
	},
	"invert": {
		common:   []string{"content", "layer", "output", "overwrite", "image-size", "iterations", "tv-weight", "seed", "view", "quiet"},
		examples: []string{"zellige invert photo.jpg", "zellige invert photo.jpg --layer 9 -o nine.png"},
	},
	"synthesize": {
		common:   []string{"style", "size", "output", "overwrite", "quality", "style-scale", "seed", "style-blend", "mask", "view", "quiet"},
		examples: []string{"zellige synthesize painting.jpg", "zellige synthesize painting.jpg --size 512x384 --seed 2"},
	},
	"run": {
		common:   []string{"out", "only", "shard", "list", "force", "jobs", "images", "view", "threads", "max-memory", "quiet"},
		examples: []string{"zellige run experiment.yaml", "zellige run experiment.yaml --only 'tv/*'"},
	},
	"evaluate": {
		common:   []string{"image", "content", "style", "preset", "image-size", "max-memory"},
		examples: []string{"zellige evaluate --image painted.png --content photo.jpg --style painting.jpg"},
	},
	"measure":    {examples: []string{"zellige measure --image painted.png --content photo.jpg --style painting.jpg"}},
	"completion": {examples: []string{`eval "$(zellige completion bash)"`, "zellige completion fish | source"}},
}
