//go:build !cgo || windows

// Package fused has operators of zellige's own for ONNX Runtime. There are none here.
package fused

import (
	"errors"
	"unsafe"
)

// Registration is empty.
type Registration struct{}

// Add returns an error.
func Add(string, unsafe.Pointer) (*Registration, error) {
	return nil, errors.New("fused operators are for Linux and macOS, in a program built with cgo")
}

// Drop does nothing.
func (*Registration) Drop() {}
