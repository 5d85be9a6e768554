//go:build !windows

package main

import "os"

// obeys reports whether a terminal understands escape sequences.
func obeys(*os.File) bool { return os.Getenv("TERM") != "dumb" }
