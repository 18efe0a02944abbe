//go:build linux

package main

import (
	"os/exec"
	"testing"
)

func signalled(t *testing.T, pid, signal string) {
	t.Helper()
	if out, err := exec.Command("kill", "-s", signal, pid).CombinedOutput(); err != nil {
		t.Fatalf("kill -s %s %s: %v\n%s", signal, pid, err, out)
	}
}
