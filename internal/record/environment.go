package record

import (
	goruntime "runtime"

	"github.com/klauspost/cpuid/v2"
)

// Tool is what pictures are painted with.
type Tool struct {
	Version        string // of zellige
	Graph          string // SHA-256 of the exported network
	Library        string // SHA-256 of the ONNX Runtime library
	LibraryPath    string
	LibraryVersion string // known once the library is open
	Threads        int    // of one picture
}

// Environment is what should not matter to a picture, but may in its last digits.
type Environment struct {
	Zellige     string `json:"zellige"`
	ONNXRuntime string `json:"onnxruntime"`
	Go          string `json:"go"`
	OS          string `json:"os"`
	Arch        string `json:"arch"`
	Processor   string `json:"processor"`
}

// Environment is that of this process.
func (t Tool) Environment() Environment {
	return Environment{
		Zellige:     t.Version,
		ONNXRuntime: t.LibraryVersion,
		Go:          goruntime.Version(),
		OS:          goruntime.GOOS,
		Arch:        goruntime.GOARCH,
		Processor:   cpuid.CPU.BrandName,
	}
}
