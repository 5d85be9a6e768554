//go:build cgo

package runtime

import (
	"bytes"
	"debug/macho"
	"debug/pe"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTruncatedLibrary cuts this test's own program, which is made as libraries are, and
// small files of other systems.
func TestTruncatedLibrary(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	for name, whole := range map[string][]byte{"own": own, "Mach-O": smallMachO(t), "PE": smallPE(t)} {
		path := filepath.Join(t.TempDir(), "library")
		for _, length := range []int{64, len(whole) / 4, len(whole) / 2, len(whole) * 9 / 10, len(whole) - 1, len(whole)} {
			if err := os.WriteFile(path, whole[:length], 0o666); err != nil {
				t.Fatal(err)
			}
			err := checkWhole(path)
			if length == len(whole) {
				if err != nil {
					t.Errorf("%s, whole: %v", name, err)
				}
				continue
			}
			var unusable *UnusableError
			if !errors.As(err, &unusable) || !strings.Contains(err.Error(), "truncated") || unusable.Hint() == "" {
				t.Errorf("%s, %d of %d bytes: %v", name, length, len(whole), err)
			}
		}
	}
}

// TestNoLibraryIsNotTruncated: what is none is told by loading it.
func TestNoLibraryIsNotTruncated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library")
	for _, text := range []string{"", "text", "a text of some length that is no library"} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := checkWhole(path); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// encode writes parts one after another, little-endian, and fills up to length.
func encode(t *testing.T, length int, parts ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, p := range parts {
		if err := binary.Write(&b, binary.LittleEndian, p); err != nil {
			t.Fatal(err)
		}
	}
	return append(b.Bytes(), make([]byte, length-b.Len())...)
}

// smallMachO has one segment without sections, at its end.
func smallMachO(t *testing.T) []byte {
	const header, command, data = 32, 72, 1000
	return encode(t, header+command+data,
		macho.FileHeader{Magic: macho.Magic64, Cpu: macho.CpuArm64, Type: macho.TypeDylib, Ncmd: 1, Cmdsz: command}, uint32(0),
		macho.Segment64{Cmd: macho.LoadCmdSegment64, Len: command, Offset: header + command, Filesz: data})
}

// smallPE has one section, at its end.
func smallPE(t *testing.T) []byte {
	const start, data = 0x60, 1000
	stub := make([]byte, start)
	copy(stub, "MZ")
	stub[0x3c] = start
	headers := start + 4 + binary.Size(pe.FileHeader{}) + binary.Size(pe.SectionHeader32{})
	return encode(t, headers+data, stub, []byte("PE\x00\x00"),
		pe.FileHeader{Machine: pe.IMAGE_FILE_MACHINE_AMD64, NumberOfSections: 1},
		pe.SectionHeader32{Name: [8]uint8{'.', 't'}, SizeOfRawData: data, PointerToRawData: uint32(headers)})
}
