package experiment

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is one of Count parts of an experiment's runs: of every Count runs the
// Number-th, from 1. All runs are in exactly one shard, so tasks with different shards
// never meet in a folder. The zero value is all runs.
type Shard struct{ Number, Count int }

// ParseShard reads a shard such as 3/8, the third of eight.
func ParseShard(text string) (Shard, error) {
	number, count, ok := strings.Cut(text, "/")
	i, err := strconv.Atoi(number)
	n, err2 := strconv.Atoi(count)
	if !ok || err != nil || err2 != nil {
		return Shard{}, fmt.Errorf("is %q, must be two numbers such as 3/8, the third of eight", text)
	}
	return NewShard(i, n)
}

// NewShard refuses a number that is not in 1 to count.
func NewShard(number, count int) (Shard, error) {
	if count < 1 {
		return Shard{}, fmt.Errorf("is %d/%d, its second number must be at least 1", number, count)
	}
	if number < 1 || number > count {
		return Shard{}, fmt.Errorf("is %d/%d, its first number must be 1 to %d", number, count, count)
	}
	return Shard{number, count}, nil
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Number, s.Count) }

// of takes the shard's runs.
func (s Shard) of(runs []Run) []Run {
	if s.Count == 0 {
		return runs
	}
	var mine []Run
	for i := s.Number - 1; i < len(runs); i += s.Count {
		mine = append(mine, runs[i])
	}
	return mine
}
