//go:build cgo && !linux

package runtime

// giveBack has nothing to do: other systems' C libraries keep little back.
func giveBack() {}
