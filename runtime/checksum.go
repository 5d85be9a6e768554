package runtime

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// checksumKey is the metadata entry with the SHA-256 of all the file but itself. A
// wrong weight would else be noticed by nothing: it only makes another picture.
const checksumKey = "zellige.sha256"

// check rejects a model that is not what the exporters wrote.
func (g *Graph) check() error {
	if err := g.checkSum(); err != nil {
		return err
	}
	return g.trust()
}

// checkSum rejects a model that is not the one that was exported.
func (g *Graph) checkSum() error {
	want, ok := g.metadata[checksumKey]
	if !ok {
		return fmt.Errorf("it does not keep zellige's contract: metadata %s is missing", checksumKey)
	}
	if got := checksum(g.data); got != want {
		return fmt.Errorf("it is damaged, or was changed after its export: its SHA-256 begins with %.8s, metadata %s says %.8q; take a fresh copy of it",
			got, checksumKey, want)
	}
	return nil
}

// checksum is the SHA-256, in hexadecimal digits, of a parsed model without the
// entry that tells it.
func checksum(model []byte) string {
	hash := sha256.New()
	_ = eachField(model, func(f field) error { // parsed before, cannot fail
		if key, _, _ := metadataEntry(f); key != checksumKey {
			hash.Write(f.raw)
		}
		return nil
	})
	return hex.EncodeToString(hash.Sum(nil))
}
