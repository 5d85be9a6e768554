// Package once finds what is asked for again only once.
package once

import (
	"crypto/sha256"
	"encoding/gob"
	"sync"
)

// Answers are what was found, by what was asked. nil keeps nothing.
type Answers struct {
	mutex sync.Mutex
	known map[[sha256.Size]byte]any
}

// Ask returns the answer to a question, values that gob can encode. Only if it was not asked
// before, find finds it; errors are not kept. Who asks must not change the answer.
func Ask[T any](a *Answers, find func() (T, error), question ...any) (T, error) {
	if a == nil {
		return find()
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	key := keyOf(question)
	if known, ok := a.known[key]; ok {
		return known.(T), nil
	}
	found, err := find()
	if err != nil {
		return found, err
	}
	if a.known == nil {
		a.known = map[[sha256.Size]byte]any{}
	}
	a.known[key] = found
	return found, nil
}

func keyOf(question []any) (key [sha256.Size]byte) {
	h := sha256.New()
	e := gob.NewEncoder(h)
	for _, q := range question {
		if err := e.Encode(q); err != nil {
			panic(err)
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}
