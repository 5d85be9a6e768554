package experiment

import (
	"slices"
	"strconv"
	"testing"
)

func TestShardsHaveEachRunOnce(t *testing.T) {
	runs := make([]Run, 11)
	for i := range runs {
		runs[i].Name = strconv.Itoa(i)
	}
	for count := 1; count < 14; count++ {
		var seen []string
		for number := 1; number <= count; number++ {
			s, err := NewShard(number, count)
			if err != nil {
				t.Fatal(err)
			}
			mine := s.of(runs)
			if want := len(runs) / count; len(mine) < want || len(mine) > want+1 {
				t.Errorf("shard %v has %d of %d runs", s, len(mine), len(runs))
			}
			for _, r := range mine {
				seen = append(seen, r.Name)
			}
		}
		slices.Sort(seen)
		if len(slices.Compact(seen)) != len(runs) || len(seen) != len(runs) {
			t.Errorf("%d shards have %v", count, seen)
		}
	}
	if got := (Shard{}).of(runs); len(got) != len(runs) {
		t.Errorf("no shard has %d runs", len(got))
	}
}

func TestParseShard(t *testing.T) {
	if s, err := ParseShard("3/8"); err != nil || s != (Shard{3, 8}) || s.String() != "3/8" {
		t.Errorf("%v, %v", s, err)
	}
	for _, text := range []string{"", "3", "0/4", "5/4", "1/0", "-1/4", "1/-2", "a/4", "1/2/3", "1.5/3"} {
		if s, err := ParseShard(text); err == nil {
			t.Errorf("%q is %v", text, s)
		}
	}
}

func TestContainsWholeNumbers(t *testing.T) {
	for _, tt := range []struct {
		name, part string
		want       bool
	}{
		{"sweep/seed=1", "seed=1", true}, {"sweep/seed=10", "seed=1", false}, {"sweep/seed=1.5", "seed=1", false},
		{"seed=1,tv=2", "seed=1", true}, {"seed=1,tv=2", "2", true}, {"seed=12", "2", false}, {"seed=0.2", "2", false},
		{"seed=10,seed=1", "seed=1", true}, {"a", "", true}, {"lion-waves", "wave", true}, {"a(b", "(", true},
	} {
		if got := partOfName(tt.part).MatchString(tt.name); got != tt.want {
			t.Errorf("%q in %q: %t", tt.part, tt.name, got)
		}
	}
}
