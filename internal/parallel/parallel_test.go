package parallel

import (
	"fmt"
	"sync"
	"testing"
)

func TestLoopVisitsEveryIndexOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 7, 1000} {
		t.Run(fmt.Sprintf("n=%d", n), func(t *testing.T) {
			visits := make([]int, n)
			loop := New(n, func(low, high int) {
				for i := low; i < high; i++ {
					visits[i]++
				}
			})
			for range 3 {
				loop.Run()
			}
			for i, v := range visits {
				if v != 3 {
					t.Errorf("index %d visited %d times in 3 runs", i, v)
				}
			}
		})
	}
}

func TestLoopsOfSeveralGoroutines(t *testing.T) {
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			sum := make([]int, 100)
			loop := New(len(sum), func(low, high int) {
				for i := low; i < high; i++ {
					sum[i] += i
				}
			})
			for range 200 {
				loop.Run()
			}
			for i, s := range sum {
				if s != 200*i {
					t.Errorf("index %d: %d, want %d", i, s, 200*i)
				}
			}
		})
	}
	group.Wait()
}

func TestRunAllocatesNothing(t *testing.T) {
	loop := New(64, func(low, high int) {})
	loop.Run()
	if n := testing.AllocsPerRun(100, loop.Run); n != 0 {
		t.Errorf("%g allocations per run", n)
	}
}
