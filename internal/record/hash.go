package record

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"zellige/internal/file"
)

// Hash is the SHA-256 of data in hexadecimal digits, as recipes hold it.
func Hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// HashFile is the SHA-256 of a file in hexadecimal digits.
func HashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%q: %w", path, file.Reason(err))
	}
	defer f.Close() // only read from
	digest := sha256.New()
	if _, err := io.Copy(digest, f); err != nil {
		return "", fmt.Errorf("%q: %w", path, file.Reason(err))
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}
