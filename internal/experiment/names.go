package experiment

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A run's name is its folder inside the output folder, on any system.
const (
	maxNamePart = 120 // bytes between two slashes
	maxName     = 400 // bytes in all
)

// checkName says what keeps a name from being a folder on every system, "" if
// nothing does.
func checkName(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > maxName:
		return fmt.Sprintf("has %d bytes, the limit is %d; shorten it or sweep over a list of named changes", len(name), maxName)
	case !utf8.ValidString(name):
		return "is not UTF-8"
	case strings.HasPrefix(name, "/") || strings.Contains(name, `\`):
		return fmt.Sprintf("%q would leave the output folder or mean another folder on another system; use names such as ablations/tv", name)
	}
	for part := range strings.SplitSeq(name, "/") {
		if reason := checkNamePart(part); reason != "" {
			return fmt.Sprintf("%q %s", name, reason)
		}
	}
	return ""
}

func checkNamePart(part string) string {
	switch {
	case part == "..":
		return "would leave the output folder; leave .. out"
	case part == "" || part == ".":
		return "has an empty part; write a/b"
	case len(part) > maxNamePart:
		return fmt.Sprintf("has a part of %d bytes, the limit is %d; shorten it or sweep over a list of named changes", len(part), maxNamePart)
	case strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".") || strings.TrimSpace(part) != part:
		return "has a part that begins or ends with a dot or a space"
	case isReserved(part):
		return fmt.Sprintf("has the part %q, which means a device on Windows", part)
	}
	for _, r := range part {
		if unicode.IsControl(r) || strings.ContainsRune(`<>:"|?*`, r) {
			return fmt.Sprintf("contains %q, which file names on some systems cannot", r)
		}
	}
	return ""
}

// isReserved reports whether Windows keeps the name for a device.
func isReserved(part string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(part), ".")
	switch base {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(base) == 4 && (base[:3] == "COM" || base[:3] == "LPT") && base[3] >= '0' && base[3] <= '9'
}

// folderKey is equal for names that are one folder on some system: those that
// ignore case, or the way accents are encoded.
func folderKey(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// addNameProblems tells of names that are no folders, of two runs, or inside one
// another.
func (p *problems) addNameProblems(runs []Run) {
	owners := make(map[string]*Run, len(runs))
	for i := range runs {
		r := &runs[i]
		if reason := checkName(r.Name); reason != "" {
			p.add(r.Line, "name", "%s", reason)
			continue
		}
		key := folderKey(r.Name)
		if other, ok := owners[key]; ok {
			p.add(r.Line, "name", "%s", sameName(r, other))
			continue
		}
		owners[key] = r
	}
	free := "" // a parent that is no run's folder, nor are those above it; neighbours share it
	for i := range runs {
		r := &runs[i]
		if path.Dir(r.Name) == free {
			continue
		}
		free = path.Dir(r.Name)
		for parent := path.Dir(r.Name); parent != "." && parent != "/"; parent = path.Dir(parent) {
			if other, ok := owners[folderKey(parent)]; ok {
				p.add(r.Line, "name", "%q would be inside the folder of the run %q (line %d); rename one", r.Name, other.Name, other.Line)
				free = ""
			}
		}
	}
}

func sameName(r, other *Run) string {
	switch {
	case r.Name != other.Name:
		return fmt.Sprintf("%q and %q (line %d) are the same folder where case does not count; rename one", r.Name, other.Name, other.Line)
	case r.Line == other.Line:
		return fmt.Sprintf("%q is made twice by the same sweep; leave the repeated value out", r.Name)
	}
	return fmt.Sprintf("%q is the name of the run in line %d already; rename one", r.Name, other.Line)
}
