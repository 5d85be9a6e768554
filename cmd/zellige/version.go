package main

import (
	"fmt"
	goruntime "runtime"
	"runtime/debug"

	"zellige/runtime"
)

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version string

func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// versionText is what a bug report needs. It does not load the library.
func versionText() string {
	library, err := runtime.FindLibrary("")
	if err != nil {
		library = "not found"
	}
	return fmt.Sprintf("zellige %s\n%s %s/%s\nONNX Runtime library: %s\n",
		programVersion(), goruntime.Version(), goruntime.GOOS, goruntime.GOARCH, library)
}
