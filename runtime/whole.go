//go:build cgo

package runtime

import (
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"fmt"
	"io"
	"os"
)

// checkWhole refuses a library that is cut short: the system maps what there is of it
// and ends the process, with a signal, at the first touch of what is not. A file that is
// no library passes; loading tells.
func checkWhole(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return &UnusableError{path, fmt.Sprintf("cannot be read: %v", err)}
	}
	defer f.Close() // only read from
	info, err := f.Stat()
	if err != nil {
		return &UnusableError{path, fmt.Sprintf("cannot be read: %v", err)}
	}
	end, err := libraryEnd(f)
	switch {
	case err != nil:
		return &UnusableError{path, "the library is truncated or damaged; copy it again"}
	case info.Size() < end:
		return &UnusableError{path, fmt.Sprintf("the library is truncated: it has %d of at least %d bytes; copy it again", info.Size(), end)}
	}
	return nil
}

// libraryEnd is where the last part of a library ends that its headers name, in bytes;
// 0 for a file of no known kind. An error says that the headers are not whole.
func libraryEnd(f io.ReaderAt) (int64, error) {
	var magic [4]byte
	if n, _ := f.ReadAt(magic[:], 0); n < len(magic) {
		return 0, nil
	}
	switch string(magic[:]) {
	case elf.ELFMAG:
		return elfEnd(f)
	case "\xcf\xfa\xed\xfe":
		return machoEnd(f)
	}
	if string(magic[:2]) == "MZ" {
		return peEnd(f)
	}
	return 0, nil
}

// elfEnd: the table of sections, which is mostly last, is read by NewFile.
func elfEnd(f io.ReaderAt) (end int64, err error) {
	file, err := elf.NewFile(f)
	if err != nil {
		return 0, err
	}
	for _, p := range file.Progs {
		end = max(end, int64(p.Off+p.Filesz))
	}
	for _, s := range file.Sections {
		if s.Type != elf.SHT_NOBITS {
			end = max(end, int64(s.Offset+s.FileSize))
		}
	}
	return end, nil
}

func machoEnd(f io.ReaderAt) (end int64, err error) {
	file, err := macho.NewFile(f)
	if err != nil {
		return 0, err
	}
	for _, l := range file.Loads {
		if s, ok := l.(*macho.Segment); ok {
			end = max(end, int64(s.Offset+s.Filesz))
		}
	}
	return end, nil
}

func peEnd(f io.ReaderAt) (end int64, err error) {
	file, err := pe.NewFile(f)
	if err != nil {
		return 0, err
	}
	for _, s := range file.Sections {
		end = max(end, int64(s.Offset)+int64(s.Size))
	}
	return end, nil
}
