package textfiles

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// version is the one of the format that is read.
const version = "1"

var (
	errSeal  = errors.New("its first line isn't that of a looproom file")
	errSum   = errors.New("it is damaged or was edited: its checksum is another one")
	errEntry = errors.New("it isn't an entry as looproom writes it")
	errOrder = errors.New("it is there twice, or not in order")
)

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
func readFile[T any](dir string, of kind, read func(line []byte, last *T) (T, error)) (entries []T, err error) {
	file, err := os.ReadFile(filepath.Join(dir, of.name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	content, err := unseal(of.name, file)
	if err != nil {
		return nil, refuse(dir, of, err)
	}
	entries = []T{}
	var last *T
	for line := range bytes.Lines(content) {
		e, err := read(line, last)
		if err != nil {
			return nil, refuse(dir, of, fmt.Errorf("line %d: %w", len(entries)+2, err))
		}
		entries = append(entries, e)
		last = &e
	}
	return entries, nil
}

// refuse says what is wrong with a file and what to do.
func refuse(dir string, of kind, err error) error {
	return fmt.Errorf("%s: %w; restore it from a backup, or move it away to %s", filepath.Join(dir, of.name), err, of.without)
}

// decode reads a line that is as encode writes it. That leaves no place for unknown fields, the same field twice, or anything behind it.
func decode[T any](line []byte) (l T, err error) {
	if err := json.Unmarshal(line, &l); err != nil {
		return l, errEntry
	}
	if !bytes.Equal(encode(l), line) {
		return l, errEntry
	}
	return l, nil
}

// encode is the line of what has strings, numbers and bytes only, so that it can't fail.
func encode(l any) []byte {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(l); err != nil {
		panic(err)
	}
	return line.Bytes()
}
