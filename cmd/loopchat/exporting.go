package main

import (
	"errors"
	"fmt"
	"os"

	"looproom/cmd/loopchat/session"
)

// exportAll writes the person's own messages, and returns when all are written.
func (f *filter) exportAll() error {
	if f.export == "-" {
		session.ExportTo(f.link, os.Stdout)
	} else if err := session.Export(f.link, f.export, f.replace); err != nil {
		return err
	}
	select {
	case err := <-f.exported:
		return err
	case <-f.ended:
	}
	select {
	case err := <-f.exported:
		return err
	default:
		return errLost
	}
}

// hearFailed tells what has failed, or has an export end by that.
func (f *filter) hearFailed(e *session.Event) {
	if f.export == "" {
		fmt.Fprintln(os.Stderr, "loopchat: "+e.Text)
		return
	}
	f.exported <- errors.New(e.Text)
}
