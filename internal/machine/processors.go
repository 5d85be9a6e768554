package machine

import (
	goruntime "runtime"
	"strconv"
	"strings"
)

// Processors is how many threads at a time this process may run: as many as Go does,
// which are the processors that it may run on, but no more than a quota of processor
// time is worth, which Go takes as two at least.
func Processors(root string) int {
	n := goruntime.GOMAXPROCS(0)
	for _, g := range groups(root, "cpu") {
		if quota, period, ok := g.quota(); ok {
			n = min(n, max(1, int((quota+period-1)/period)))
		}
	}
	return n
}

// quota is the time of processors that a group may use in a period, in microseconds;
// not ok if it may use all.
func (g group) quota() (quota, period int64, ok bool) {
	if !g.unified {
		quota, okQuota := g.number("cpu.cfs_quota_us")
		period, okPeriod := g.number("cpu.cfs_period_us")
		return quota, period, okQuota && okPeriod && quota > 0 && period > 0
	}
	for _, line := range lines(g.root, g.folder+"/cpu.max") {
		text, of, _ := strings.Cut(line, " ")
		quota, errQuota := strconv.ParseInt(text, 10, 64)
		period, errPeriod := strconv.ParseInt(of, 10, 64)
		return quota, period, errQuota == nil && errPeriod == nil && quota > 0 && period > 0
	}
	return 0, 0, false
}
