package main

import (
	"bufio"
	"bytes"
	"errors"
	"time"
)

// unread waits for the end of sayAll, and returns how many lines of the input it had read and not said. Where there is no end soon, it waits for
// its input and has none.
func unread(said <-chan error) int {
	select {
	case err := <-said:
		rest := (*restError)(nil)
		errors.As(err, &rest)
		return rest.count()
	case <-time.After(lastLines / 4):
		return 0
	}
}

// restError is the end of saying before the end of what has been read.
type restError struct{ lines int }

func (e *restError) Error() string { return errLost.Error() }

func (e *restError) count() int {
	if e == nil {
		return 0
	}
	return e.lines
}

// rest returns the error of ending with text, and what stands behind it in the buffer, not said.
func rest(text []byte, in *bufio.Reader) error {
	behind, _ := in.Peek(in.Buffered())
	n := bytes.Count(behind, []byte{'\n'})
	if len(behind) > 0 && behind[len(behind)-1] != '\n' {
		n++
	}
	if len(text) > 0 {
		n++
	}
	return &restError{n}
}
