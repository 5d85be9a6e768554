//go:build !cgo || windows

// Package fused has operators of zellige's own for ONNX Runtime. There are none here.
package fused

import "unsafe"

// Here reports whether this program has the operators.
const Here = false

// Registration is empty.
type Registration struct{}

// Add must not be called.
func Add(string, unsafe.Pointer) (*Registration, error) { panic("no fused operators") }

// Drop does nothing.
func (*Registration) Drop() {}
