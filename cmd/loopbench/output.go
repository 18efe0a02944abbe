//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"

	"looproom/bench"
	"looproom/bench/report"
)

// output is the flags that say where results go, besides the terminal.
type output struct {
	JSON string `group:"Output" name:"json" placeholder:"FILE" help:"Keep the result, for loopbench report."`
	CSV  string `group:"Output" name:"csv" placeholder:"FILE" help:"A line per measurement."`
	HTML string `group:"Output" name:"html" placeholder:"FILE" help:"A page with tables and plots."`
	SVG  string `group:"Output" name:"svg" placeholder:"FOLDER" help:"Each plot as a file."`
}

// write shows the report and keeps it where the flags say.
func (o *output) write(r *bench.Report) error {
	if len(r.Measurements) == 0 {
		return errors.Join(errors.New("nothing was measured"), missing(r))
	}
	fmt.Println()
	err := report.Table(os.Stdout, r)
	for _, to := range []struct {
		path  string
		write func(string, *bench.Report) error
	}{{o.JSON, report.WriteJSON}, {o.CSV, report.WriteCSV}, {o.HTML, report.WriteHTML}, {o.SVG, writeSVGs}} {
		if to.path == "" {
			continue
		}
		if writeErr := to.write(to.path, r); writeErr != nil {
			err = errors.Join(err, writeErr)
			continue
		}
		fmt.Fprintf(os.Stderr, "wrote %s\n", to.path)
	}
	return err
}

func writeSVGs(folder string, r *bench.Report) error {
	_, err := report.WriteSVGs(folder, r)
	return err
}

// missing is why nothing could be measured.
func missing(r *bench.Report) error {
	var errs []error
	for _, why := range r.Missing {
		errs = append(errs, errors.New(why))
	}
	return errors.Join(errs...)
}
