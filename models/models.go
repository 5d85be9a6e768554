// Package models carries the exported graphs. README.md beside it describes them
// and says where the weights come from and under which licence.
package models

import _ "embed"

// SqueezeNet is the graph of SqueezeNet 1.1 with its losses and gradient, an
// ONNX file made by scripts/export_squeezenet.py. It must not be changed.
//
//go:embed squeezenet1_1.onnx
var SqueezeNet []byte

// FusedSqueezeNet is the same network, with fused operators (runtime/fused) where its
// gradient and losses are. It must not be changed.
//
//go:embed squeezenet1_1_fused.onnx
var FusedSqueezeNet []byte

// Matching is the graph that finds the nearest of many vectors, an ONNX file made
// by scripts/export_matching.py. It must not be changed.
//
//go:embed matching.onnx
var Matching []byte
