package main

import (
	"bytes"
	"testing"
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
	m := messages{terminal: &out, width: func() int { return width }}
	m.clear()
	m.status(0.5, "1/2")
	m.status(0.7, "7/10") // too soon
	width = 14
	m.drawn = m.drawn.Add(-redrawEvery)
	m.status(1, "2/2")
	m.clear()
	m.clear()
	const want = "\r\x1b[J 50 % [====   ] 1/2\r" + "\r\x1b[J100 % [==] \r" + "\r\x1b[J"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

// TestStatusWithoutATerminal: a line every ten seconds, none if the user asked for quiet.
func TestStatusWithoutATerminal(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		var out bytes.Buffer
		m := newMessages(&out, quiet)
		m.status(0.1, "1/10") // too soon
		m.printed = m.printed.Add(-lineEvery)
		m.status(0.2, "", "2/10", "loss 3")
		m.status(0.3, "3/10") // too soon
		if want := map[bool]string{false: "zellige: 2/10, loss 3\n"}[quiet]; out.String() != want {
			t.Errorf("quiet %v: %q, want %q", quiet, out.String(), want)
		}
	}
}
