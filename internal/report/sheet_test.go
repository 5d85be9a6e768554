package report

import (
	"image"
	"strings"
	"testing"
)

func TestContactSheetShowsPicturesAndLabels(t *testing.T) {
	r := readReport(t, labFolder(t, labFile))
	sheet, err := r.ContactSheet()
	if err != nil {
		t.Fatal(err)
	}
	// Transfers, and three sweeps, of one row each.
	if want := 2*sheetMargin + 4*(titleHeight+cellHeight+labelHeight+cellGap); sheet.Bounds().Dx() != sheetWidth || sheet.Bounds().Dy() != want {
		t.Fatalf("the sheet is %v, want %d x %d", sheet.Bounds(), sheetWidth, want)
	}
	for i, cells := range []int{6, 3, 3, 4} {
		top := sheetMargin + i*(titleHeight+cellHeight+labelHeight+cellGap)
		for k := range sheetColumns {
			x := sheetMargin + k*(cellWidth+cellGap)
			shown := inked(sheet, image.Rect(x+20, top+titleHeight+60, x+cellWidth-20, top+titleHeight+cellHeight-8))
			labelled := inked(sheet, image.Rect(x, top+titleHeight+cellHeight+4, x+cellWidth, top+titleHeight+cellHeight+labelHeight))
			if full := k < cells; (shown > 0.5) != full || (labelled > 0.005) != full {
				t.Errorf("row %d, column %d: %.0f %% of the picture and %.1f %% of the label are inked", i, k, 100*shown, 100*labelled)
			}
		}
	}
}

// inked is the share of pixels that are not paper.
func inked(img image.Image, r image.Rectangle) float64 {
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if img.At(x, y) != sheetPaper {
				n++
			}
		}
	}
	return float64(n) / float64(r.Dx()*r.Dy())
}

func TestLongLabelsAreCut(t *testing.T) {
	long := strings.Repeat("wörter ", 30)
	cut := labelFace.fit(long, 100)
	if !strings.HasSuffix(cut, "…") || !strings.HasPrefix(long, strings.TrimSuffix(cut, "…")) || len(cut) > 30 {
		t.Errorf("cut to %q", cut)
	}
	if got := labelFace.fit("short", 100); got != "short" {
		t.Errorf("cut to %q", got)
	}
}

func TestTooLargeASheetIsRefused(t *testing.T) {
	r := readReport(t, labFolder(t, labFile))
	run := r.find(t, "transfers/lion-waves")
	for len(r.Runs) < 2000 {
		r.Runs = append(r.Runs, run)
	}
	if _, err := r.ContactSheet(); err == nil || !strings.Contains(err.Error(), "take a folder inside") {
		t.Errorf("got %v", err)
	}
}
