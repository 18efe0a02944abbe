//go:build linux

package main

import (
	"os"

	"looproom/bench/report"
)

// reportCommand shows saved results.
type reportCommand struct {
	A      string `arg:"" type:"existingfile" help:"A result that was kept by --json."`
	B      string `arg:"" optional:"" type:"existingfile" help:"Another one: what changed from A to B beyond noise?"`
	output `embed:""`
}

// Run shows or compares. It is called by kong.
func (r *reportCommand) Run() error {
	a, err := report.ReadJSON(r.A)
	if err != nil {
		return err
	}
	if r.B == "" {
		return r.write(a)
	}
	b, err := report.ReadJSON(r.B)
	if err != nil {
		return err
	}
	return report.Compare(os.Stdout, a, b)
}
