package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"zellige/internal/parameter"
	"zellige/runtime"
)

func TestReport(t *testing.T) {
	option := &parameter.Error{Name: "style-layers", Reason: "is 13, too much"}
	for _, c := range []struct {
		err  error
		code int
		want string
	}{
		{nil, 0, ""},
		{errors.New("no space"), 1, "zellige: error: no space\n"},
		{errors.Join(errors.New("one"), errors.New("two")), 1, "zellige: error: one; two\n"},
		{&usageError{"--style is missing", "give it"}, 2, "zellige: error: --style is missing\nzellige: hint: give it\n"},
		{fmt.Errorf("style picture: %w", option), 2,
			"zellige: error: --style-layers is 13, too much\nzellige: hint: zellige layers lists the layers and the smallest picture for each\n"},
		{fmt.Errorf("open: %w", &hintedError{errors.New("no"), "try"}), 1, "zellige: error: open: no\nzellige: hint: try\n"},
		{errors.New("Failed to allocate memory for requested buffer of size 7"), 1, "zellige: error: Failed to allocate memory for requested buffer of size 7\n" +
			"zellige: hint: take a smaller picture or less --max-memory, or raise the limit (ulimit -v unlimited)\n"},
		{&runtime.NotFoundError{Looked: []string{"here", "there"}}, 1,
			"zellige: error: no ONNX Runtime library found; looked in here, there\nzellige: hint: " + strings.Replace((&runtime.NotFoundError{}).Hint(), "Config.Library", "--onnxruntime", 1) + "\n"},
		{&interruptedError{"after 2 of 3 iterations"}, 130, "zellige: interrupted after 2 of 3 iterations\n"},
		{errors.Join(&interruptedError{"after 2 of 3 iterations"}, errors.New("no log")), 130,
			"zellige: interrupted after 2 of 3 iterations; no log\n"},
		{fmt.Errorf("evaluate: %w", context.Canceled), 130, "zellige: interrupted\n"},
	} {
		var out bytes.Buffer
		printError(&out, c.err)
		if code := exitCode(c.err); out.String() != c.want || code != c.code {
			t.Errorf("%v: exit code %d, prints %q\nwant %d, %q", c.err, code, out.String(), c.code, c.want)
		}
	}
}
