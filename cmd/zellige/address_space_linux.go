package main

import (
	"fmt"
	"math"
	"syscall"
)

// programAddresses is how much address space the program and its library reserve,
// nearly none of it as memory: measured 1.9 GiB for the smallest pictures.
const programAddresses = 1900 << 20

// addressSpace is how many bytes a picture can take under a limit on the address
// space (ulimit -v).
func addressSpace() int64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &limit); err != nil || limit.Cur > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(limit.Cur) - programAddresses
}

// checkAddressSpace refuses a limit under which neither Go nor ONNX Runtime would
// get as far as an error of their own.
func checkAddressSpace() error {
	if left := addressSpace(); left < 0 {
		return &hintedError{
			fmt.Errorf("the address space is limited to %d MiB, at least %d MiB are needed", (left+programAddresses)>>20, programAddresses>>20),
			"raise the limit (ulimit -v unlimited); --max-memory limits what is really used",
		}
	}
	return nil
}
