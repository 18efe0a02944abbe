package folder

import (
	"fmt"
	"io"
	"os"

	"looproom/loop/unit"
)

// ReadFile reads a file of at most so many bytes that can't make the server wait: SIGHUP must never keep it from ending. So a pipe or a device is an error, as is a file that is
// longer. The error names the file.
func ReadFile(path string, most int64) ([]byte, error) {
	about, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !about.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s has more than %v", path, unit.Size(most))
	}
	return text, err
}
