package experiment

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
	"os"
	"slices"

	"zellige"
	"zellige/internal/file"
	"zellige/internal/record"
)

// The files of a run that is not finished.
const (
	stateFile    = "state.bin"
	stateLogFile = "state.jsonl"
	stateFrames  = "frames.part"
)

// A state file is stateMagic, the length of a header, the header as JSON, numbers
// as float32, all little-endian, and the CRC-32C of all that: large states are written
// while a scheduler waits, and most processors compute it at the speed of memory.
const (
	stateMagic      = "zellige state 5\n"
	maxHeaderBytes  = 1 << 20
	stateChunk      = 1 << 14 // numbers encoded at a time
	bytesPerFloat   = 4
	stateOverhead   = len(stateMagic) + 4 + crc32.Size
	maxStateNumbers = 1 << 40
)

// saved is a run between two iterations. Without the numbers of the state it is the header
// of a state file.
type saved struct {
	Recipe   record.Recipe    `json:"recipe"`
	LogBytes int64            `json:"log_bytes"` // of the log up to here
	LogSum   string           `json:"log_sum"`   // their SHA-256
	Seconds  float64          `json:"seconds"`   // up to here
	First    *record.LossSums `json:"first"`     // losses of iteration 0
	Frames   int              `json:"frames"`    // every which picture is kept
	Resumed  int              `json:"resumed"`
	State    zellige.State    `json:"state"`
	Lengths  []int            `json:"lengths"`
}

// numbers are the large parts of a state.
func numbers(s *zellige.State) []*[]float32 {
	parts := []*[]float32{&s.Pixels, &s.Average, &s.Matched}
	for i := range s.Optimizer.Vectors {
		parts = append(parts, &s.Optimizer.Vectors[i])
	}
	return parts
}

// write writes a state file. It is complete or not there, and on the disk.
func (s *saved) write(path string) error {
	header := *s
	header.Lengths = nil
	header.State.Optimizer.Vectors = slices.Clone(s.State.Optimizer.Vectors)
	var parts [][]float32
	for _, n := range numbers(&header.State) {
		parts = append(parts, *n)
		header.Lengths = append(header.Lengths, len(*n))
		*n = nil
	}
	head, err := json.Marshal(header)
	if err != nil {
		return fmt.Errorf("write %q: %w", path, err)
	}
	return file.Replace(path, func(w io.Writer) error {
		b := bufio.NewWriterSize(w, stateChunk*bytesPerFloat)
		if err := writeState(b, head, parts); err != nil {
			return err
		}
		return b.Flush()
	})
}

func writeState(w io.Writer, head []byte, parts [][]float32) error {
	digest := newDigest()
	both := io.MultiWriter(w, digest)
	start := binary.LittleEndian.AppendUint32([]byte(stateMagic), uint32(len(head)))
	if _, err := both.Write(append(start, head...)); err != nil {
		return err
	}
	for _, part := range parts {
		if err := writeNumbers(both, part); err != nil {
			return err
		}
	}
	_, err := w.Write(digest.Sum(nil))
	return err
}

func writeNumbers(w io.Writer, numbers []float32) error {
	buffer := make([]byte, 0, stateChunk*bytesPerFloat)
	for part := range slices.Chunk(numbers, stateChunk) {
		buffer = buffer[:0]
		for _, x := range part { // binary.Append takes several times as long
			buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(x))
		}
		if _, err := w.Write(buffer); err != nil {
			return err
		}
	}
	return nil
}

func newDigest() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }

// readState reads a state file. Errors say what is wrong with it; os.ErrNotExist
// if there is none.
func readState(path string) (*saved, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, file.Reason(err)
	}
	defer f.Close() // only read from
	info, err := f.Stat()
	if err != nil {
		return nil, file.Reason(err)
	}
	return decodeState(bufio.NewReader(f), info.Size())
}

// decodeState reads a state file of size bytes.
func decodeState(file io.Reader, size int64) (*saved, error) {
	digest := newDigest()
	r := io.TeeReader(file, digest)
	s := &saved{}
	headBytes, err := s.readHeader(r)
	if err != nil {
		return nil, err
	}
	if err := s.checkLengths(size - int64(stateOverhead+headBytes)); err != nil {
		return nil, err
	}
	if err := s.readNumbers(r); err != nil {
		return nil, err
	}
	return s, checkDigest(r, digest)
}

// readStateHeader reads a state file's header without checking the rest.
func readStateHeader(path string) (*saved, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, file.Reason(err)
	}
	defer f.Close() // only read from
	s := &saved{}
	_, err = s.readHeader(bufio.NewReader(f))
	return s, err
}

func (s *saved) readHeader(r io.Reader) (int, error) {
	start := make([]byte, len(stateMagic)+4)
	if _, err := io.ReadFull(r, start); err != nil {
		return 0, cutShort(err)
	}
	if !bytes.HasPrefix(start, []byte(stateMagic)) {
		return 0, errors.New("it is no state file of this version of zellige")
	}
	n := binary.LittleEndian.Uint32(start[len(stateMagic):])
	if n > maxHeaderBytes {
		return 0, errors.New("it is damaged")
	}
	head := make([]byte, n)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, cutShort(err)
	}
	if err := json.Unmarshal(head, s); err != nil {
		return 0, errors.New("it is damaged")
	}
	return int(n), nil
}

// checkLengths compares what the header declares with the size of the file, before
// anything is allocated for it.
func (s *saved) checkLengths(size int64) error {
	var declared int64
	for _, n := range s.Lengths {
		if n < 0 || int64(n) > maxStateNumbers {
			return errors.New("it is damaged")
		}
		declared += bytesPerFloat * int64(n)
	}
	switch {
	case len(s.Lengths) != len(numbers(&s.State)):
		return errors.New("it is damaged")
	case size < declared:
		return errTruncated
	case size > declared:
		return errors.New("it is damaged: it is longer than it says")
	}
	return nil
}

func (s *saved) readNumbers(r io.Reader) error {
	buffer := make([]byte, stateChunk*bytesPerFloat)
	for i, part := range numbers(&s.State) {
		*part = make([]float32, s.Lengths[i])
		for some := range slices.Chunk(*part, stateChunk) {
			chunk := buffer[:len(some)*bytesPerFloat]
			if _, err := io.ReadFull(r, chunk); err != nil {
				return cutShort(err)
			}
			if _, err := binary.Decode(chunk, binary.LittleEndian, some); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkDigest(r io.Reader, digest hash.Hash) error {
	want := digest.Sum(nil)
	got := make([]byte, crc32.Size)
	if _, err := io.ReadFull(r, got); err != nil {
		return cutShort(err)
	}
	if !bytes.Equal(got, want) {
		return errors.New("it is damaged: its checksum is wrong")
	}
	return nil
}

var errTruncated = errors.New("it is truncated")

func cutShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errTruncated
	}
	return file.Reason(err)
}
