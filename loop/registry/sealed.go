package registry

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// kind is one of the files.
type kind struct {
	name    string
	without string // what happens if it is moved away
}

// location is where a file is.
type location struct {
	kind
	path string
}

// version is the one of the format that is written and read.
const version = "1"

var (
	errSeal  = errors.New("its first line isn't that of a looproom file")
	errSum   = errors.New("it is damaged or was edited: its checksum is another one")
	errEntry = errors.New("it isn't an entry as looproom writes it")
	errOrder = errors.New("it is there twice, or not in order")
)

// lines are the content of a file while it is made.
type lines struct {
	content bytes.Buffer
	encoder *json.Encoder
}

func newLines() *lines {
	l := new(lines)
	l.encoder = json.NewEncoder(&l.content)
	l.encoder.SetEscapeHTML(false)
	return l
}

// add adds one line. What is added has strings, numbers and bytes only, so that it can't fail.
func (l *lines) add(line any) {
	if err := l.encoder.Encode(line); err != nil {
		panic(err)
	}
}

// seal is the first line of a file with that content.
func seal(name string, content []byte) string {
	sum := sha256.Sum256(content)
	return "looproom " + name + " " + version + " sha256=" + hex.EncodeToString(sum[:]) + "\n"
}

// unseal returns what follows the first line, if it is what was written.
func unseal(name string, file []byte) ([]byte, error) {
	first, content, found := bytes.Cut(file, []byte("\n"))
	words := strings.Split(string(first), " ")
	if !found || len(words) != 4 || words[0] != "looproom" || words[1] != name {
		return nil, errSeal
	}
	if words[2] != version {
		return nil, fmt.Errorf("another version of looproom wrote it: it has format %.10q, and this one reads %s", words[2], version)
	}
	if string(first)+"\n" != seal(name, content) {
		return nil, errSum
	}
	return content, nil
}

// readFile returns the entries of a file, nil if there is none. read gets each line and the entry before it.
func readFile[T any](at location, read func(line []byte, last *T) (T, error)) (entries []T, err error) {
	file, err := os.ReadFile(at.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	content, err := unseal(at.name, file)
	if err != nil {
		return nil, refuse(at, err)
	}
	entries = []T{}
	var last *T
	for line := range bytes.Lines(content) {
		e, err := read(line, last)
		if err != nil {
			return nil, refuse(at, fmt.Errorf("line %d: %w", len(entries)+2, err))
		}
		entries = append(entries, e)
		last = &e
	}
	return entries, nil
}

// refuse says what is wrong with a file and what to do.
func refuse(at location, err error) error {
	return fmt.Errorf("%s: %w; restore it from a backup, or move it away to %s", at.path, err, at.without)
}

// decode reads a line that is as lines.add writes it. That leaves no place for unknown fields, the same field twice, or anything behind it.
func decode[T any](line []byte) (l T, err error) {
	if err := json.Unmarshal(line, &l); err != nil {
		return l, errEntry
	}
	again := newLines()
	again.add(l)
	if !bytes.Equal(again.content.Bytes(), line) {
		return l, errEntry
	}
	return l, nil
}
