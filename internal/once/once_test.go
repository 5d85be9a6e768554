package once

import (
	"errors"
	"testing"
)

func TestAsk(t *testing.T) {
	found := 0
	ask := func(a *Answers, question ...any) int {
		n, err := Ask(a, func() (int, error) { found++; return found, nil }, question...)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	var a Answers
	for i, test := range []struct {
		question []any
		want     int
	}{
		{[]any{false, []int{1, 2}}, 1}, {[]any{false, []int{1, 2}}, 1}, {[]any{true, []int{1, 2}}, 2}, {[]any{false, []int{1}, 2}, 3},
		{[]any{[]float32{0, 1}}, 4}, {[]any{[]float32{0, 1.5}}, 5}, {[]any{[]float32{0, 1}}, 4}, {[]any{false, []int{1, 2}}, 1},
	} {
		if got := ask(&a, test.question...); got != test.want {
			t.Errorf("question %d has answer %d, want %d", i, got, test.want)
		}
	}
	if ask(nil, 1) != 6 || ask(nil, 1) != 7 {
		t.Error("nil keeps an answer")
	}
	for range 2 {
		if _, err := Ask(&a, func() (int, error) { found++; return 0, errors.New("not now") }, "x"); err == nil {
			t.Error("an error is lost")
		}
	}
	if found != 9 {
		t.Errorf("%d were looked for", found)
	}
}
