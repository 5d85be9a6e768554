//go:build cgo && linux

package main

/*
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

// How much address space, in MiB, the program and its library reserve, nearly none of
// it as memory: measured 1.9 GiB for the smallest pictures. Below, Go ends with a
// traceback of its own, mostly before main.
enum { program_addresses = 1900 };

// The C library calls this before Go begins.
__attribute__((constructor(1000))) static void check_address_space(void) {
	struct rlimit limit;
	if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >> 20 >= program_addresses) {
		return;
	}
	dprintf(STDERR_FILENO, "zellige: error: the address space is limited to %llu MiB, at least %d MiB are needed\n"
		"zellige: hint: raise the limit (ulimit -v unlimited); --max-memory limits what is really used\n",
		(unsigned long long)(limit.rlim_cur >> 20), program_addresses);
	_exit(1);
}
*/
import "C"

import (
	"math"
	"syscall"
)

// addressSpace is how many bytes a picture can take under a limit on the address
// space (ulimit -v); at least 0, or the program would not have begun.
func addressSpace() int64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &limit); err != nil || limit.Cur > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(limit.Cur) - C.program_addresses<<20
}
