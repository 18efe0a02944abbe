package registry

import (
	"errors"
	"fmt"
)

var startFile = kind{name: "start", without: "number this start by the clock alone: where that has gone back, ids of messages may come again"}

var errStart = errors.New("there must be one number, of the last start")

// NextStart returns the number of a start of the server: clock, or one more than that of the last start if clock isn't greater. It is kept before it is returned. With an error
// it is the number all the same, but the next start of a server may get it again.
func (r *Registry) NextStart(clock int64) (n int64, err error) {
	r.writing.Lock()
	defer r.writing.Unlock()
	n = max(clock, r.start+1)
	switch {
	case r.given:
		err = ErrClosed
	case r.folder != nil:
		err = r.writeStart(n)
	}
	r.start = n
	if err != nil {
		err = fmt.Errorf("number the start: %w", err)
	}
	return n, err
}

// startLine is the last start as it stands in its file.
type startLine struct {
	Start int64 `json:"start"`
}

func (r *Registry) writeStart(n int64) error {
	lines := newLines()
	lines.add(startLine{n})
	_, err := r.write(startFile, lines)
	return err
}

// readStart leaves the number 0 if there is no file.
func (r *Registry) readStart() error {
	starts, err := readFile(r.path(startFile), readStartLine)
	if err != nil || starts == nil {
		return err
	}
	if len(starts) != 1 {
		return refuse(r.path(startFile), errStart)
	}
	r.start = starts[0].Start
	return nil
}

func readStartLine(line []byte, _ *startLine) (startLine, error) {
	l, err := decode[startLine](line)
	if err == nil && l.Start < 1 {
		err = errStart
	}
	return l, err
}
