package main

import (
	"bytes"
	"testing"
	"time"
)

// TestStatusLine: it never fills a line, and what matters most stays longest.
func TestStatusLine(t *testing.T) {
	parts := []string{"53.5 s left", "90/200", "scale 2/5", "loss 62350"}
	for width, want := range map[int]string{
		0:  "",
		3:  " 45",
		12: " 45 % [= ] ",
		27: " 45 % [==   ] 53.5 s left",
		39: " 45 % [===    ] 53.5 s left, 90/200",
		79: " 45 % [=======        ] 53.5 s left, 90/200, scale 2/5, loss 62350",
	} {
		if got := statusLine(width, 0.45, parts); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
	if got, want := statusLine(39, 1, []string{"", "90/90"}), "100 % [=======] 90/90"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestStatusIsCleared: from where the cursor stands, the beginning of the line, to the end
// of the screen, and only if there is something.
func TestStatusIsCleared(t *testing.T) {
	var out bytes.Buffer
	width := 40
	s := status{w: &out, width: func() int { return width }}
	s.clear()
	s.draw(0.5, "1/2")
	if s.isDue() {
		t.Error("it is due at once")
	}
	width = 14
	s.draw(1, "2/2")
	s.clear()
	s.clear()
	const want = "\r\x1b[J 50 % [====   ] 1/2\r" + "\r\x1b[J100 % [==] \r" + "\r\x1b[J"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	if s.drawn = time.Now().Add(-redrawEvery); !s.isDue() {
		t.Error("it is never due")
	}
}
