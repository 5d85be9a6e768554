package machine

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// System is the root of the file system, below which a system tells of itself.
const System = "/"

// group is a control group that this process is in, or one above it.
type group struct {
	root, folder string
	unified      bool // version 2
}

// groups are those of a controller, from the process's own up to the topmost that can
// be seen; of version 1, of version 2, or of both where a system mixes them.
func groups(root, controller string) []group {
	var list []group
	for _, line := range lines(root, "proc/self/cgroup") {
		parts := strings.SplitN(line, ":", 3) // number, controllers, path
		if len(parts) < 3 {
			continue
		}
		unified := parts[0] == "0" && parts[1] == ""
		if !unified && !slices.Contains(strings.Split(parts[1], ","), controller) {
			continue
		}
		top, within, ok := mountOf(root, controller, unified)
		if !ok {
			continue
		}
		for folder := path.Join(top, below(parts[2], within)); ; folder = path.Dir(folder) {
			list = append(list, group{root, folder, unified})
			if len(folder) <= len(top) {
				break
			}
		}
	}
	return list
}

// below is the path of a group under the one that is mounted; containers may see
// another path than there is.
func below(group, mounted string) string {
	rest, ok := strings.CutPrefix(group, strings.TrimSuffix(mounted, "/"))
	if !ok || strings.Contains(rest, "..") {
		return ""
	}
	return rest
}

// mountOf is where a controller's groups are, and the group that is mounted there.
func mountOf(root, controller string, unified bool) (folder, within string, ok bool) {
	for _, line := range lines(root, "proc/self/mountinfo") {
		before, after, _ := strings.Cut(line, " - ")
		place, kind := strings.Fields(before), strings.Fields(after)
		if len(place) < 5 || len(kind) < 3 {
			continue
		}
		isIt := kind[0] == "cgroup" && slices.Contains(strings.Split(kind[2], ","), controller)
		if unified {
			isIt = kind[0] == "cgroup2"
		}
		if isIt {
			return unescape(place[4]), unescape(place[3]), true
		}
	}
	return "", "", false
}

// unescape reads a path as the kernel writes it there.
var unescape = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace

// number is what a file of the group holds, not ok if that is no limit, as "max".
func (g group) number(file string) (n int64, ok bool) {
	text, err := os.ReadFile(filepath.Join(g.root, g.folder, file))
	if err != nil {
		return 0, false
	}
	n, err = strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}

// values are the lines of a file of the group that are a name and a number.
func (g group) values(file string) map[string]int64 {
	values := map[string]int64{}
	for _, line := range lines(g.root, path.Join(g.folder, file)) {
		name, text, _ := strings.Cut(line, " ")
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			values[name] = n
		}
	}
	return values
}

// lines are those of a file below root; none if it cannot be read.
func lines(root, file string) []string {
	data, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}
