package textfiles

import "errors"

var errStart = errors.New("there must be one number, of the last start")

// startLine is the last start as it stands in its file.
type startLine struct {
	Start int64 `json:"start"`
}

// readStart returns 0 if there is no file.
func readStart(dir string) (int64, error) {
	starts, err := readFile(dir, startFile, readStartLine)
	if err != nil || starts == nil {
		return 0, err
	}
	if len(starts) != 1 {
		return 0, refuse(dir, startFile, errStart)
	}
	return starts[0].Start, nil
}

func readStartLine(line []byte, _ *startLine) (startLine, error) {
	l, err := decode[startLine](line)
	if err == nil && l.Start < 1 {
		err = errStart
	}
	return l, err
}
