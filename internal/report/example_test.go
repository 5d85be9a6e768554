package report

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
)

// The page stands in the folder whose runs it shows.
func ExampleRead() {
	dir, err := os.MkdirTemp("", "report")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	folder, err := paintLab(dir, labFile)
	if err != nil {
		log.Fatal(err)
	}

	r, err := Read(nil, folder)
	if err != nil {
		log.Fatal(err)
	}
	page, err := os.Create(filepath.Join(folder, "report.html"))
	if err != nil {
		log.Fatal(err)
	}
	if err := r.WriteHTML(page, folder); err != nil {
		log.Fatal(err)
	}
	if err := page.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(r.Runs), "runs,", len(r.Sweeps()), "sweeps,", len(r.Warnings), "warnings")
	// Output: 9 runs, 3 sweeps, 0 warnings
}
