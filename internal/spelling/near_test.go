package spelling

import "testing"

func TestNear(t *testing.T) {
	commands := []string{"transfer", "invert", "synthesize", "run", "rerun", "report", "measure", "evaluate", "layers", "doctor", "help", "log", "Holiday.JPG"}
	for word, want := range map[string]string{
		"transfr": "transfer", "TRANSFER": "transfer", "tarnsfer": "transfer", "invrt": "invert", "rum": "run", "halp": "help", "holiday.jpg": "Holiday.JPG",
		"version": "", "paint": "", "convert-it": "", "xyz": "", "ran-it": "", "foo": "", "photo.jpg": "", "--": "",
	} {
		if got := Near(word, commands); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}
