//go:build cgo && linux

package runtime

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

// musl keeps nothing back.
static void give_back(void) {
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
*/
import "C"

// giveBack returns to the system what ONNX Runtime has freed. The C library would
// keep it, and the next session, of another size, could not use it all.
func giveBack() { C.give_back() }
