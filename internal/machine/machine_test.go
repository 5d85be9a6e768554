package machine

import (
	"math"
	"os"
	"path/filepath"
	goruntime "runtime"
	"testing"
)

// files makes a root folder with what a system tells of itself.
func files(t *testing.T, content map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, text := range content {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const (
	cgroup2   = "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"
	cgroup1   = "34 25 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n35 25 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"
	container = "34 25 0:29 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"
	meminfo   = "MemTotal: 8000000 kB\nMemFree: 1000 kB\nMemAvailable:    4000000 kB"
	unlimited = "9223372036854771712" // as version 1 writes none
)

func TestFreeMemory(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"no such files": {nil, math.MaxInt64},
		"no groups":     {map[string]string{"proc/meminfo": meminfo}, 4000000 << 10},
		"version 2": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/a/b",
			"sys/fs/cgroup/a/b/memory.max": "524288000", "sys/fs/cgroup/a/b/memory.high": "max", "sys/fs/cgroup/a/b/memory.current": "100000000",
			"sys/fs/cgroup/a/b/memory.stat": "anon 30000000\ninactive_file 50000000\nactive_file 6000000\nslab_reclaimable 4000000"}, 484288000},
		"version 2, high below max": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/a",
			"sys/fs/cgroup/a/memory.max": "524288000", "sys/fs/cgroup/a/memory.high": "300000000", "sys/fs/cgroup/a/memory.current": "100000000"}, 200000000},
		"version 2, the group above": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/a/b/c",
			"sys/fs/cgroup/a/b/c/memory.max": "max", "sys/fs/cgroup/a/b/c/memory.current": "1",
			"sys/fs/cgroup/a/memory.max": "300000000", "sys/fs/cgroup/a/memory.current": "290000000"}, 10000000},
		"version 2, above its limit": {map[string]string{"proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/a",
			"sys/fs/cgroup/a/memory.max": "1000", "sys/fs/cgroup/a/memory.current": "2000"}, 0},
		"version 2, a container's own root": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/",
			"sys/fs/cgroup/memory.max": "524288000", "sys/fs/cgroup/memory.current": "24288000"}, 500000000},
		"version 2, outside of what is mounted": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/../../x",
			"sys/fs/cgroup/memory.max": "524288000", "sys/fs/cgroup/memory.current": "24288000"}, 500000000},
		"the system has less": {map[string]string{"proc/meminfo": "MemAvailable: 1000 kB", "proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/",
			"sys/fs/cgroup/memory.max": "524288000", "sys/fs/cgroup/memory.current": "24288000"}, 1000 << 10},
		"version 1": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": cgroup1, "proc/self/cgroup": "9:name=systemd:/\n4:memory:/a\n1:cpu,cpuacct:/",
			"sys/fs/cgroup/memory/a/memory.limit_in_bytes": "524288000", "sys/fs/cgroup/memory/a/memory.usage_in_bytes": "100000000",
			"sys/fs/cgroup/memory/a/memory.stat": "cache 70000000\ntotal_inactive_file 50000000\ntotal_active_file 6000000"}, 480288000},
		"version 1, no limit": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": cgroup1, "proc/self/cgroup": "4:memory:/",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": unlimited, "sys/fs/cgroup/memory/memory.usage_in_bytes": "100000000"}, 4000000 << 10},
		"version 1, in a container": {map[string]string{"proc/meminfo": meminfo, "proc/self/mountinfo": container, "proc/self/cgroup": "4:memory:/docker/abc",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": "524288000", "sys/fs/cgroup/memory/memory.usage_in_bytes": "24288000"}, 500000000},
	} {
		if got := FreeMemory(files(t, test.files)); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}

func TestProcessors(t *testing.T) {
	defer goruntime.GOMAXPROCS(goruntime.GOMAXPROCS(8))
	for name, test := range map[string]struct {
		files map[string]string
		want  int
	}{
		"no such files":         {nil, 8},
		"version 2, no limit":   {map[string]string{"proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/a", "sys/fs/cgroup/a/cpu.max": "max 100000"}, 8},
		"version 2, one":        {map[string]string{"proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/a", "sys/fs/cgroup/a/cpu.max": "100000 100000"}, 1},
		"version 2, a half":     {map[string]string{"proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/a", "sys/fs/cgroup/a/cpu.max": "50000 100000"}, 1},
		"version 2, above":      {map[string]string{"proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/a/b", "sys/fs/cgroup/a/b/cpu.max": "max 100000", "sys/fs/cgroup/a/cpu.max": "250000 100000"}, 3},
		"version 2, more":       {map[string]string{"proc/self/mountinfo": cgroup2, "proc/self/cgroup": "0::/a", "sys/fs/cgroup/a/cpu.max": "6400000 100000"}, 8},
		"version 1, no limit":   {map[string]string{"proc/self/mountinfo": cgroup1, "proc/self/cgroup": "1:cpu,cpuacct:/a", "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "-1", "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000"}, 8},
		"version 1, one and ..": {map[string]string{"proc/self/mountinfo": cgroup1, "proc/self/cgroup": "1:cpu,cpuacct:/a", "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "150000", "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000"}, 2},
	} {
		if got := Processors(files(t, test.files)); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}
