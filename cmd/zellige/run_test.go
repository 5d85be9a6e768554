package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/urfave/cli/v2"
)

// TestInTime: what an interrupted action says counts, unless it takes too long.
func TestInTime(t *testing.T) {
	saved := &interruptedError{"after 1 of 2 runs"}
	for _, tt := range []struct {
		name   string
		action cli.ActionFunc
		saves  bool
	}{
		{"saves", func(c *cli.Context) error { <-c.Done(); return saved }, true},
		{"goes on", func(*cli.Context) error { select {} }, false},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(10*time.Millisecond, cancel)
		began := time.Now()
		err := inTime(tt.action)(&cli.Context{Context: ctx})
		if exitCode(err) != exitInterrupted || errors.Is(err, saved) != tt.saves {
			t.Errorf("an action that %s: %v", tt.name, err)
		}
		if took := time.Since(began); !tt.saves && took > patience+5*time.Second {
			t.Errorf("an action that %s: %v", tt.name, took)
		}
	}
}
