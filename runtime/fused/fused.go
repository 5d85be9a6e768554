//go:build cgo && !windows

// Package fused has operators of zellige's own for ONNX Runtime, written in C: each does in one pass over its maps what
// takes several of ONNX's operators. A graph that uses them says so by its domain, "zellige".
package fused

// #cgo CFLAGS: -O3 -Wall -Wextra
// #cgo linux LDFLAGS: -ldl
// #include <stdlib.h>
// #include "register.h"
import "C"

import (
	"errors"
	"unsafe"

	"github.com/klauspost/cpuid/v2"
)

// Here reports whether this program has the operators.
const Here = true

// Level is the level of x86-64 whose vectors the operators use: 4 with AVX-512, 3 with
// AVX2, below that of 16 bytes. Tests lower it; each Add hands it on.
var Level = cpuid.CPU.X64Level()

// Registration holds what the options of a session were given. The caller must Drop it
// when the session is closed.
type Registration struct{ c C.Registration }

// Add gives the operators to session options, an OrtSessionOptions of ONNX Runtime's C
// interface, of the library in the file at path, which must be loaded.
func Add(path string, options unsafe.Pointer) (*Registration, error) {
	r := &Registration{}
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	problem := C.add_fused_operators(name, options, C.int(Level), &r.c)
	if problem == nil {
		return r, nil
	}
	defer C.free(unsafe.Pointer(problem))
	r.Drop()
	return nil, errors.New(C.GoString(problem))
}

// Drop is idempotent.
func (r *Registration) Drop() { C.drop_fused_operators(&r.c) }
