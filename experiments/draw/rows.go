package main

import (
	goruntime "runtime"
	"sync"
)

// eachRow calls do for 0..n-1, spread over the cores. A call may write only what belongs to its own row:
// then the picture does not depend on how many cores there are.
func eachRow(n int, do func(y int)) {
	workers := goruntime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() {
			for y := worker; y < n; y += workers {
				do(y)
			}
		})
	}
	wg.Wait()
}
