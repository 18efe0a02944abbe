package report

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"looproom/bench"
)

// JSON writes the result file. The package's doc describes it.
func JSON(w io.Writer, r *bench.Report) error {
	stamped := *r
	stamped.Schema = bench.SchemaVersion
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(&stamped)
}

// WriteJSON writes the result file to path.
func WriteJSON(path string, r *bench.Report) error { return writeFile(path, r, JSON) }

// WriteCSV writes the lines of CSV to path.
func WriteCSV(path string, r *bench.Report) error { return writeFile(path, r, CSV) }

// WriteHTML writes the page of HTML to path.
func WriteHTML(path string, r *bench.Report) error { return writeFile(path, r, HTML) }

func writeFile(path string, r *bench.Report, write func(io.Writer, *bench.Report) error) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	buffered := bufio.NewWriter(f)
	err = write(buffered, r)
	if err := errors.Join(err, buffered.Flush(), f.Close()); err != nil {
		return fmt.Errorf("write report %s: %w", path, err)
	}
	return nil
}

// ReadJSON reads a result file. It refuses one of another schema.
func ReadJSON(path string) (*bench.Report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read report: %w", err)
	}
	r, err := parseJSON(text)
	if err != nil {
		return nil, fmt.Errorf("read report %s: %w", path, err)
	}
	return r, nil
}

func parseJSON(text []byte) (*bench.Report, error) {
	var file struct {
		Schema *int `json:"schema"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	if file.Schema == nil {
		return nil, errors.New("it has no schema: it is not a result file of loopbench")
	}
	if *file.Schema != bench.SchemaVersion {
		return nil, fmt.Errorf("it has schema %d, this loopbench reads %d (use the loopbench that wrote it)", *file.Schema, bench.SchemaVersion)
	}
	var r bench.Report
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, err
	}
	return &r, nil
}
