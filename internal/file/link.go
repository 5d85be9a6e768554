package file

import (
	"errors"
	"os"
	"path/filepath"
)

// mostLinks is how many links may lead to each other; systems allow 40 or fewer.
const mostLinks = 40

// Target is where a file is written that path names: symbolic links are followed,
// also the last of them if it leads to a file that is not there yet. The folder need
// not exist.
func Target(path string) (string, error) {
	for range mostLinks {
		link, err := os.Readlink(path)
		if err != nil {
			return path, nil // no link, or nothing at all
		}
		if !filepath.IsAbs(link) {
			// Not joined, which would drop a/.. also where a is a link.
			folder, _ := filepath.Split(path)
			link = folder + link
		}
		path = link
	}
	return "", errors.New("symbolic links lead to each other in a circle")
}
