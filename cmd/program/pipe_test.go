//go:build linux

package program_test

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// TestReaderGone: who pipes the help, the man page or completions into something that reads no further, as head, sees no complaint.
func TestReaderGone(t *testing.T) {
	for _, program := range programs {
		for _, arguments := range [][]string{{"--help"}, {"man"}, {"completion", "bash"}, {"--version"}} {
			for _, trap := range []string{"", "trap '' PIPE; "} { // some programs that start others have SIGPIPE ignored
				t.Run(program+" "+arguments[0]+" "+trap, func(t *testing.T) {
					read, write, err := os.Pipe()
					if err != nil {
						t.Fatal(err)
					}
					read.Close()
					defer write.Close()
					command := exec.Command("sh", append([]string{"-c", trap + `exec "$0" "$@"`, program}, arguments...)...)
					var complaints bytes.Buffer
					command.Stdout, command.Stderr = write, &complaints
					_ = command.Run() // the status says by which of the two ways it ended
					if complaints.Len() > 0 || command.ProcessState == nil {
						t.Errorf("%v complains %q, want nothing", command, complaints.String())
					}
				})
			}
		}
	}
}
