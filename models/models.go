// Package models carries the exported network. README.md beside it says where
// the weights come from and under which licence.
package models

import _ "embed"

// SqueezeNet is the graph of SqueezeNet 1.1 with its losses and gradient, an
// ONNX file made by scripts/export_squeezenet.py. It must not be changed.
//
//go:embed squeezenet1_1.onnx
var SqueezeNet []byte
