//go:build linux

package main_test

import (
	"bufio"
	"os/exec"
	"strings"
	"testing"
)

// TestTips: beside each door stands how one comes in by it. What would be refused is not recommended.
func TestTips(t *testing.T) {
	pair := newCertificate(t)
	rows := []struct{ door, want string }{
		{"line://127.0.0.1:0", "nc 127.0.0.1 PORT"},
		{"chunk://0.0.0.0:0", "nc localhost PORT"},
		{"http://127.0.0.1:0", "http://127.0.0.1:PORT/"},
		{"fixed://127.0.0.1:0?size=64", "(for programs that send blocks of 64 bytes)"},
		{"line://127.0.0.1:0?proxy=127.0.0.1", "(for proxies; people connect to those)"},
		{"http://127.0.0.1:0?proxy=127.0.0.1", "(for proxies; people connect to those)"},
		{pair.door("line"), "ncat --ssl 127.0.0.1 PORT"},
		{pair.door("line", "client-ca="+pair.cert), "ncat --ssl --ssl-cert FILE --ssl-key FILE 127.0.0.1 PORT"},
	}
	var arguments []string
	for _, row := range rows {
		arguments = append(arguments, "--listen", row.door)
	}
	command := exec.Command(binary, arguments...)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { endProgram(t, "looproom", command) })
	printed := bufio.NewScanner(out)
	for _, row := range rows {
		if !printed.Scan() {
			t.Fatalf("nothing is printed for %s (%v)", row.door, printed.Err())
		}
		url, tip, _ := strings.Cut(printed.Text(), " ")
		address, _, _ := strings.Cut(strings.TrimSuffix(url, "/"), "?")
		port := address[strings.LastIndexByte(address, ':')+1:]
		if want := strings.ReplaceAll(row.want, "PORT", port); strings.TrimSpace(tip) != want {
			t.Errorf("beside %s stands %q, want %q", url, strings.TrimSpace(tip), want)
		}
	}
}
