//go:build cgo && linux

package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// TestTooLittleAddressSpace is about limits under which Go itself cannot begin, or
// ends at some moment.
func TestTooLittleAddressSpace(t *testing.T) {
	for _, mebibytes := range []int{200, 700, 1200, 1899} {
		c := exec.Command("sh", "-c", fmt.Sprintf("ulimit -v %d && exec zellige layers", mebibytes<<10))
		output, err := c.CombinedOutput()
		want := fmt.Sprintf("zellige: error: the address space is limited to %d MiB, at least 1900 MiB are needed\n"+
			"zellige: hint: raise the limit (ulimit -v unlimited); --max-memory limits what is really used\n", mebibytes)
		if c.ProcessState.ExitCode() != 1 || string(output) != want {
			t.Errorf("%d MiB: %v, %s", mebibytes, err, output)
		}
	}
}

// TestLimitedAddressSpaceIsNamed is about limits that leave the program some memory, but a
// picture too little.
func TestLimitedAddressSpaceIsNamed(t *testing.T) {
	dir := paintingFolder(t)
	c := exec.Command("sh", "-c", "ulimit -v 2100000 && exec zellige transfer --image-size 512 -o "+dir+"/a.png "+"../../testdata/pictures/lion.png ../../testdata/pictures/waves.jpg")
	output, err := c.CombinedOutput()
	for _, want := range []string{"zellige: error: the memory that the limited address space leaves is ", "zellige: hint: raise the limit (ulimit -v unlimited)"} {
		if c.ProcessState.ExitCode() != 1 || !strings.Contains(string(output), want) {
			t.Errorf("%v, want %q in: %s", err, want, output)
		}
	}
}
